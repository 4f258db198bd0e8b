const RANGES: readonly (readonly [least: number, most: number])[] = [
  [0, 59],
  [0, 23],
  [1, 28],
  [1, 12],
  [0, 6],
];
const NAMED: { readonly [name: string]: string } = {
  '@yearly': 'H H H H *',
  '@annually': 'H H H H *',
  '@monthly': 'H H H * *',
  '@weekly': 'H H * * H',
  '@daily': 'H H * * *',
  '@midnight': 'H H(0-2) * * *',
  '@hourly': 'H * * * *',
};
const FIELD = /^(\*|\d+|\d+-\d+)(\/\d+)?(,(\*|\d+|\d+-\d+)(\/\d+)?)*$/;
const HASHED = /^H(?:\((\d+)-(\d+)\))?(?:\/(\d+))?$/;

/**
 * A schedule of Jenkins in the words of a CronJob: "H" is a number that follows from the name, so that not everything starts at once. Undefined for what
 * CronJobs do not know.
 */
export function cronMinutes(schedule: string, name: string): string | undefined {
  const fields = (NAMED[schedule.trim()] ?? schedule.trim()).split(/[ \t]+/);
  if (fields.length !== RANGES.length) return undefined;
  const result = fields.map((field, at) => {
    const [least, most] = RANGES[at] as readonly [number, number];
    const hashed = HASHED.exec(field);
    if (hashed === null) return FIELD.test(field) ? field : undefined;
    const [from, to] = [Number(hashed[1] ?? least), Number(hashed[2] ?? most)];
    if (from > to || from < least || to > most) return undefined;
    const every = hashed[3] === undefined ? undefined : Number(hashed[3]);
    if (every === 0) return undefined;
    const start = from + (hashOf(`${name} ${at}`) % Math.min(every ?? to - from + 1, to - from + 1));
    return every === undefined ? String(start) : `${start}-${to}/${every}`;
  });
  return result.some((field) => field === undefined) ? undefined : result.join(' ');
}

/** FNV-1a of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash;
}
