import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import { imageIn } from '../../image-name';
import { podSpec } from '../../private/pod-rendering';
import { present } from '../../private/present-members';
import type { ServiceSettings } from '../../private/service-settings';
import type { Probe } from '../../probe';
import type { GpuNeeds } from '../gpu-needs';
import type { GpuContainer, GpuContainerSettings, GpuProgram, GpuWorkloadProps } from '../gpu-workload-props';
import type { GpuPoolView, GpuRequest } from './pool-view';
import { queueNameIn } from './queue-registry';

/** A workload of a pool on its way into clusters. */
export interface GpuWorkload {
  readonly construct: IConstruct;
  /** Of its objects. */
  readonly name: string;
  readonly props: GpuWorkloadProps;
  readonly pool: GpuPoolView;
  /** Of late: what it is told depends on the pool. */
  main(): MainContainer;
}

/** The container that uses the GPUs. */
export interface MainContainer extends GpuProgram {
  /** Beside what the program says, which wins. */
  readonly env?: { readonly [name: string]: string };
  readonly secretEnv?: ServiceSettings['secretEnv'];
  readonly port?: number | undefined;
  readonly startup?: Probe;
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  /** Size of /dev/shm where nothing is said. */
  readonly sharedMemory?: string | undefined;
  readonly spread?: ServiceSettings['spread'];
  /** Requested where nothing is said. */
  readonly cpu?: string;
  readonly memory?: string;
}

/** A container as its object has it, as far as something is added to it. */
export interface RenderedContainer {
  readonly name: string;
  readonly image: string;
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly volumeMounts?: readonly object[];
  readonly securityContext?: object;
  readonly [field: string]: unknown;
}

/** Pods of a workload in a cluster. */
export interface WorkloadPods {
  readonly metadata: {
    readonly labels: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
  };
  readonly spec: { readonly containers: readonly RenderedContainer[]; readonly [field: string]: unknown };
  /** ResourceClaimTemplates that have to be in the namespace. */
  readonly claimTemplates: readonly object[];
}

const SHARED_MEMORY = '/dev/shm';

/** Labels of the objects of a workload, by which its pods are found. */
export function workloadLabels({ name, pool }: Pick<GpuWorkload, 'name' | 'pool'>): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': pool.name };
}

/** Metadata of an object of a workload. */
export function workloadMetadata(
  workload: GpuWorkload,
  name = workload.name,
): {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
} {
  const labels = { 'app.kubernetes.io/managed-by': 'orrery', ...workloadLabels(workload) };
  return { name, namespace: workload.props.namespaceName, labels };
}

/** What the pods of a workload are in a cluster. */
export function workloadPods(workload: GpuWorkload, cluster: Cluster): WorkloadPods {
  const { name, props, pool } = workload;
  const main = workload.main();
  const own = pool.podSettings(requestOf(props, props.gpu), cluster);
  const settings = settingsOf(workload);
  const tolerations = [...(settings.tolerations ?? []), ...own.tolerations];
  const rendered = podSpec({
    name,
    image: imageIn(main.image, cluster.facts),
    settings: {
      ...settings,
      nodeSelector: { ...own.nodeSelector, ...settings.nodeSelector },
      tolerations: [...new Map(tolerations.map((one) => [JSON.stringify(one), one])).values()],
    },
    envFrom: [],
    configKeys: [],
  }) as unknown as WorkloadPods['spec'] & { readonly volumes?: readonly object[]; readonly securityContext: object };
  const extra = mountsOf(workload);
  const [first] = rendered.containers as [RenderedContainer];
  const mounts = [...(first.volumeMounts ?? []), ...extra.map(({ mount }) => mount)];
  const claims = claimsOf(workload, cluster);
  const distinct = [...new Set(claims.values())];
  const containers = [
    withGpu({ ...first, ...workingDirectory(main) }, own.limits, claims.get(name)),
    ...(props.containers ?? []).map((container) => {
      const limits =
        container.gpu === undefined ? {} : pool.podSettings(requestOf(props, container.gpu), cluster).limits;
      return withGpu(besideOf(workload, container, cluster), limits, claims.get(container.name));
    }),
  ].map((container) => ({
    ...container,
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
    ...(props.runAsRoot === true ? { securityContext: { allowPrivilegeEscalation: false } } : {}),
  }));
  const volumes = [
    ...(rendered.volumes ?? []),
    ...extra.map(({ volume }) => volume).filter((one) => one !== undefined),
  ];
  const annotations = { ...own.annotations, ...queueAnnotations(workload), ...props.podAnnotations };
  return {
    metadata: {
      labels: { ...props.podLabels, ...own.labels, ...workloadLabels(workload) },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...rendered,
      ...(props.runAsRoot === true ? { securityContext: AS_ROOT } : {}),
      containers,
      ...(volumes.length === 0 ? {} : { volumes }),
      ...affinityOf(own.nodeTerms),
      ...spreadOf(main.spread, workloadLabels(workload)),
      ...present({ schedulerName: own.schedulerName, runtimeClassName: own.runtimeClassName }),
      ...(distinct.length === 0 ? {} : { resourceClaims: distinct.map(claimReference) }),
    },
    claimTemplates: distinct.map((claim) => claimTemplate(workload, claim)),
  };
}

