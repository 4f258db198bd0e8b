/** What a shell and Groovy both take as the name of a variable. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that Groovy 2.4 keeps for itself: they cannot name a step, an option or an argument without quotes. */
const KEYWORDS = new Set(
  (
    'abstract as assert boolean break byte case catch char class const continue def default do double else enum extends false final finally ' +
    'float for goto if implements import in instanceof int interface long native new null package private protected public return short ' +
    'static strictfp super switch synchronized this threadsafe throw throws trait transient true try void volatile while'
  ).split(' '),
);

export function isVariableName(text: string): boolean {
  return VARIABLE.test(text);
}

/** Names of steps, options, conditions: an identifier that is no word of the language, and not a class that it would be taken for. */
export function isSymbol(text: string): boolean {
  return VARIABLE.test(text) && !KEYWORDS.has(text);
}
