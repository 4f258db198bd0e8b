import type { Cluster } from '../../cluster';
import { divideUnits } from '../../private/quota-division';
import type { GpuTenant } from '../gpu-pool-props';
import { GpuMode, GpuSharing } from '../gpu-sharing-props';
import type { SharingFinding } from './gpu-sharing-rules';
import { hamiResources } from './gpu-vendors';
import { resourceNameOf } from './mig-models';
import { capacityOf, isMig, poolNodes } from './pool-nodes';
import { kindsOf, vendorOfKind } from './pool-plan';
import type { GpuPoolView } from './pool-view';

/** What a quota of a namespace has for a tenant in a cluster. */
export interface TenantQuota {
  readonly tenant: GpuTenant;
  readonly namespace: string;
  /** Key of a ResourceQuota to number. */
  readonly hard: { readonly [key: string]: string };
}

/** Quotas of the tenants of a pool in a cluster: what each may have in all clusters, divided by what the pool has in each, and then over the namespaces of the tenant. */
export function tenantQuotas(view: GpuPoolView, cluster: Cluster): TenantQuota[] {
  return (view.props.tenants ?? []).flatMap((tenant) => {
    const clusters = clustersOf(view, tenant);
    if (!clusters.includes(cluster)) return [];
    const namespaces = namespacesOf(tenant);
    const hard = new Map<string, { [key: string]: string }>(namespaces.map((name) => [name, {}]));
    for (const [resource, amount] of limitsOf(view, tenant)) {
      const weights = new Map(clusters.map((one) => [one.clusterName, weightOf(view, resource, one)]));
      const here = divideUnits(amount, weights, undefined).get(cluster.clusterName) ?? 0;
      const shares = new Map(namespaces.map((name) => [name, 1]));
      for (const [name, part] of divideUnits(here, shares, undefined)) {
        const quota = hard.get(name);
        if (quota !== undefined) quota[quotaKey(resource)] = `${part}`;
      }
    }
    return [...hard].flatMap(([namespace, keys]) =>
      Object.keys(keys).length === 0 ? [] : [{ tenant, namespace, hard: keys }],
    );
  });
}

/** Of an extended resource a ResourceQuota has requests alone; devices of a class have a key of their own (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
function quotaKey(resource: string): string {
  return resource.endsWith(DEVICES) ? resource : `requests.${resource}`;
}

const DEVICES = '.deviceclass.resource.k8s.io/devices';

/** The clusters of the pool that the tenant is in, in order of declaration. */
function clustersOf(view: GpuPoolView, { workspace }: GpuTenant): Cluster[] {
  const own = workspace?._clusters();
  return view.clusters().filter((cluster) => own === undefined || own.includes(cluster));
}

function namespacesOf({ workspace, namespaceName }: GpuTenant): string[] {
  return workspace?.namespaces ?? (namespaceName === undefined ? [] : [namespaceName]);
}

/** What the pool has of a resource in a cluster; of devices that are claimed, the cards. */
function weightOf(view: GpuPoolView, resource: string, cluster: Cluster): number {
  const { resources, cards } = capacityOf(poolNodes(view.inCluster(cluster)));
  // Of shares whose memory nobody says, as of devices that are claimed, the cards weigh.
  return resource.endsWith(DEVICES) || isUncounted(view, resource, resources) ? cards : (resources[resource] ?? 0);
}

function isUncounted(view: GpuPoolView, resource: string, counted: { readonly [resource: string]: number }): boolean {
  const mode = view.mode();
  return (mode === GpuMode.HAMI || mode === GpuMode.VOLCANO_VGPU) && !(resource in counted);
}

/** Resource to number, over all clusters. */
function limitsOf(view: GpuPoolView, tenant: GpuTenant): [resource: string, amount: number][] {
  const mode = view.mode();
  const [kind] = view.clusters().flatMap((cluster) => kindsOf(view.props, cluster));
  if (kind === undefined) return [];
  const limits: [string, number | undefined][] = [];
  const names = mode === GpuMode.HAMI ? hamiResources(vendorOfKind(kind), kind.product) : undefined;
  const memory = tenant.memoryMebibytes;
  switch (mode) {
    case GpuMode.HAMI:
      limits.push([names?.count ?? '', tenant.gpus]);
      if (names?.memory !== undefined)
        limits.push([names.memory, memory === undefined ? undefined : Math.floor(memory / (names.memoryUnit ?? 1))]);
      if (names?.cores !== undefined) limits.push([names.cores, tenant.corePercentage]);
      break;
    case GpuMode.VOLCANO_VGPU:
      limits.push(['volcano.sh/vgpu-number', tenant.gpus], ['volcano.sh/vgpu-memory', memory]);
      limits.push(['volcano.sh/vgpu-cores', tenant.corePercentage]);
      break;
    case GpuMode.DRA: {
      const deviceClass = view.props.sharing === GpuSharing.PARTITIONED ? 'mig.nvidia.com' : 'gpu.nvidia.com';
      limits.push([`${deviceClass}${DEVICES}`, tenant.gpus]);
      break;
    }
    case GpuMode.MIG_MIXED:
      break;
    default:
      limits.push([view.resourceNames()[0] ?? '', tenant.gpus]);
  }
  const partitions = mode === GpuMode.MIG_MIXED ? Object.entries(tenant.partitions ?? {}) : [];
  return [
    ...limits.filter((limit): limit is [string, number] => limit[0] !== '' && limit[1] !== undefined),
    ...partitions.map(([profile, count]): [string, number] => [resourceNameOf(profile), count]),
  ];
}

