import type { StackContext } from '../stack-context';

/** A way of collecting logs. */
export interface LogPart {
  /** Makes its constructs in the stack. */
  join(stack: StackContext): void;
}