const AS_ROOT = { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } };

/** Claims of volumes that are made with a workload. */
export function volumeClaims(
  workload: GpuWorkload,
  storageClass: (what: string, purpose: string) => string | undefined,
): object[] {
  return (workload.props.volumes ?? []).flatMap(({ name, size, purpose = 'general', accessMode }) => {
    const storageClassName = storageClass(`Volume "${name}"`, purpose);
    if (storageClassName === undefined) return [];
    return [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: workloadMetadata(workload, `${workload.name}-${name}`),
        spec: {
          accessModes: [accessMode ?? 'ReadWriteOnce'],
          resources: { requests: { storage: size } },
          storageClassName,
        },
      },
    ];
  });
}

/** What the containers of each pod want of the pool. */
export function requestsOf({ props }: GpuWorkload): GpuRequest[] {
  const others = (props.containers ?? []).flatMap(({ gpu }) => (gpu === undefined ? [] : [gpu]));
  // With a claim in common they want nothing more.
  const all = props.claimSharing === undefined ? [props.gpu, ...others] : [props.gpu];
  return all.map((needs) => requestOf(props, needs));
}

function requestOf(
  { choice, products, cpuFeatures, claimSharing }: GpuWorkloadProps,
  needs: GpuNeeds | undefined,
): GpuRequest {
  return { gpus: needs?.cards, share: needs, profile: needs?.profile, choice, products, cpuFeatures, claimSharing };
}

export function settingsOf({ props, main: mainOf }: GpuWorkload): ServiceSettings {
  const main = mainOf();
  const { runAsRoot, runAsUser = 1000, fsGroup = runAsUser, serviceAccountName = 'default' } = props;
  const { env, secretEnv, cpu, memory, cpuLimit, memoryLimit } = resourcesAndEnv(props, main);
  return present<ServiceSettings>({
    image: main.image,
    command: main.command,
    args: main.args,
    port: main.port,
    env: { ...main.env, ...env },
    secretEnv: { ...main.secretEnv, ...secretEnv },
    secretVolumes: props.secretVolumes,
    cpu,
    memory,
    cpuLimit,
    memoryLimit,
    startup: main.startup,
    readiness: main.readiness,
    liveness: main.liveness,
    volumes: props.volumes,
    scratch: props.scratch,
    serviceAccount: { existing: serviceAccountName },
    runAsUser: runAsRoot === true ? undefined : runAsUser,
    fsGroup: runAsRoot === true ? props.fsGroup : fsGroup,
    writableFileSystem: true,
    nodeSelector: props.nodeSelector,
    tolerations: props.tolerations,
    priorityClass: props.priorityClass,
    terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
    imagePullSecrets: props.imagePullSecrets,
    podLabels: props.podLabels,
    podAnnotations: props.podAnnotations,
  });
}

function resourcesAndEnv(
  { env, secretEnv, cpu, memory, cpuLimit, memoryLimit }: GpuContainerSettings,
  defaults: { readonly cpu?: string; readonly memory?: string },
): GpuContainerSettings {
  return present<GpuContainerSettings>({
    env,
    secretEnv,
    cpu: cpu ?? defaults.cpu ?? '1',
    memory: memory ?? defaults.memory ?? '4Gi',
    cpuLimit,
    memoryLimit,
  });
}
export function containerSettings({ props }: GpuWorkload, container: GpuContainer): ServiceSettings {
  const { image, command, args } = container;
  return present<ServiceSettings>({
    image,
    command,
    args,
    ...resourcesAndEnv(container, {}),
    writableFileSystem: true,
    runAsUser: props.runAsUser,
  });
}

function besideOf(workload: GpuWorkload, container: GpuContainer, cluster: Cluster): RenderedContainer {
  const { name, image } = container;
  const settings = containerSettings(workload, container);
  const input = { name, image: imageIn(image, cluster.facts), settings, envFrom: [], configKeys: [] };
  const [rendered] = podSpec(input).containers as readonly [object];
  return { ...rendered, ...workingDirectory(container) } as RenderedContainer;
}

