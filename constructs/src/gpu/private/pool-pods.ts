import { sha256 } from '../../private/canonical';
import { present } from '../../private/present-members';
import type { Toleration } from '../../service-props';
import type { GpuNeeds } from '../gpu-needs';
import { type GpuNodes, GpuVendor } from '../gpu-nodes';
import { GpuMode, type GpuShare, GpuSharing } from '../gpu-sharing-props';
import { type ChosenFrom, choiceAnnotations, choiceExpressions, choiceFindings } from './card-choice';
import { claimSharingFindings, sharingConfig } from './claim-sharing';
import type { SharingFinding } from './gpu-sharing-rules';
import { sharingFindings } from './gpu-sharing-rules';
import { wholeCardResource } from './gpu-vendors';
import { type HamiDevice, hamiDevice, VOLCANO } from './hami-devices';
import { annotationsOfShare, hamiFindings, hamiLimits, isPart, wantedMebibytes } from './hami-request';
import { resourceNameOf } from './mig-models';
import { isMig, POOL_TAINT, type PoolInCluster, poolNodes } from './pool-nodes';
import { kindsOf, sharingProps, vendorOfKind } from './pool-plan';
import type { GpuPodSettings, GpuRequest, NodeTerm, PodClaim } from './pool-view';

const CPU_FEATURE = 'feature.node.kubernetes.io/cpu-cpuid.';

/** A pool in a cluster, as its pods have to know it. */
export interface PoolForPods extends PoolInCluster {
  /** Whether HAMi's webhook takes pods with NVIDIA's cards of this cluster for its own. */
  readonly besideHami: boolean;
}

/** Why a request cannot be kept in a cluster, with the nearest that works; what is wrong with the pool itself is not said again. */
export function requestFindings(pool: PoolForPods, request: GpuRequest): SharingFinding[] {
  const { props, mode, cluster } = pool;
  const kinds = requestedKinds(pool, request);
  const products = kindsOf(props, cluster).map(({ product }) => product);
  if (kinds.length === 0) {
    const wanted = request.products ?? [];
    const what =
      products.length === 0
        ? `The pool "${pool.name}" has no nodes here.`
        : `The pool "${pool.name}" has no ${wanted.join(' or ')}.`;
    const fix =
      products.length === 0 ? "Say them with `gpuNodes` of the cluster's facts." : `It has: ${products.join(', ')}.`;
    return [{ code: 'ORR2013', what, fix }];
  }
  const narrowed = { ...props, products: kinds.map(({ product }) => product) };
  const own = sharingFindings(sharingProps(props, mode, cluster), mode).map(({ what }) => what);
  const asked = sharingProps(narrowed, mode, cluster);
  const share = shareOf(pool, request);
  const device = deviceOf(pool, kinds);
  const cards = request.gpus ?? 1;
  // What HAMi's vendors differ in is judged by what HAMi knows of each; the rest is the same for all modes.
  const findings =
    device === undefined
      ? [...sharingFindings({ ...asked, gpusPerPod: cards, ...plainShare(share) }, mode), ...orderFindings(mode, share)]
      : hamiFindings(
          device,
          { ...share, cards },
          {
            cardMebibytes: asked.cardMebibytes,
            memoryScaling: asked.memoryScaling,
            cardsPerNode: asked.gpusPerNode,
          },
        );
  return [
    ...findings.filter(({ what }) => !own.includes(what)),
    ...neighbourFindings(pool, kinds),
    ...profileFindings(pool, request),
    ...featureFindings(kinds, request),
    ...(request.choice === undefined ? [] : choiceFindings(chosenFrom(pool, kinds, cards), request.choice)),
    ...(request.claimSharing === undefined ? [] : claimSharingFindings(pool, request.claimSharing)),
  ];
}

