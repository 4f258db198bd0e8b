import type { DeclaredRule } from './private/declared-rules';

/** Something that is told when it holds. */
export interface AlertRuleProps {
  /** Name of the alert, e.g. "QueueTooLong". */
  readonly name: string;
  /** PromQL: an alert for each series that it has. */
  readonly expression: string;
  /** Label `severity`, by which it is routed: "page" and "ticket" are those of this package. */
  readonly severity: string;
  /** One sentence, with {{ $labels.… }} and {{ $value }} where they are. */
  readonly summary: string;
  /** What is the matter. @default - `summary` says it */
  readonly description?: string;
  /** Where it is written what to do. @default - nowhere */
  readonly runbookUrl?: string;
  /** How long it has to hold, e.g. "5m". @default - it is told at once */
  readonly pendingFor?: string;
  /** How long it is told on after it no longer holds. Needs Prometheus 2.42. @default - not at all */
  readonly keepFiringFor?: string;
  /** Beside `severity`. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Beside summary, description and runbook_url. @default - none */
  readonly annotations?: { readonly [name: string]: string };
}

/** A series that is computed once, under a name of its own. */
export interface RecordingRuleProps {
  /** Name of the series: level:metric:operations, e.g. "job:requests:rate5m". */
  readonly name: string;
  /** PromQL. */
  readonly expression: string;
  /** @default - those of the expression */
  readonly labels?: { readonly [name: string]: string };
}

/** A rule of Prometheus: it tells or records, never both. */
export class AlertRule {
  /** Tells when something holds. */
  public static alert(props: AlertRuleProps): AlertRule {
    return new AlertRule({ type: 'alert', props });
  }

  /** Computes a series. */
  public static recording(props: RecordingRuleProps): AlertRule {
    return new AlertRule({ type: 'recording', props });
  }

  private constructor(private readonly rule: DeclaredRule) {}

  /** @internal */
  public _rule(): DeclaredRule {
    return this.rule;
  }
}
