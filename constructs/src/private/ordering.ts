/**
 * A graph of things that need others first. Vertices are numbers, so that 100,000 of them cost little. Groups of things are expressed by
 * barrier vertices ("all of A", "before anything of B"), which keeps the number of edges linear where cdk8s multiplies both sides.
 */
export class NeedsGraph {
  private readonly needs: number[][] = [];

  public addVertex(): number {
    return this.needs.push([]) - 1;
  }

  /** `vertex` comes after `needed`. */
  public addNeed(vertex: number, needed: number): void {
    (this.needs[vertex] as number[]).push(needed);
  }

  /**
   * All vertices, each after what it needs; where needs leave a choice, in the order of their numbers. Linear, without recursion.
   * @returns the order, or the vertices of a circle (each needs the next, the last needs the first)
   */
  public order(): { readonly order: number[] } | { readonly circle: number[] } {
    const order: number[] = [];
    const circle = this.visit((vertex) => order.push(vertex));
    return circle === undefined ? { order } : { circle };
  }

  /** Like `order`, but a need that closes a circle is ignored. */
  public orderTolerant(): number[] {
    const order: number[] = [];
    this.visit((vertex) => order.push(vertex), true);
    return order;
  }

  private visit(done: (vertex: number) => void, tolerant = false): number[] | undefined {
    const NEW = 0;
    const OPEN = 1;
    const DONE = 2;
    const state = new Uint8Array(this.needs.length);
    const next = new Uint32Array(this.needs.length);
    for (let root = 0; root < this.needs.length; root++) {
      if (state[root] !== NEW) continue;
      const stack = [root];
      state[root] = OPEN;
      while (stack.length > 0) {
        const vertex = stack[stack.length - 1] as number;
        const needs = this.needs[vertex] as number[];
        const at = next[vertex] as number;
        if (at === needs.length) {
          state[vertex] = DONE;
          stack.pop();
          done(vertex);
          continue;
        }
        next[vertex] = at + 1;
        const needed = needs[at] as number;
        if (state[needed] === NEW) {
          state[needed] = OPEN;
          stack.push(needed);
        } else if (state[needed] === OPEN && !tolerant) {
          return stack.slice(stack.indexOf(needed));
        }
      }
    }
    return undefined;
  }
}
