/** A counter over minutes: so much per minute for some while, then otherwise. */
export function counter(...phases: readonly (readonly [perMinute: number, minutes: number])[]): string {
  let at = 0;
  return phases
    .map(([perMinute, minutes]) => {
      const text = `${at}+${perMinute}x${minutes - 1}`;
      at += perMinute * minutes;
      return text;
    })
    .join(' ');
}

/** A gauge over minutes: a value for some while, then another. */
export function gauge(...phases: readonly (readonly [value: number, minutes: number])[]): string {
  return phases.map(([value, minutes]) => `${value}x${minutes - 1}`).join(' ');
}