/** What is wrong with the tenants of a pool, in all clusters together. */
export function tenantFindings(view: GpuPoolView, others: readonly GpuPoolView[]): SharingFinding[] {
  const tenants = view.props.tenants ?? [];
  return tenants.flatMap((tenant) => [
    ...whoFindings(view, tenant, tenants),
    ...limitFindings(view, tenant),
    ...otherQuotaFindings(view, tenant, others),
  ]);
}

function nameOf({ workspace, namespaceName = '' }: GpuTenant): string {
  return workspace?.node.id ?? namespaceName;
}

function whoFindings(view: GpuPoolView, tenant: GpuTenant, all: readonly GpuTenant[]): SharingFinding[] {
  if ((tenant.workspace === undefined) === (tenant.namespaceName === undefined)) {
    const what = `A tenant has ${tenant.workspace === undefined ? 'neither' : 'both'} \`workspace\` and \`namespaceName\`.`;
    return [{ code: 'ORR2012', what, fix: 'Say one of the two.' }];
  }
  const findings: SharingFinding[] = [];
  if (all.find((one) => nameOf(one) === nameOf(tenant)) !== tenant) {
    findings.push({ code: 'ORR2004', what: `Two tenants are "${nameOf(tenant)}".`, fix: 'Say it once.' });
  }
  if (clustersOf(view, tenant).length === 0) {
    const what = `The tenant "${nameOf(tenant)}" is in no cluster of the pool.`;
    findings.push({ code: 'ORR2012', what, fix: 'Place its workspace there, or leave it out.' });
  }
  return findings;
}

function limitFindings(view: GpuPoolView, tenant: GpuTenant): SharingFinding[] {
  const mode = view.mode();
  const { gpus, partitions, memoryMebibytes, corePercentage } = tenant;
  const name = nameOf(tenant);
  const findings: SharingFinding[] = [];
  const numbers = { gpus, memoryMebibytes, corePercentage, ...partitions };
  for (const [what, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    findings.push({
      code: 'ORR2011',
      what: `Tenant "${name}" has ${what}: ${value}.`,
      fix: 'Use a whole number, 0 or more.',
    });
  }
  const hasShares = mode === GpuMode.HAMI || mode === GpuMode.VOLCANO_VGPU;
  if (!hasShares && (memoryMebibytes !== undefined || corePercentage !== undefined)) {
    const what = `Tenant "${name}" has a limit of memory or compute, which ${mode} does not count.`;
    findings.push({ code: 'ORR2012', what, fix: isMig(mode) ? 'Say `partitions` or `gpus`.' : 'Say `gpus`.' });
  }
  if (partitions !== undefined && mode !== GpuMode.MIG_MIXED) {
    const what = `Tenant "${name}" has \`partitions\`, which are no resources of their own with ${mode}.`;
    findings.push({ code: 'ORR2012', what, fix: 'Say `gpus`.' });
  }
  if (gpus !== undefined && mode === GpuMode.MIG_MIXED) {
    const what = `Tenant "${name}" has \`gpus\`, and with ${mode} each profile is a resource of its own.`;
    findings.push({ code: 'ORR2012', what, fix: 'Say `partitions`, e.g. { "3g.40gb": 2 }.' });
  }
  if (findings.length > 0) return findings;
  for (const [resource, amount] of limitsOf(view, tenant)) {
    const clusters = clustersOf(view, tenant);
    const capacity = clusters.reduce((sum, cluster) => sum + weightOf(view, resource, cluster), 0);
    const counted = clusters.map((cluster) => capacityOf(poolNodes(view.inCluster(cluster))).resources);
    if (amount <= capacity || counted.some((resources) => isUncounted(view, resource, resources))) continue;
    const what = `Tenant "${name}" may have ${amount} of ${resource}, and the pool has ${capacity} in its clusters.`;
    findings.push({ code: 'ORR2012', what, fix: `Use ${capacity} or less.` });
  }
  return findings;
}

/** A ResourceQuota counts a resource whatever nodes its pods run on, and the smallest of several holds. */
function otherQuotaFindings(view: GpuPoolView, tenant: GpuTenant, others: readonly GpuPoolView[]): SharingFinding[] {
  const resources = limitsOf(view, tenant).map(([resource]) => resource);
  const clusters = clustersOf(view, tenant);
  const twice = others.flatMap((other) => {
    const its = (other.props.tenants ?? []).find((one) => nameOf(one) === nameOf(tenant));
    if (its === undefined || !clustersOf(other, its).some((cluster) => clusters.includes(cluster))) return [];
    const both = limitsOf(other, its).filter(([resource]) => resources.includes(resource));
    return both.map(([resource]) => {
      const what = `Tenant "${nameOf(tenant)}" has a limit of ${resource} in the pool "${other.name}" of the same cluster, too: a quota counts it whatever nodes its pods run on.`;
      const fix = 'Say it in one of the two pools, for both together, or use queues (Kueue), which tell nodes apart.';
      return { code: 'ORR2012', what, fix } as SharingFinding;
    });
  });
  const { workspace } = tenant;
  const ofWorkspace = clusters.flatMap((cluster) =>
    resources.flatMap((resource) => {
      const own = workspace?._quotaIn(cluster).get(quotaKey(resource));
      if (own === undefined) return [];
      const what = `Workspace "${nameOf(tenant)}" has a quota of ${quotaKey(resource)} itself: ${own} in cluster "${cluster}".`;
      return [{ code: 'ORR2012', what, fix: 'Say it here or there.' } as SharingFinding];
    }),
  );
  return [...twice, ...ofWorkspace.slice(0, 1)];
}
