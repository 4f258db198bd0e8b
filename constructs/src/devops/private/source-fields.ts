/** A source as the CRD of Pipelines has it. */
export interface SourceFields {
  /** Member of `multi_branch_pipeline` that it stands in. */
  readonly member: string;
  readonly value: object;
  /** What is wrong with it, in clauses. */
  readonly mistakes: readonly string[];
}

/** An address as its field takes it: no blanks or control characters, and none of the options that Git would take for its own. */
export function addressMistakes(name: string, address: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  const isPlain = address !== '' && !/[\s\u0000-\u001f\u007f]/.test(address) && !address.startsWith('-');
  if (!isPlain) return [`its ${name} "${address}" is no address`];
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]+@/i.test(address))
    return [`its ${name} has a password in it: name a credential instead`];
  return [];
}