/** What a pod has in a cluster for a request that can be kept there. */
export function podSettings(pool: PoolForPods, request: GpuRequest): GpuPodSettings {
  const { props, mode } = pool;
  const kinds = requestedKinds(pool, request);
  const { nodeSelector, nodeTerms } = whereTo(pool, kinds, request);
  const isNvidia = kinds.every((kind) => vendorOfKind(kind) === GpuVendor.NVIDIA);
  const runtimeClassName = isNvidia ? props.software?.runtimeClassName : undefined;
  const schedulerName = SCHEDULERS[mode];
  const ignored = pool.besideHami && mode !== GpuMode.HAMI && isNvidia;
  return {
    limits: limitsOf(pool, request, kinds[0]),
    annotations: annotationsOf(pool, request, kinds),
    labels: ignored ? { 'hami.io/webhook': 'ignore' } : {},
    nodeSelector,
    nodeTerms,
    tolerations: tolerationsOf(pool, kinds),
    ...(schedulerName === undefined ? {} : { schedulerName }),
    ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
    resourceClaims: mode === GpuMode.DRA ? [claimOf(pool, request, kinds)] : [],
  };
}

const SCHEDULERS: { readonly [M in GpuMode]?: string } = {
  [GpuMode.HAMI]: 'hami-scheduler',
  [GpuMode.VOLCANO_VGPU]: 'volcano',
};

/** Taints that pods for some kinds of nodes of the pool put up with. */
export function tolerationsOf({ props, name }: PoolInCluster, kinds: readonly GpuNodes[]): Toleration[] {
  const all = [
    ...kinds.flatMap(({ tolerations = [] }) => tolerations),
    ...(props.dedicated === true ? [{ key: POOL_TAINT, value: name, effect: 'NoSchedule' } as Toleration] : []),
  ];
  const seen = new Set<string>();
  return all.filter((toleration) => {
    const key = JSON.stringify(toleration);
    return !seen.has(key) && seen.add(key);
  });
}

/** Labels by which nodes of a kind are found. */
export function selectorOf({ mode, props }: PoolInCluster, kind: GpuNodes): { [key: string]: string } {
  if (kind.nodeSelector !== undefined) return kind.nodeSelector;
  const vendor = vendorOfKind(kind);
  if (vendor === GpuVendor.ASCEND && mode === GpuMode.HAMI) return { ascend: 'on' };
  if (vendor !== GpuVendor.NVIDIA) return {};
  const [profile] = Object.entries(props.profiles ?? {}).flatMap(([name, count]) => (count > 0 ? [name] : []));
  // GPU feature discovery adds the profile where all instances have one, and nothing where shared cards are renamed (NVIDIA/k8s-device-plugin internal/lm/resource.go).
  const suffix = mode === GpuMode.MIG_SINGLE && profile !== undefined ? `-MIG-${profile}` : '';
  return { 'nvidia.com/gpu.product': `${kind.product}${suffix}` };
}

/** Kinds of nodes that a request may go to. */
export function requestedKinds({ props, cluster }: PoolInCluster, { products }: GpuRequest): GpuNodes[] {
  return kindsOf(props, cluster).filter(({ product }) => products === undefined || products.includes(product));
}

function whereTo(pool: PoolInCluster, kinds: readonly GpuNodes[], { cpuFeatures = [] }: GpuRequest) {
  const features = Object.fromEntries(cpuFeatures.map((feature) => [`${CPU_FEATURE}${feature}`, 'true']));
  const selectors = new Map(kinds.map((kind) => selectorOf(pool, kind)).map((own) => [JSON.stringify(own), own]));
  const [first = {}, ...others] = selectors.values();
  if (others.length === 0) return { nodeSelector: { ...first, ...features }, nodeTerms: [] };
  return { nodeSelector: features, nodeTerms: termsOf([first, ...others]) };
}

/** Selectors of one and the same label become one term. */
function termsOf(selectors: readonly { readonly [key: string]: string }[]): NodeTerm[] {
  const [key, ...others] = new Set(selectors.flatMap((selector) => Object.keys(selector)));
  if (key !== undefined && others.length === 0 && selectors.every((selector) => key in selector)) {
    const values = [...new Set(selectors.map((selector) => selector[key] as string))];
    return [{ matchExpressions: [{ key, operator: 'In', values }] }];
  }
  return selectors.map((selector) => ({
    matchExpressions: Object.entries(selector).map(([name, value]) => ({ key: name, operator: 'In', values: [value] })),
  }));
}