function workingDirectory({ workingDirectory: workingDir }: GpuProgram): object {
  return workingDir === undefined ? {} : { workingDir };
}

function withGpu(
  container: RenderedContainer,
  limits: { readonly [resource: string]: number | string },
  claim: Claim | undefined,
): RenderedContainer {
  const { resources = {} } = container;
  return {
    ...container,
    resources: {
      ...resources,
      ...(Object.keys(limits).length === 0 ? {} : { limits: { ...resources.limits, ...limits } }),
      ...(claim === undefined ? {} : { claims: [{ name: claim.name }] }),
    },
  };
}

interface Mounted {
  readonly mount: { readonly name: string; readonly mountPath: string; readonly [field: string]: unknown };
  readonly volume?: object;
}

/** What is mounted beside the volumes of services. */
export function mountsOf({ props, main }: GpuWorkload): Mounted[] {
  const size = sharedMemoryOf({ props, main });
  return [
    ...(props.datasets ?? []).map(({ claimName, mountPath, subPath, readOnly = true }, at) => ({
      mount: { name: `dataset-${at}`, mountPath, ...present({ subPath }), ...(readOnly ? { readOnly } : {}) },
      volume: { name: `dataset-${at}`, persistentVolumeClaim: { claimName, ...(readOnly ? { readOnly } : {}) } },
    })),
    ...(size === undefined
      ? []
      : [
          {
            mount: { name: 'shm', mountPath: SHARED_MEMORY },
            volume: { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: size } },
          },
        ]),
  ];
}

/** Processes on several cards exchange data by it; 64 MiB, as runtimes give, are too little for NCCL. */
export function sharedMemoryOf({ props, main }: Pick<GpuWorkload, 'props' | 'main'>): string | undefined {
  const { sharedMemory, gpu } = props;
  return sharedMemory ?? main().sharedMemory ?? ((gpu?.cards ?? 1) > 1 ? '2Gi' : undefined);
}

function affinityOf(terms: readonly object[]): object {
  if (terms.length === 0) return {};
  const required = { nodeSelectorTerms: terms };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function spreadOf(spread: ServiceSettings['spread'], matchLabels: object): object {
  if (spread === undefined) return {};
  const topologySpreadConstraints = spread.map(({ over, maxSkew = 1, required }) => ({
    maxSkew,
    topologyKey: over,
    whenUnsatisfiable: required === true ? 'DoNotSchedule' : 'ScheduleAnyway',
    labelSelector: { matchLabels },
  }));
  return { topologySpreadConstraints };
}

/** Volcano's queue; that of Kueue is a label of the object. */
function queueAnnotations({ props, pool }: GpuWorkload): { readonly [key: string]: string } {
  const isVolcano = pool.mode() === 'volcano-vgpu';
  return isVolcano && props.queueName !== undefined ? { 'scheduling.volcano.sh/queue-name': props.queueName } : {};
}

/** Label by which Kueue admits an object (kubernetes-sigs/kueue pkg/controller/constants). */
export function queueLabels({ props, pool }: GpuWorkload): { readonly [key: string]: string } {
  const queueName = props.queueName ?? queueNameIn(pool, props.namespaceName);
  // Volcano has queues of its own.
  const isVolcano = pool.mode() === 'volcano-vgpu' && props.queueName !== undefined;
  return queueName === undefined || isVolcano ? {} : { 'kueue.x-k8s.io/queue-name': queueName };
}

interface Claim {
  readonly name: string;
  /** Name of its template. */
  readonly templateName: string;
  readonly spec: object;
}

/** Claims of devices by the container that has them. */
function claimsOf({ name, props, pool }: GpuWorkload, cluster: Cluster): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  const add = (container: string, needs: GpuNeeds | undefined) => {
    for (const { template } of pool.podSettings(requestOf(props, needs), cluster).resourceClaims) {
      const own = container === name ? 'gpu' : `gpu-${container}`;
      claims.set(container, { name: own, templateName: `${name}-${own}`, spec: template });
    }
  };
  add(name, props.gpu);
  const first = claims.get(name);
  for (const container of props.containers ?? []) {
    if (container.gpu === undefined) continue;
    if (props.claimSharing === undefined) add(container.name, container.gpu);
    else if (first !== undefined) claims.set(container.name, first);
  }
  return claims;
}

function claimReference({ name, templateName }: Claim): object {
  return { name, resourceClaimTemplateName: templateName };
}

function claimTemplate(workload: GpuWorkload, { templateName, spec }: Claim): object {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: workloadMetadata(workload, templateName),
    spec,
  };
}
