/*
 * A look at Groovy that people wrote: does it end what it begins? Nothing more is asked, and nothing less: whatever stands between the braces of a `script` or
 * in the place of a value must not end the block or the call that it stands in. The lexer's rules: apache/groovy GROOVY_2_4_X src/main/org/codehaus/groovy/antlr/groovy.g.
 */

/** Thrown inside this file. */
class Offence {
  public constructor(public readonly what: string) {}
}

const CLOSING: { readonly [opening: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Behind these a slash begins a text, behind anything else it divides. */
const BEFORE_TEXT = new Set('(,=:[!&|?{};+-*%<>~^\n');

/** Behind these an expression is not at its end. */
const OPEN_END = /(?:[-+*/%&|^<>=?:.,!~]|\b(?:as|in|instanceof|new|return))$/;

/** Before these stands something that they act on. */
const OPEN_START =
  /^(?:[+*/%&|^<>=?:.,;)\]}]|-[^\w('"]|(?:as|in|instanceof|return|if|for|while|def|throw|assert|import|package)\b)/;

/** What is wrong with statements between braces; undefined: nothing is. */
export function codeOffence(source: string): string | undefined {
  return offenceOf(source, () => new Scanner(source).statements());
}

/** What is wrong with an expression in the place of a value. */
export function expressionOffence(source: string): string | undefined {
  return offenceOf(source, () => {
    const text = source.trim();
    if (text === '') throw new Offence('is empty');
    if (OPEN_START.test(text) || OPEN_END.test(text)) throw new Offence('is only a part of an expression');
    if (text.startsWith('${')) throw new Offence('has "$" and braces outside a text');
    new Scanner(text).expression();
  });
}

/** Its lines may be moved: no text goes over several of them, where blanks would count. */
export function hasMovableLines(source: string): boolean {
  const scanner = new Scanner(source);
  return offenceOf(source, () => scanner.statements()) === undefined && !scanner.hasTextOverLines;
}

/** It is one text and nothing else, in whatever quotes. */
export function isSingleText(source: string): boolean {
  if (!/^['"]/.test(source)) return false;
  const scanner = new Scanner(source);
  return offenceOf(source, () => scanner.text()) === undefined && scanner.isAtEnd();
}

function offenceOf(source: string, scan: () => void): string | undefined {
  // Groovy replaces these before it looks for quotes and braces.
  for (const [written, digits = ''] of source.matchAll(/\\u+([0-9a-fA-F]{4})/g)) {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    // Beyond ASCII nothing has a meaning in Groovy but to end the file.
    if (character < '\u0080' || character === '\uffff')
      return `has ${written}, which Groovy takes for the character itself`;
  }
  try {
    scan();
    return undefined;
  } catch (error) {
    if (error instanceof Offence) return error.what;
    throw error;
  }
}

class Scanner {
  private at = 0;
  /** The last character that is neither blank nor comment. */
  private last = '\n';
  public hasTextOverLines = false;

  public constructor(private readonly source: string) {}

  public isAtEnd(): boolean {
    return this.at === this.source.length;
  }

  public statements(): void {
    this.until('');
  }

  /** One value: nothing at its outer level separates it from another. */
  public expression(): void {
    let questions = 0;
    while (!this.isAtEnd()) {
      const character = this.peek();
      if (character === ',' || character === ';') throw new Offence(`is more than one expression: "${character}"`);
      if (character === '\n' && !OPEN_END.test(this.source.slice(0, this.at).trimEnd())) {
        throw new Offence('goes on behind the end of its line');
      }
      if (this.startsWith('//')) throw new Offence('has a comment');
      if (character === '?' && !this.startsWith('?.')) questions += 1;
      if (character === ':') questions -= 1;
      if (questions < 0) throw new Offence('has a name with a colon before it');
      this.token();
    }
  }

  /** Up to a closing character, which is passed. */
  private until(closing: string): void {
    while (!this.isAtEnd()) {
      const character = this.peek();
      if (character === closing) {
        this.pass(1);
        return;
      }
      this.token();
    }
    if (closing !== '') throw new Offence(`does not close what "${closing}" would`);
  }

  private token(): void {
    const character = this.peek();
    const closing = CLOSING[character];
    if (closing !== undefined) {
      this.pass(1);
      this.until(closing);
    } else if (character === ')' || character === ']' || character === '}') {
      throw new Offence(`closes "${character}", which it has not opened`);
    } else if (character === "'" || character === '"') this.text();
    else if (this.startsWith('//') && !this.beginsText()) this.skipTo('\n');
    else if (this.startsWith('/*')) this.comment();
    else if (this.startsWith('$/') && !/[\w$]/.test(this.source[this.at - 1] ?? '')) this.delimited('$/', '/$', '$');
    else if (character === '/' && this.beginsText()) this.delimited('/', '/', '\\');
    else if (/\s/.test(character) && character !== '\n') this.at += 1;
    else this.pass(1);
  }

  /** A slash here begins a text. Two of them are a comment, except where the first text would be empty, which Groovy does not have. */
  private beginsText(): boolean {
    return !this.startsWith('//') && BEFORE_TEXT.has(this.last);
  }

  public text(): void {
    const quote = this.peek();
    const long = quote.repeat(3);
    const end = this.startsWith(long) ? long : quote;
    this.delimited(end, end, '\\', quote === "'" ? 'plain' : 'strict', end.length === 1);
  }

  private comment(): void {
    const end = this.source.indexOf('*/', this.at + 2);
    if (end < 0) throw new Offence('has a comment without end');
    this.at = end + 2;
  }

  /** A text between delimiters. "$" has a meaning in it unless it is plain; strictly it must have one. */
  private delimited(
    start: string,
    end: string,
    escaping: string,
    dollars: 'plain' | 'strict' | 'loose' = 'loose',
    isOneLine = false,
  ): void {
    this.at += start.length;
    while (!this.isAtEnd()) {
      const character = this.peek();
      if (character === '\n') this.hasTextOverLines = true;
      if (this.startsWith(end)) {
        this.at += end.length;
        this.last = '"';
        return;
      }
      if (character === escaping) {
        if (this.source[this.at + 1] === '\n') this.hasTextOverLines = true;
        this.at += 2;
      } else if (isOneLine && (character === '\n' || character === '\r')) break;
      else if (character === '$' && dollars !== 'plain') this.dollar(dollars === 'strict');
      else this.at += 1;
    }
    throw new Offence('has a text without end');
  }

  private dollar(isStrict: boolean): void {
    this.at += 1;
    if (this.peek() === '{') {
      this.at += 1;
      this.last = '{';
      this.until('}');
    } else if (isStrict && !/[A-Za-z_]/.test(this.peek())) {
      throw new Offence('has "$" in double quotes with nothing behind it');
    }
  }

  private skipTo(end: string): void {
    const found = this.source.indexOf(end, this.at);
    this.at = found < 0 ? this.source.length : found;
  }

  private pass(count: number): void {
    this.last = this.peek();
    this.at += count;
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }

  private startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }
}
