/** The parts of commonmark that the tests use; the package has no types of its own. */
declare module 'commonmark' {
  export interface Node {
    readonly type: string;
    readonly literal: string | null;
  }
  export interface Walker {
    next(): { readonly entering: boolean; readonly node: Node } | null;
  }
  export class Parser {
    parse(text: string): { walker(): Walker };
  }
}
