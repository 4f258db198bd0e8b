import type { JsonValue } from '@orrery/constructs/assembly-format';

/** Keys below which values are taken for secrets. */
const SECRET_KEY = /pass|secret|token|key|credential|auth|cert|private|salt|cookie|dsn|license/i;
const SHORTEST = 4;
const MASK = '***';

/** Texts of values that must not be repeated in messages: all scalars below a key that sounds secret, plain and in base64. */
export function secretTexts(values: readonly JsonValue[]): string[] {
  const found = new Set<string>();
  for (const value of values) collect(value, false, found);
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: JsonValue, secret: boolean, found: Set<string>): void {
  if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) collect(member, secret || SECRET_KEY.test(key), found);
    return;
  }
  if (!secret || value === null || typeof value === 'boolean') return;
  const text = String(value);
  for (const part of [text, ...text.split(/\s*\n\s*/)]) {
    if (part.length < SHORTEST) continue;
    found.add(part);
    found.add(Buffer.from(part).toString('base64').replace(/=+$/, ''));
  }
}

/** Replaces every occurrence of the texts, and control characters that could steer a terminal. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  let text = message;
  for (const secret of secrets) text = text.split(secret).join(MASK);
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
