import type { MetricObject, MetricTarget, TriggerAuthentication } from '../scaling-props';

/** A metric as the program declared it. */
export interface MetricRule {
  readonly type: 'Pods' | 'External' | 'Object';
  readonly name: string;
  readonly target: MetricTarget;
  readonly labels?: { readonly [key: string]: string } | undefined;
  readonly describedObject?: MetricObject;
}

/** A trigger as KEDA reads it: everything is text. */
export interface TriggerRule {
  readonly type: string;
  readonly metadata: { readonly [key: string]: string };
  /** Replicas over all clusters that it asks for: divided, the share becomes `metadata.desiredReplicas`. */
  readonly replicas?: number;
  readonly authentication?: TriggerAuthentication | undefined;
}
