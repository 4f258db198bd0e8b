import type { AlertmanagerOptions } from './alert-routing-props';
import { routeByAlertmanager } from './private/alertmanager-part';
import type { StackContext } from './private/stack-context';

/** How the alerts of a stack reach people. */
export class Alerting {
  /** Alertmanager, one in each cluster or one for all. */
  public static alertmanager(options: AlertmanagerOptions): Alerting {
    return new Alerting((stack) => routeByAlertmanager(stack, options));
  }

  private constructor(private readonly join: (stack: StackContext) => void) {}

  /** @internal */
  public _join(stack: StackContext): void {
    this.join(stack);
  }
}
