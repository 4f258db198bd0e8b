const SECONDS = [31_536_000, 604_800, 86_400, 3_600, 60, 1, 0.001];

/** Seconds of a duration as Prometheus reads it (prometheus/common model/time.go): units in falling order, each once, "0" alone without one; undefined where it is none. */
export function prometheusSeconds(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(?=\d)(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null) return undefined;
  return match.slice(1).reduce((sum, number, at) => sum + Number(number ?? 0) * (SECONDS[at] ?? 0), 0);
}
