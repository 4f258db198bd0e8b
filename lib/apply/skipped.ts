/** Thrown by work that was not done and did not fail: its cluster stopped, or what it is for is not there yet. */
export class NotDone extends Error {
  /** Undefined: not worth telling, the reason is told elsewhere. */
  readonly reason: string | undefined;

  constructor(reason: string | undefined) {
    super(reason ?? 'not done');
    this.reason = reason;
  }
}

/** Thrown by waiting for an object that is suspended. */
export class Suspended extends Error {}