function limitsOf(
  pool: PoolInCluster,
  request: GpuRequest,
  kind: GpuNodes | undefined,
): { [resource: string]: number | string } {
  if (kind === undefined) return {};
  const { mode, props } = pool;
  const { gpus = 1, profile } = request;
  switch (mode) {
    case GpuMode.WHOLE_GPU:
      return { [wholeCardResource(vendorOfKind(kind), kind.product)]: gpus };
    case GpuMode.MIG_SINGLE:
      return { 'nvidia.com/gpu': gpus };
    case GpuMode.TIME_SLICING:
    case GpuMode.MPS:
      return { 'nvidia.com/gpu.shared': gpus };
    case GpuMode.MIG_MIXED:
      return { [resourceNameOf(profile ?? profilesOf(props)[0] ?? '')]: gpus };
    case GpuMode.HAMI:
      return hamiLimits(hamiDevice(vendorOfKind(kind), kind.product), { ...shareOf(pool, request), cards: gpus });
    case GpuMode.VOLCANO_VGPU:
      return hamiLimits(VOLCANO, { ...shareOf(pool, request), cards: gpus });
    case GpuMode.DRA:
      return {};
  }
}

/** What a pod says of its share; what it does not say is as the pool says. */
export function shareOf({ props }: PoolInCluster, { share }: GpuRequest): GpuNeeds | undefined {
  if (share === undefined || isPart(share)) return share ?? props.share;
  return { ...props.share, ...share };
}

/** The share without what only HAMi has; nothing where a pod has all of its cards. */
function plainShare(share: GpuNeeds | undefined): { readonly share?: GpuShare } {
  if (share === undefined || !isPart(share)) return {};
  const { memoryPercentage, corePercentage } = share;
  return { share: present<GpuShare>({ memoryMebibytes: wantedMebibytes(share), memoryPercentage, corePercentage }) };
}

/** HAMi's library alone lets one task on a card go before the other. */
function orderFindings(mode: GpuMode, share: GpuNeeds | undefined): SharingFinding[] {
  if (share?.priority === undefined) return [];
  const what = `With ${mode} tasks on a card have no \`priority\`.`;
  return [{ code: 'ORR2012', what, fix: `Leave it out, or use a pool with the mode ${GpuMode.HAMI}.` }];
}

/** What HAMi knows of the cards of a request; undefined with other modes. */
export function deviceOf({ mode }: PoolInCluster, [kind]: readonly GpuNodes[]): HamiDevice | undefined {
  return mode === GpuMode.HAMI && kind !== undefined ? hamiDevice(vendorOfKind(kind), kind.product) : undefined;
}

function chosenFrom({ mode }: PoolInCluster, kinds: readonly GpuNodes[], cards: number): ChosenFrom {
  const [kind] = kinds as [GpuNodes];
  const vendor = vendorOfKind(kind);
  return {
    mode,
    device: hamiDevice(vendor, kind.product),
    isNvidia: vendor === GpuVendor.NVIDIA,
    products: kinds.map(({ product }) => product),
    cards,
  };
}

function annotationsOf(
  pool: PoolInCluster,
  request: GpuRequest,
  kinds: readonly GpuNodes[],
): { readonly [key: string]: string } {
  const device = deviceOf(pool, kinds);
  const { choice } = request;
  return {
    ...(device === undefined ? {} : annotationsOfShare(device, shareOf(pool, request) ?? {})),
    ...(choice === undefined || kinds.length === 0
      ? {}
      : choiceAnnotations(chosenFrom(pool, kinds, request.gpus ?? 1), choice)),
  };
}

/** A pod asks for one resource of cards. */
function neighbourFindings({ mode }: PoolInCluster, kinds: readonly GpuNodes[]): SharingFinding[] {
  if (mode !== GpuMode.HAMI) return [];
  const counts = new Set(kinds.map((one) => hamiDevice(vendorOfKind(one), one.product).count));
  if (counts.size <= 1) return [];
  const what = `Cards of ${kinds.map(({ product }) => product).join(' and ')} are different resources: ${[...counts].join(', ')}.`;
  return [{ code: 'ORR2012', what, fix: 'Say with `products` which of them, or make a pool for each.' }];
}

