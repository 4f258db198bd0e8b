import type { Cluster } from '../cluster';
import { type KarmadaDeliveryProps, KarmadaPurge, KarmadaScheduling } from '../karmada-delivery';
import {
  type DeliveredApp,
  type DeliveredGroup,
  type DeliveredObject,
  type HubEngine,
  memberName,
  type ReportDelivery,
} from './hub-delivery';
import {
  objectName,
  overridePolicy,
  type Propagation,
  policyName,
  propagationPolicy,
  type ResourceSelector,
} from './karmada-policies';
import { type Scheduled, scheduled } from './karmada-scheduling';
import { reportUndeliverable, type Template, templateOf } from './karmada-template';
import { namespaceObject } from './namespace-object';
import { boundsForSpread } from './spread';
import type { Entry } from './unit';

/** The namespace of its members is a part of the cluster's name (karmada-io/karmada: pkg/util/validation/validation.go). */
const LONGEST_CLUSTER_NAME = 48;
/** The hub brings namespaces to every member cluster by itself; this one goes where its policy says, or nowhere. */
const SKIP_NAMESPACE = { 'namespace.karmada.io/skip-auto-propagation': 'true' };
const DELETION_PROTECTED = { 'resourcetemplate.karmada.io/deletion-protected': 'Always' };

/** Delivery by Karmada: a template of each object, one policy per app that says where, and one per object that says what differs. */
export function karmadaEngine(props: KarmadaDeliveryProps): HubEngine {
  const engine: HubEngine = {
    hub: props.hub,
    title: 'Karmada',
    longestMemberName: LONGEST_CLUSTER_NAME,
    memberNames: props.memberNames ?? {},
    keepsGroups: true,
    seesCapacity: (props.scheduling ?? KarmadaScheduling.STATIC) !== KarmadaScheduling.STATIC,
    validate: (app, groups, report) => validate(props, app, groups, report),
    deliver: (app, groups, objects, report) =>
      deliver(props, (cluster) => memberName(engine, cluster), app, groups, objects, report),
  };
  return engine;
}

function validate(
  props: KarmadaDeliveryProps,
  _app: DeliveredApp,
  groups: readonly DeliveredGroup[],
  report: ReportDelivery,
): void {
  const { clusterFailover, applicationFailover, propagateDependencies, tolerations = [] } = props;
  const overflows = groups.some(({ isFurther }) => isFurther);
  if (clusterFailover === KarmadaPurge.NEVER)
    report(
      'ORR2012',
      'KarmadaPurge.NEVER is for unhealthy applications, not for clusters.',
      'Use GRACEFULLY or DIRECTLY.',
    );
  if (applicationFailover !== undefined) {
    const { tolerationSeconds = 300, purge = KarmadaPurge.GRACEFULLY, gracePeriodSeconds } = applicationFailover;
    if (propagateDependencies !== true) {
      const what =
        'applicationFailover is set without propagateDependencies: what moves would leave its ConfigMaps and Secrets behind.';
      report('ORR2012', what, 'Set propagateDependencies: true.');
    }
    if (gracePeriodSeconds !== undefined && purge !== KarmadaPurge.GRACEFULLY)
      report(
        'ORR2012',
        `gracePeriodSeconds is set with KarmadaPurge.${purge.toUpperCase()}.`,
        'It goes with GRACEFULLY only.',
      );
    reportSeconds('applicationFailover.tolerationSeconds', tolerationSeconds, 0, report);
    reportSeconds('applicationFailover.gracePeriodSeconds', gracePeriodSeconds ?? 1, 1, report);
  }
  for (const { tolerationSeconds = 0 } of tolerations)
    reportSeconds('tolerationSeconds of a toleration', tolerationSeconds, 0, report);
  const isStatic = (props.scheduling ?? KarmadaScheduling.STATIC) === KarmadaScheduling.STATIC;
  const own = groups.filter(({ isFurther }) => !isFurther);
  if (overflows && own.length > 1)
    report(
      'ORR2012',
      'overflow goes with one group of clusters, and the placement has several.',
      'Use one of the two.',
    );
  if (!isStatic) for (const group of groups) reportDynamic(group, report);
}

/** What only static weights keep. */
function reportDynamic({ placed }: DeliveredGroup, report: ReportDelivery): void {
  const { weights, bounds, spread } = placed;
  const fix = 'Leave it out of the placement, or use KarmadaScheduling.STATIC.';
  if (new Set(weights.values()).size > 1)
    report('ORR2012', 'The placement has weights, and Karmada divides by what clusters can take.', fix);
  const fromSpread = boundsForSpread({ ...placed, bounds: new Map() });
  const isBound = [...bounds].some(
    ([name, { min, max }]) => max !== Number.POSITIVE_INFINITY || min > (fromSpread.get(name)?.min ?? 0),
  );
  if (isBound) report('ORR2012', 'The placement has bounds, which Karmada does not know.', fix);
  for (const over of ['zones', 'providers'] as const) {
    if ((spread[over] ?? 1) <= 1) continue;
    report('ORR2012', `The placement is spread over ${over}, which Karmada's scheduler does not do.`, fix);
  }
}

