/**
 * Everything a report shows comes from somewhere else: names, annotations, field values, messages of servers and of helm. None of it may steer a terminal, a CI log or a
 * Markdown page (kubectl CVE-2021-25743, Helm GHSA-c38g-469g-cmgx). Rules: no control character reaches the output, direction overrides are shown, not obeyed, and a line never
 * starts with a workflow command.
 */

/** Control (C0 without line feed, DEL, C1), format (direction, zero width, tags), line and paragraph separators, lone surrogates, and whatever else is not seen. */
const STEERING = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Breaks `::error …` (GitHub) at the start of a line and `##[…]`, `##vso[…]`, `##teamcity[…]` anywhere. */
function withoutWorkflowCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1: ').replace(/##(?=\w*\[)/g, '## ');
}

/** Names and most values: nothing in them steers anything. */
const HARMLESS = /^(?!\s*::)(?:(?!##)[ -~])*$/;

/** Text for one line of a terminal or log: control characters become visible escapes, line feeds "\n". */
export function oneLine(text: string): string {
  if (HARMLESS.test(text)) return text;
  return withoutWorkflowCommands(text.replace(/\r?\n/g, '\\n').replace(STEERING, escapeCharacter));
}

/** As `oneLine`, but line feeds stay (CR LF becomes LF, tabs become two spaces). */
export function manyLines(text: string): string {
  return withoutWorkflowCommands(text.replace(/\r\n/g, '\n').replace(/\t/g, '  ').replace(STEERING, escapeCharacter));
}

/** At most `limit` characters; what is longer ends in "…". Never cuts a surrogate pair in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** JSON text that is safe to look at: what JSON leaves raw but a terminal obeys is written as \uXXXX. Its value stays the same. */
export function printableJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? 'null').replace(STEERING, (character) => {
    let escaped = '';
    for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}

/**
 * Markdown running text, never at the start of a line: every character that means something there is written so that it stands for itself; nobody is mentioned, no issue
 * is linked, no address becomes a link.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>&|~$]/g, (character) => {
      const entity = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }[character];
      return entity ?? `\\${character}`;
    })
    .replace(/[@#]|:(?=\/)|www(?=\.)/gi, (found) => `${found}&#8203;`);
}

/** Lines of Markdown running text, in one item of a list or one cell. */
export function markdownLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => markdownText(line.trim()))
    .join('<br>');
}

/** Markdown code span. In a cell of a table pipes need their own escape. */
export function markdownCode(text: string, place: 'text' | 'cell' = 'text'): string {
  const inner = oneLine(text);
  const fence = '`'.repeat(longestRun(inner) + 1);
  const padding = /^`|`$|^ .* $|^$/.test(inner) ? ' ' : '';
  return `${fence}${padding}${place === 'cell' ? inner.replace(/\|/g, '\\|') : inner}${padding}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Fenced Markdown block that its content cannot leave. */
export function markdownFence(content: string, language = ''): string {
  const inner = manyLines(content);
  const fence = '`'.repeat(Math.max(3, longestRun(inner) + 1));
  return `${fence}${language}\n${inner}\n${fence}`;
}

/** Text inside an HTML element of a Markdown page, e.g. in <summary>. */
export function htmlText(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[@#]/g, (c) => `${c}&#8203;`);
}
