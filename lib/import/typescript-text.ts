import type { Json, JsonObject } from '../kubernetes/object.ts';

/** Pieces of TypeScript source. Whatever comes from a schema is somebody else's text: none of it may end a comment or a literal. */

/** "spec" → "Spec", "x-y_z" → "XYZ", "3d" → "_3d"; '' where nothing is left. */
export function pascal(text: string): string {
  const name = text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** The name of a member, quoted where it is no identifier. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** A literal type; of a list or map, what is known of it. */
export function literal(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return 'unknown[]';
  return typeof value === 'object' && value !== null ? '{ [key: string]: unknown }' : String(value);
}

export function quoted(text: string): string {
  const json = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The comment of a member or interface: description, default and notes; nothing when there are none. Ends in a newline. */
export function docComment(schema: Json | undefined, indent: string, notes: readonly string[] = []): string {
  const { description, default: byDefault } = objectOf(schema) ?? {};
  const lines = typeof description === 'string' ? linesOf(description) : [];
  if (byDefault !== undefined) lines.push(`Default: ${oneLine(JSON.stringify(byDefault))}`);
  lines.push(...notes);
  const [first] = lines;
  if (first === undefined) return '';
  if (lines.length === 1) return `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

/** A text for one line of a comment. */
export function oneLine(text: string): string {
  return linesOf(text).join(' ');
}

/** Without what ends a comment, and without characters that show text as something else than it is. */
function linesOf(text: string): string[] {
  return text
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\r\n\u2028\u2029\u0085]/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trimEnd());
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
