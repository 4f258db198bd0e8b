import type { RuleGroup } from './slo-rules';

/** Its name, unless another one is said. */
export const DEAD_MANS_ALERT = 'Watchdog';

/** An alert that always fires. */
export function deadMansGroup(id: string, alert: string, labels: { readonly [name: string]: string }): RuleGroup {
  const annotations = {
    summary: 'Always firing: alerts get through.',
    description: 'When this alert no longer arrives, Prometheus, Alertmanager or the way from them is broken.',
  };
  const rule = { alert, expr: 'vector(1)', labels: { severity: 'none', ...labels }, annotations };
  return { name: `${id}-dead-mans-switch`, rules: [rule] };
}
