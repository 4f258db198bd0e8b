import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { fullName } from '../image-name';
import type { Workspace } from '../workspace';
import { GuardRail, type WorkspaceProps } from '../workspace-props';
import { type Problem, problemAt } from './problem';
import { exactQuantity } from './quantity';
import type { Entry } from './unit';
import type { Quota } from './workspace-quota';

/** What a workspace grants an app in one cluster. */
export interface Granted {
  readonly workspace: Workspace;
  readonly cluster: Cluster;
  readonly props: WorkspaceProps;
  readonly registries: readonly string[] | undefined;
  /** Of the app's namespace. */
  readonly quota: Quota;
}

/** Reports what of an app its workspace would refuse in a cluster: images, and more than the quota has. */
export function reportRefused(app: IConstruct, granted: Granted, entries: readonly Entry[], problems: Problem[]): void {
  const { clusterName } = granted.cluster;
  const report = (at: IConstruct, what: string, fix: string) =>
    problems.push(problemAt(at, 'ORR2012', what, { fix, cluster: clusterName }));
  const deployments = deploymentsOf(entries);
  for (const { owner, containers } of deployments) {
    for (const { image } of containers) {
      const refusal = refusalOf(image, granted);
      if (refusal !== undefined) report(owner, ...refusal);
    }
  }
  const { path } = granted.workspace.node;
  for (const [resource, had] of [...granted.quota]) {
    const request = REQUESTS.get(resource);
    const most = exactQuantity(had) ?? 0n;
    let sum = 0n;
    for (const { owner, replicas, containers } of deployments) {
      for (const { requests } of request === undefined ? containers.slice(0, 1) : containers) {
        const amount = request === undefined ? '1' : (requests[request] ?? defaultOf(request, granted.props));
        if (amount === undefined) {
          const what = `The service requests no ${request}, and workspace "${path}" has a quota of it: the API server refuses such pods.`;
          report(owner, what, `Set ${request}, or a default by the limits of the workspace.`);
        } else sum += BigInt(replicas) * (exactQuantity(amount) ?? 0n);
      }
    }
    if ((request === undefined && resource !== 'pods') || sum <= most) continue;
    const what = `The app needs ${shown(resource, sum)} of ${resource} in cluster "${clusterName}", and its namespace in workspace "${path}" has ${shown(resource, most)}.`;
    report(app, what, 'Raise the quota, shift its weights, or ask for less.');
  }
}

/** Resources of a quota to the requests that they bound. */
const REQUESTS: ReadonlyMap<string, 'cpu' | 'memory'> = new Map([
  ['cpu', 'cpu'],
  ['requests.cpu', 'cpu'],
  ['memory', 'memory'],
  ['requests.memory', 'memory'],
]);

/** A limit that is set by default is the request, too, where none is. */
function defaultOf(resource: 'cpu' | 'memory', { limits = {} }: WorkspaceProps): string | undefined {
  return resource === 'cpu'
    ? (limits.defaultCpu ?? limits.defaultCpuLimit ?? limits.maxCpu)
    : (limits.defaultMemory ?? limits.defaultMemoryLimit ?? limits.maxMemory);
}

function shown(resource: string, thousandths: bigint): string {
  const amount = Number(thousandths) / 1000;
  return resource.endsWith('memory') ? `${Math.ceil(amount / 2 ** 20)}Mi` : String(amount);
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;

function refusalOf(
  image: string,
  { workspace, cluster, registries, props }: Granted,
): [what: string, fix: string] | undefined {
  const { guardRails = [] } = props;
  const where = `workspace "${workspace.node.path}"`;
  if (registries?.some((registry) => fullName(image).startsWith(`${registry}/`)) === false) {
    const what = `Image "${image}" comes from no registry that ${where} allows in cluster "${cluster}".`;
    return [what, `Allowed there: ${registries.join(', ')}.`];
  }
  if (DIGEST.test(image)) return undefined;
  if (guardRails.includes(GuardRail.IMAGES_BY_DIGEST)) {
    return [`Image "${image}" has no digest, which ${where} asks for.`, 'Name it by "…@sha256:…".'];
  }
  if (guardRails.includes(GuardRail.NO_LATEST_IMAGES) && (!/:[^/:]+$/.test(image) || image.endsWith(':latest'))) {
    return [`Image "${image}" has no tag other than "latest", which ${where} asks for.`, 'Name a version.'];
  }
  return undefined;
}

interface DeployedService {
  readonly owner: IConstruct;
  /** At least. */
  readonly replicas: number;
  readonly containers: readonly {
    readonly image: string;
    readonly requests: { readonly [resource: string]: string };
  }[];
}

interface Written {
  readonly kind: string;
  readonly spec: {
    readonly replicas?: number;
    readonly minReplicas?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly image?: string;
          readonly resources?: { readonly requests?: { readonly [resource: string]: string } };
        }[];
      };
    };
  };
}

function deploymentsOf(entries: readonly Entry[]): DeployedService[] {
  const written = entries.flatMap(({ owner, content }) =>
    content.type === 'object' ? [{ owner, object: content.object as Written }] : [],
  );
  return written
    .filter(({ object }) => object.kind === 'Deployment')
    .map(({ owner, object: { spec } }) => {
      const scaled = written.find((one) => one.owner === owner && one.object.kind === 'HorizontalPodAutoscaler');
      return {
        owner,
        replicas: spec.replicas ?? scaled?.object.spec.minReplicas ?? 1,
        containers: spec.template.spec.containers.map(({ image = '', resources }) => ({
          image,
          requests: resources?.requests ?? {},
        })),
      };
    });
}