function reportSeconds(what: string, value: number, least: number, report: ReportDelivery): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  report('ORR2011', `${what} is ${value}.`, `Use a whole number of seconds from ${least} on.`);
}

function deliver(
  props: KarmadaDeliveryProps,
  nameOf: (cluster: Cluster) => string,
  app: DeliveredApp,
  groups: readonly DeliveredGroup[],
  objects: readonly DeliveredObject[],
  report: ReportDelivery,
): Entry[] {
  const scheduling = props.scheduling ?? KarmadaScheduling.STATIC;
  reportUndeliverable(objects, report);
  if (scheduling !== KarmadaScheduling.STATIC) reportPinned(objects, app, report);
  const all = scheduled(objects, { app, groups, scheduling, nameOf }, report);
  const guard = props.deletionProtected === true ? DELETION_PROTECTED : {};
  const entries: Entry[] = [];
  const add = (path: string, object: object) =>
    entries.push({
      path: `${app.construct.node.path}/${path}`,
      owner: app.construct,
      content: { type: 'object', object },
    });

  const makesNamespace = objects.some(({ kind }) => kind === 'Namespace');
  if (!makesNamespace && (props.createHubNamespace ?? app.createNamespace !== false))
    add('HubNamespace', namespaceObject(app.namespace, { ...app.labels, ...SKIP_NAMESPACE, ...guard }));
  for (const one of all) {
    const hubLabels = { ...(one.object.kind === 'Namespace' ? SKIP_NAMESPACE : {}), ...guard };
    const template = templateOf(one.object, one.total, hubLabels);
    entries.push({ ...withoutOwned(template.entry), content: { type: 'object', object: template.object } });
    entries.push(overridesOf(one.object, template, app, nameOf));
  }
  for (const { path, object } of policiesOf(all, app, props)) add(path, object);
  return entries;
}

function withoutOwned({ controllerOwned: _owned, ...entry }: Entry): Entry {
  return entry;
}

/** What has its number of replicas in each cluster cannot be scheduled by what clusters can take. */
function reportPinned(objects: readonly DeliveredObject[], app: DeliveredApp, report: ReportDelivery): void {
  for (const { kind, name, entry } of objects) {
    if (kind !== 'HorizontalPodAutoscaler' && kind !== 'ScaledObject' && kind !== 'StatefulSet') continue;
    const what = `${kind}/${name} decides replicas in each cluster, and so does Karmada.`;
    report('ORR2012', what, 'Use KarmadaScheduling.STATIC, or give the service `replicas`.', { at: entry.owner });
  }
  for (const { kind, name, entry } of objects) {
    if (kind !== 'Deployment' || app.totalOf(entry.owner) !== undefined) continue;
    const what = `${kind}/${name} has no total of replicas that Karmada could divide.`;
    report('ORR2012', what, 'Give the service `replicas`, or use KarmadaScheduling.STATIC.', { at: entry.owner });
  }
}

function overridesOf(
  object: DeliveredObject,
  { entry, overriders }: Template,
  app: DeliveredApp,
  nameOf: (cluster: Cluster) => string,
): Entry {
  const { group, kind, name, namespace } = object;
  const own = objectName(group, kind, name);
  const metadata =
    namespace === undefined
      ? { name: policyName(app.name, own), labels: app.labels }
      : { name: own, namespace, labels: app.labels };
  const byName = new Map([...overriders].map(([cluster, list]) => [nameOf(cluster), list]));
  const policy = overridePolicy(metadata, selectorOf(object), byName);
  return { path: `${entry.path}/OverridePolicy`, owner: entry.owner, content: { type: 'object', object: policy } };
}

function selectorOf({ kind, name, namespace, inCluster }: DeliveredObject): ResourceSelector {
  const [first] = inCluster.values();
  return {
    apiVersion: String(first?.object.apiVersion),
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  };
}

/** The policy of the app, and those of objects that it does not fit. */
function policiesOf(
  all: readonly Scheduled[],
  app: DeliveredApp,
  props: KarmadaDeliveryProps,
): { readonly path: string; readonly object: object }[] {
  const policies = new Map<
    string,
    { readonly namespace?: string; readonly propagation: Propagation; readonly selectors: ResourceSelector[] }
  >();
  for (const { object, suffix, propagation } of all) {
    const { group, kind, name, namespace } = object;
    const parts =
      suffix === 'own' || namespace === undefined ? [objectName(group, kind, name)] : suffix === 'app' ? [] : [suffix];
    const policy = policyName(app.name, ...parts);
    const known = policies.get(policy);
    if (known !== undefined) known.selectors.push(selectorOf(object));
    else
      policies.set(policy, {
        ...(namespace === undefined ? {} : { namespace }),
        propagation,
        selectors: [selectorOf(object)],
      });
  }
  return [...policies].map(([name, { namespace, propagation, selectors }]) => ({
    path: `${namespace === undefined ? 'ClusterPropagationPolicy' : 'PropagationPolicy'}/${name}`,
    object: propagationPolicy(
      { name, ...(namespace === undefined ? {} : { namespace }), labels: app.labels },
      selectors,
      propagation,
      props,
    ),
  }));
}
