/** A moment on two clocks. */
export interface Moment {
  /** Milliseconds of a clock that never goes back, and stands still while the machine sleeps. */
  readonly monotonic: number;
  /** Milliseconds since 1970; goes on during sleep, and may be set. */
  readonly wall: number;
}

/** Where moments come from; tests bring their own. */
export type Clock = () => Moment;

export const systemClock: Clock = () => ({ monotonic: performance.now(), wall: Date.now() });

/** Milliseconds between two moments. Of the two clocks the one that saw more time counts: a suspended process or machine is noticed. */
export function elapsed(from: Moment, to: Moment): number {
  return Math.max(to.monotonic - from.monotonic, to.wall - from.wall);
}
