/**
 * `app:` of cdk8s.yaml as words, when it is a plain command: then it is started without a shell, and "node" means the Node that runs this.
 * @returns undefined when it needs a shell (pipes, variables, globs, several commands).
 */
export function plainCommand(command: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of command) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else if (quote === '"' && '$`\\!'.includes(character)) return undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ('|&;<>()$`\\*?[]#~{}!\n\r'.includes(character) || (character === '=' && words.length === 0))
      return undefined;
    else word = (word ?? '') + character;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words.length === 0 ? undefined : words;
}
