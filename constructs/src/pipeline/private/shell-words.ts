/** Characters that no shell reads anything into. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A text as one word of a POSIX shell, whatever it contains. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command with arguments, each one word. */
export function shellCommand(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
