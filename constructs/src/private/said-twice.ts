/** Names that are in a list more than once, each once, in the order in which they come again. */
export function saidTwice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
