import { canonicalJson } from '../kubernetes/canonical.ts';
import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { readYaml } from '../yaml/read.ts';
import type { Danger } from './plan.ts';

/**
 * Changes after which GPUs of nodes are cut or announced anew. NVIDIA's MIG manager follows the label of a node and cuts its cards at once; it cannot while pods use them, so that the node
 * has to be drained before (NVIDIA/mig-parted deployments/container/README.md).
 */
const LAYOUT_LABEL = 'nvidia.com/mig.config';
const DRAIN = 'their cards are cut anew: drain them before, pods that use a GPU there do not survive it';

/**
 * What creating or changing an object does to the GPUs of nodes that run pods.
 * @param live absent where the object is new
 */
export function dangersOfRepartition(live: KubernetesObject | undefined, desired: KubernetesObject): Danger[] {
  return textsOf(live, desired).map((text) => ({ kind: 'gpu-repartition', text }));
}

function textsOf(live: KubernetesObject | undefined, desired: KubernetesObject): string[] {
  const [group = ''] = desired.apiVersion.includes('/') ? desired.apiVersion.split('/') : [''];
  switch (desired.kind) {
    case 'Node':
      return group === '' ? nodeTexts(live, desired) : [];
    case 'NodeFeatureRule':
      return ruleTexts(live, desired);
    case 'ConfigMap':
      return group === '' && live !== undefined ? layoutTexts(live, desired) : [];
    case 'ClusterPolicy':
      return group === 'nvidia.com' && live !== undefined ? policyTexts(live, desired) : [];
    default:
      return [];
  }
}

function nodeTexts(live: KubernetesObject | undefined, desired: KubernetesObject): string[] {
  const [before, after] = [live, desired].map((object) => object?.metadata.labels?.[LAYOUT_LABEL]);
  return after === undefined || before === after ? [] : [moved(`node ${desired.metadata.name}`, before, after)];
}

function moved(nodes: string, before: string | undefined, after: string | undefined): string {
  const change = after === undefined ? `loses its MIG layout ${before}` : `gets the MIG layout ${after}`;
  const instead = before !== undefined && after !== undefined ? ` instead of ${before}` : '';
  return `${nodes} ${change}${instead}; ${DRAIN}`;
}

/** Rules of node feature discovery: which nodes get which layout. */
function ruleTexts(live: KubernetesObject | undefined, desired: KubernetesObject): string[] {
  const [before, after] = [layoutsByRule(live), layoutsByRule(desired)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was?.layout === is?.layout) return [];
    return [moved(`what the rule "${is?.name ?? was?.name}" matches`, was?.layout, is?.layout)];
  });
}

/** By what the rules match. */
function layoutsByRule(object: KubernetesObject | undefined): Map<string, { name: string; layout: string }> {
  const rules = list(record(object?.spec).rules);
  return new Map(
    rules.flatMap(({ name, labels, matchFeatures, matchAny }) => {
      const layout = record(labels)[LAYOUT_LABEL];
      if (layout === undefined) return [];
      const key = canonicalJson({ matchFeatures, matchAny } as never);
      return [[key, { name: String(name), layout: String(layout) }] as const];
    }),
  );
}

/** Layouts in the configuration of the MIG manager that nodes may have: those that become others, or go. */
function layoutTexts(live: KubernetesObject, desired: KubernetesObject): string[] {
  const [before, after] = [layoutsIn(live), layoutsIn(desired)];
  const changed = [...before].filter(([name, text]) => after.get(name) !== text);
  const becomes = changed.flatMap(([name]) => (after.has(name) ? [name] : []));
  const goes = changed.flatMap(([name]) => (after.has(name) ? [] : [name]));
  return [
    ...(becomes.length === 0 ? [] : [`nodes with the MIG layout ${becomes.join(', ')}: ${DRAIN}`]),
    ...(goes.length === 0
      ? []
      : [`the MIG layout ${goes.join(', ')} goes: nodes with it must get another one by their label; ${DRAIN}`]),
  ];
}

function layoutsIn(object: KubernetesObject): Map<string, string> {
  const texts = Object.values(record(object.data)).filter((text): text is string => typeof text === 'string');
  return new Map(
    texts
      .filter((text) => text.includes('mig-configs'))
      .flatMap((text) => Object.entries(record(record(parsed(text))['mig-configs'])))
      .map(([name, entries]) => [name, canonicalJson(entries as never)]),
  );
}

/** What is no YAML is no configuration, either. */
function parsed(text: string): unknown {
  try {
    return readYaml(text, { source: 'configuration' })[0]?.value;
  } catch {
    return undefined;
  }
}

/** Settings of the operator after which nodes announce their cards by other names, or not at all. */
const POLICY: readonly (readonly [path: readonly string[], effect: string])[] = [
  [
    ['mig', 'strategy'],
    'nodes announce their partitions by other names, and pods that ask for the former ones stay pending',
  ],
  [['devicePlugin', 'enabled'], "NVIDIA's device plugin starts or stops announcing the cards of all nodes"],
  [['migManager', 'enabled'], 'the cards of nodes with a MIG layout are cut, or no longer kept so'],
  [['migManager', 'config', 'name'], `nodes take their MIG layout from elsewhere; ${DRAIN}`],
  [['migManager', 'config', 'default'], `nodes without a MIG layout of their own get another one; ${DRAIN}`],
];

function policyTexts(live: KubernetesObject, desired: KubernetesObject): string[] {
  return POLICY.flatMap(([path, effect]) => {
    const [before, after] = [live, desired].map((object) =>
      path.reduce<unknown>((value, key) => record(value)[key], object.spec),
    );
    if (after === undefined || before === undefined || before === after) return [];
    return [`${path.join('.')} is ${String(after)} instead of ${String(before)}: ${effect}`];
  });
}