function profilesOf({ profiles = {}, workloads = [] }: PoolInCluster['props']): string[] {
  const named = Object.entries(profiles).flatMap(([name, count]) => (count > 0 ? [name] : []));
  return [...new Set([...named, ...workloads.flatMap(({ profile }) => (profile === undefined ? [] : [profile]))])];
}

function profileFindings(pool: PoolInCluster, { profile, gpus = 1 }: GpuRequest): SharingFinding[] {
  const { mode, props } = pool;
  const isPartition = mode === GpuMode.DRA && props.sharing === GpuSharing.PARTITIONED;
  if (!isMig(mode) && !isPartition) {
    if (profile === undefined) return [];
    const what = `The pool "${pool.name}" has no partitions: ${mode}.`;
    return [{ code: 'ORR2012', what, fix: 'Leave out `profile`, or use a pool with sharing "partitioned".' }];
  }
  if (isPartition) {
    if (profile !== undefined) return [];
    return [{ code: 'ORR2011', what: 'It is not said which partition a pod has.', fix: 'Say it with `profile`.' }];
  }
  const groups = poolNodes(pool);
  const known = [...new Set(groups.flatMap(({ partitions }) => Object.keys(partitions)))];
  if (known.length === 0) return [];
  const wanted = profile ?? (known.length === 1 ? known[0] : undefined);
  if (wanted === undefined || !known.includes(wanted)) {
    const what =
      wanted === undefined
        ? 'It is not said which partition a pod has.'
        : `The pool "${pool.name}" has no partition ${wanted}.`;
    return [{ code: 'ORR2011', what, fix: `Name one of: ${known.join(', ')}.` }];
  }
  const most = Math.max(...groups.map(({ partitions }) => partitions[wanted] ?? 0));
  if (gpus <= most) return [];
  const what = `A pod asks for ${gpus} partitions ${wanted}, and a node has ${most}.`;
  return [{ code: 'ORR2012', what, fix: `Use ${most} or fewer, and more pods.` }];
}

function featureFindings(kinds: readonly GpuNodes[], { cpuFeatures = [] }: GpuRequest): SharingFinding[] {
  const declared = kinds.flatMap(({ cpuFeatures: own }) => (own === undefined ? [] : [own]));
  if (declared.length < kinds.length) return [];
  const missing = cpuFeatures.filter((feature) => !declared.some((own) => own.includes(feature)));
  if (missing.length === 0) return [];
  const what = `No processor of these nodes has ${missing.join(', ')}.`;
  const known = [...new Set(declared.flat())].join(', ') || 'none';
  return [{ code: 'ORR2012', what, fix: `The nodes declare: ${known}.` }];
}

/** Source of the attributes: kubernetes-sigs/dra-driver-nvidia-gpu demo/specs. Names of products have spaces there, as the driver gives them. */
function claimOf(
  pool: PoolInCluster,
  { gpus = 1, profile, products, choice, claimSharing }: GpuRequest,
  kinds: readonly GpuNodes[],
): PodClaim {
  const isPartition = pool.props.sharing === GpuSharing.PARTITIONED;
  const attribute = (name: string) => `device.attributes['gpu.nvidia.com'].${name}`;
  const wanted = products ?? pool.props.products;
  const expressions = [
    ...(isPartition && profile !== undefined ? [`${attribute('profile')} == '${profile}'`] : []),
    ...(wanted === undefined
      ? []
      : [
          `${attribute('productName')}.replace(' ', '-') in [${kinds.map(({ product }) => `'${product}'`).join(', ')}]`,
        ]),
    ...(choice === undefined ? [] : choiceExpressions(choice)),
  ];
  const exactly = {
    deviceClassName: isPartition ? 'mig.nvidia.com' : 'gpu.nvidia.com',
    allocationMode: 'ExactCount',
    count: gpus,
    ...(expressions.length === 0 ? {} : { selectors: expressions.map((expression) => ({ cel: { expression } })) }),
  };
  const config = claimSharing === undefined ? {} : { config: [sharingConfig('gpu', claimSharing, isPartition)] };
  const template = { spec: { devices: { requests: [{ name: 'gpu', exactly }], ...config } } };
  const name = `${pool.name}-${sha256(JSON.stringify(template)).slice(0, 10)}`;
  return { name: 'gpu', resourceClaimTemplateName: name, template };
}
