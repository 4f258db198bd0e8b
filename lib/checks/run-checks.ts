import { OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { scopesWith } from '../kubernetes/scope.ts';
import { isSelected } from '../plan/plan-options.ts';
import type { DesiredCluster, DesiredState } from '../render/desired-state.ts';
import type { CelEngine } from './cel/cel-engine.ts';
import type {
  Check,
  CheckedCluster,
  CheckedObject,
  CheckedPlatform,
  ClusterCheck,
  FoundIn,
  PlatformCheck,
} from './check.ts';
import { apiVersions } from './check-api-versions.ts';
import { celRules } from './check-cel-rules.ts';
import { clusterFacts } from './check-cluster-facts.ts';
import { dashboards } from './check-dashboards.ts';
import { dividedStatefulSets } from './check-divided-stateful-sets.ts';
import { dividedVolumeData } from './check-divided-volumes.ts';
import { globalAddresses } from './check-global-addresses.ts';
import { hosts } from './check-hosts.ts';
import { idleSelectors } from './check-idle-selectors.ts';
import { logAlerts } from './check-log-alert.ts';
import { meshMembers } from './check-mesh-members.ts';
import { monitors } from './check-monitors.ts';
import { podSecurity } from './check-pod-security.ts';
import { programProcesses } from './check-program-processes.ts';
import { promql } from './check-promql.ts';
import { headroom, replicaSums } from './check-replicas.ts';
import { schemas } from './check-schema.ts';
import { sensitiveApps } from './check-sensitive-apps.ts';
import { services } from './check-services.ts';
import { readiness, resources } from './check-workload-settings.ts';
import { autoscalers, budgets, images, plainSecrets, selectors } from './check-workloads.ts';
import { type KeptFindings, objectFindings } from './object-findings.ts';
import { enforcedLevels } from './pod-security/enforced-level.ts';
import { podsOf } from './pods.ts';
import type { PromqlReader } from './promql/promql-reader.ts';
import { KindCatalogue } from './schema/known-kinds.ts';
import { Workloads } from './workloads.ts';

/** Every check, in the order of their pages. */
export const CHECKS: readonly Check[] = [
  schemas,
  celRules,
  promql,
  dashboards,
  logAlerts,
  apiVersions,
  selectors,
  services,
  podSecurity,
  autoscalers,
  budgets,
  idleSelectors,
  monitors,
  images,
  resources,
  readiness,
  plainSecrets,
  clusterFacts,
  hosts,
  meshMembers,
  programProcesses,
  replicaSums,
  headroom,
  sensitiveApps,
  dividedStatefulSets,
  globalAddresses,
  dividedVolumeData,
];

/** A finding that somebody decided to live with, and why. */
export interface FindingWaiver {
  /** Id of the check. */
  readonly check: string;
  /** Objects, as `--adopt` takes them: "DaemonSet/monitoring/agent", with "*", "cluster:" in front, or "all". */
  readonly objects: string;
  readonly reason: string;
  /** "cdk8s.yaml:12" */
  readonly source: string;
}

/** One finding; of the same object in several clusters it is one. */
export interface Finding extends Omit<FoundIn, 'object' | 'cluster'> {
  readonly check: string;
  readonly id: CheckedObject['id'];
  readonly path: string;
  /** "main.ts:31", "crds.yaml:12" */
  readonly source?: string | undefined;
  readonly clusters: readonly string[];
}

export interface CheckResult {
  /** What was looked for. */
  readonly checks: readonly Pick<Check, 'id' | 'title'>[];
  readonly findings: readonly Finding[];
  readonly waived: readonly (Finding & { readonly reason: string })[];
  /** Waivers that concern nothing: what they were for is gone. */
  readonly unused: readonly FindingWaiver[];
  readonly clusters: number;
  readonly objects: number;
}

export interface CheckOptions {
  /** CustomResourceDefinitions that something else brings into the clusters. */
  readonly definitions?: readonly KubernetesObject[];
  /** Checks of the project, after ours. */
  readonly own?: readonly (ClusterCheck | PlatformCheck)[];
  /** What was found before in objects that may still be the same. */
  readonly kept?: KeptFindings | undefined;
  /** Needed where `hasRuledObjects`. Absent: the rules of definitions are passed over. */
  readonly celEngine?: CelEngine | undefined;
  /** Needed where `hasPrometheusRules` or `hasDashboards`. Absent: these are passed over. */
  readonly promqlReader?: PromqlReader | undefined;
}

/**
 * Runs every check over a desired state. Asks no cluster.
 * @throws OrreryError ORR1002 for a waiver of a check that does not exist
 */
export function runChecks(
  state: DesiredState,
  waivers: readonly FindingWaiver[],
  { definitions = [], own = [], kept, celEngine, promqlReader }: CheckOptions = {},
): CheckResult {
  const checks = [...CHECKS, ...own];
  for (const { check, source } of waivers) {
    if (!checks.some(({ id }) => id === check))
      throw new OrreryError('ORR1002', `there is no check "${check}" to waive`, {
        source,
        fix: `Checks are ${checks.map(({ id }) => id).join(', ')}.`,
      });
  }
  const findings = new Map<string, Finding>();
  const waived = new Map<string, Finding & { readonly reason: string }>();
  const used = new Set<FindingWaiver>();
  const catalogue = new KindCatalogue(definitions);
  const platform: CheckedPlatform = {
    clusters: state.clusters.map((desired) => checkedCluster(desired, catalogue, { celEngine, promqlReader })),
    apps: state.apps ?? [],
  };
  for (const { check, found } of foundBy(checks, platform, kept)) {
    const waiver = waivers.find(
      (one) =>
        one.check === check.id &&
        isSelected(one.objects === 'all' ? 'all' : [one.objects], found.cluster.name, found.object.id),
    );
    const finding = findingOf(check.id, found);
    if (waiver === undefined) merge(findings, finding);
    else {
      used.add(waiver);
      merge(waived, { ...finding, reason: waiver.reason });
    }
  }
  return {
    checks: checks.map(({ id, title }) => ({ id, title })),
    findings: [...findings.values()].sort(
      (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
    ),
    waived: [...waived.values()],
    unused: waivers.filter((waiver) => !used.has(waiver)),
    clusters: state.clusters.length,
    objects: state.clusters.reduce((sum, { objects }) => sum + objects.length, 0),
  };
}

/** Cluster by cluster what is found there, check by check; then what is found over all of them. */
function foundBy(
  checks: readonly Check[],
  platform: CheckedPlatform,
  kept: KeptFindings | undefined,
): { check: Check; found: FoundIn }[] {
  const ofObjects = checks.filter((check) => check.looksAt === 'object');
  return [
    ...platform.clusters.flatMap((cluster) => {
      const inObjects = objectFindings(cluster, ofObjects, kept);
      return checks.flatMap((check) => {
        const all = check.looksAt === 'cluster' ? check.run(cluster) : (inObjects.get(check.id) ?? []);
        return all.map((found) => ({ check, found: { ...found, cluster } }));
      });
    }),
    ...checks.flatMap((check) =>
      check.looksAt === 'platform' ? check.run(platform).map((found) => ({ check, found })) : [],
    ),
  ];
}

function findingOf(check: string, { object, cluster, ...found }: FoundIn): Finding {
  const { path, source } = object.desired;
  return { ...found, check, id: object.id, path, source, clusters: [cluster.name] };
}

function merge<T extends Finding>(into: Map<string, T>, finding: T): void {
  const { clusters, ...same } = finding;
  const key = JSON.stringify(same);
  const known = into.get(key);
  into.set(key, known === undefined ? finding : { ...known, clusters: [...known.clusters, ...clusters] });
}

/** With namespaces as the cluster will see them; of kinds that only the cluster knows, as they are written. */
function checkedCluster(
  { name, facts, objects, releases = [], loads = [] }: DesiredCluster,
  catalogue: KindCatalogue,
  engines: Pick<CheckedCluster, 'celEngine' | 'promqlReader'>,
): CheckedCluster {
  const manifests = objects.map(({ object }) => object);
  const scopeOf = scopesWith(manifests);
  const checked = objects.map((desired): CheckedObject => {
    const { id, defaultNamespace = 'default' } = desired;
    const completed = id.namespace === '' && scopeOf(id.group, id.kind) === 'Namespaced';
    return { id: completed ? { ...id, namespace: defaultNamespace } : id, desired, pods: podsOf(desired.object) };
  });
  return {
    name,
    facts,
    objects: checked,
    workloads: new Workloads(checked),
    enforcedLevels: enforcedLevels(objects, facts),
    kinds: catalogue.of(facts, manifests),
    openNamespaces: new Set(releases.map(({ id }) => id.namespace)),
    loads,
    ...engines,
  };
}
