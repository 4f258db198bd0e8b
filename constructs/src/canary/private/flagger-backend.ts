import type { HoldManifest } from '../../assembly-format';
import type { FlaggerAnalysis, FlaggerMetric } from '../../flagger/analysis-props';
import { type FlaggerCanarySpec, FlaggerProvider } from '../../flagger/canary-props';
import { FlaggerMetricProviderType } from '../../flagger/metric-template-props';
import { withSite } from '../../private/controller-owned';
import { isServiceName } from '../../private/names';
import { type ProblemCode, problemAt } from '../../private/problem';
import { typedObject } from '../../private/typed-object';
import type { Entry } from '../../private/unit';
import { CanaryBackend } from '../canary-backend';
import type { CanaryBackendRules } from './backend';
import { canaryObjects, fullHost, type LooseObject } from './canary-objects';
import { hasNoPods, versionAlone } from './empty-service';
import type { CanaryFeature } from './features';
import { type FlaggerPlan, flaggerPlan, flaggerStickiness, Unplannable } from './flagger-plan';
import type { ReleaseInCluster } from './release-in-cluster';
import type { ReleaseWorlds, World } from './states';

const API_VERSION = 'flagger.app/v1beta1';

const CAN: readonly CanaryFeature[] = [
  'weight',
  'pause',
  'analyse',
  'scale',
  'mirror',
  'header',
  'cookie',
  'query',
  'client',
  'sticky-version',
  'mesh-callers',
];

/** Flagger scales the workload that it is told of: to nothing while there is no new version. */
const REPLICAS = [{ path: 'spec.replicas', managers: ['flagger'], onlyLive: true }];

type AnalysisManifest = Extract<HoldManifest, { readonly type: 'analysis' }>;

/**
 * Flagger 1.44 in a mesh of Istio. Its workload is a Deployment of its own, beside that of the service: it begins with the stable version, of which Flagger makes the primary, with Services and routes that are all Flagger's. Then its
 * routes take over the host of the service, and the workload gets the new version. The Deployment and the Service of the service stay as they are until the release is through.
 */
export const FLAGGER_BACKEND: CanaryBackendRules = {
  backend: CanaryBackend.FLAGGER,
  title: 'Flagger',
  apiVersion: API_VERSION,
  can: new Set(CAN),
  isMovedByOrrery: false,
  check: (release, cluster, problems) => {
    const { construct, steps, names, ports, planned } = release;
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
    const plan = flaggerPlan(steps);
    if (plan instanceof Unplannable) report('ORR2012', plan.what, plan.fix);
    if (ports.length > 1) {
      report(
        'ORR2012',
        `The service has ${ports.length} ports for HTTP, and Flagger divides one.`,
        'Use another back-end.',
      );
    }
    if (!isServiceName(`${names.canary}-primary`)) {
      const what = `Flagger would make a Service "${names.canary}-primary", which is longer than the name of a Service.`;
      report('ORR2003', what, 'Give the service a name of at most 48 characters.');
    }
    if (planned.stages.some(({ shape }) => shape.split?.dye !== undefined)) {
      report('ORR2012', 'The release dyes requests, and the routes of Flagger know no dye.', 'Use plain Istio.');
    }
    const routed = release.service({}).some(({ content }) => {
      const { kind } = (content.type === 'object' ? content.object : {}) as LooseObject;
      return kind === 'VirtualService' || kind === 'DestinationRule';
    });
    if (routed) {
      const what = 'The service has routes of its own in the mesh, and Flagger makes those of a host alone.';
      report('ORR2012', what, 'Leave out resilience, or use another back-end: plain Istio, Argo Rollouts.');
    }
  },
  worlds: (release) => {
    const plan = flaggerPlan(release.steps);
    if (plan instanceof Unplannable) return unplanned(release);
    return new FlaggerWorlds(release, plan).all();
  },
};

/** What stands there when the steps were refused. */
function unplanned(release: ReleaseInCluster): ReleaseWorlds {
  const before = release.service({});
  return { before, stages: [{ name: 'end', world: before }], abort: [before] };
}

/** How the Canary and its workload are at a moment. */
interface CanaryAt {
  readonly version: 'stable' | 'released';
  /** Whether its routes have the host of the service. */
  readonly isRouting: boolean;
  /** Whether it takes a version as it is. */
  readonly isBlind?: boolean;
}

class FlaggerWorlds {
  private readonly analysis: AnalysisManifest | undefined;

  public constructor(
    private readonly release: ReleaseInCluster,
    private readonly plan: FlaggerPlan,
  ) {
    const { canary } = release.names;
    const served = { canary: `${canary}-canary`, stable: `${canary}-primary` };
    const step = release.planned.stages.find(({ hold }) => hold?.type === 'analyse');
    const hold = step?.hold === undefined ? undefined : release.hold(step.hold, step.shape.split, served);
    this.analysis = hold?.type === 'analysis' ? hold : undefined;
  }

  public all(): ReleaseWorlds {
    const { release, plan } = this;
    const before = release.service({});
    const through = release.service({ changes: release.changes });
    if (hasNoPods(through, release.names)) return versionAlone(release);
    const released: CanaryAt = { version: 'released', isRouting: true };
    return {
      before,
      stages: [
        { name: 'begin', world: [...before, ...this.canary({ version: 'stable', isRouting: false })] },
        { name: 'routes', weight: 0, world: [...before, ...this.canary({ version: 'stable', isRouting: true })] },
        {
          name: 'release',
          hold: { type: 'controller', object: this.path('Canary') },
          world: [...before, ...this.canary(released)],
        },
        { name: 'promote', weight: 100, world: [...through, ...this.canary(released)] },
        {
          // Flagger looks at its settings once in an interval: when two are over, its routes have given the host back.
          name: 'return',
          weight: 0,
          hold: { type: 'pause', ms: 2 * plan.intervalMs },
          world: [...through, ...this.canary({ version: 'released', isRouting: false })],
        },
        { name: 'end', world: through },
      ],
      abort: [[...before, ...this.canary({ version: 'stable', isRouting: false, isBlind: true })], before],
    };
  }

  /** The workload of Flagger, the Canary, and the queries that it asks. */
  private canary(at: CanaryAt): World {
    const { release } = this;
    const { names } = release;
    const service = release.service(at.version === 'stable' ? {} : { changes: release.changes });
    let scaler: LooseObject;
    const workload = canaryObjects(service, names, 100, release.labels).flatMap(([kind, object]): Entry[] => {
      // Services are Flagger's.
      if (kind === 'Service') return [];
      if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') scaler = object;
      const entry = this.own(kind, object);
      return [kind === 'Deployment' ? { ...entry, controllerOwned: withSite(REPLICAS) } : entry];
    });
    const templates = (this.analysis?.metrics ?? []).map(({ name, url, query }) => {
      const provider = { ofType: FlaggerMetricProviderType.PROMETHEUS, address: url };
      return this.typed(`MetricTemplate-${name}`, 'MetricTemplate', `${names.canary}-${name}`, { provider, query });
    });
    return [...workload, ...templates, this.typed('Canary', 'Canary', names.canary, this.spec(at, scaler))];
  }

  private spec({ isRouting, isBlind }: CanaryAt, scaler: LooseObject): FlaggerCanarySpec {
    const { names, ports } = this.release;
    const [port] = ports;
    const reference = ({ apiVersion, kind, metadata: { name } }: LooseObject) => ({ apiVersion, kind, name });
    return {
      provider: FlaggerProvider.ISTIO,
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `${names.workload}-canary` },
      ...(scaler === undefined ? {} : { autoscalerRef: reference(scaler) }),
      service: {
        name: names.canary,
        port: port?.port ?? 80,
        targetPort: port?.targetPort ?? 80,
        portName: port?.name ?? 'http',
        ...(port?.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
        ...(isRouting ? { hosts: [fullHost(names.stable, names.namespace)] } : {}),
      },
      ...(isBlind === true ? { skipAnalysis: true } : {}),
      analysis: this.checks(),
    };
  }

  private checks(): FlaggerAnalysis {
    const { plan, analysis, release } = this;
    const interval = seconds(plan.intervalMs);
    const failures = Math.max(0, ...(analysis?.metrics ?? []).map(({ failureLimit = 0 }) => failureLimit));
    const sticky = release.planned.stages.find(({ shape }) => shape.split?.sticky !== undefined)?.shape.split?.sticky;
    const metrics = (analysis?.metrics ?? []).map(
      ({ name, atLeast, atMost }): FlaggerMetric => ({
        name,
        interval: seconds(analysis?.intervalMs ?? plan.intervalMs),
        templateRef: { name: `${release.names.canary}-${name}` },
        thresholdRange: {
          ...(atLeast === undefined ? {} : { min: atLeast }),
          ...(atMost === undefined ? {} : { max: atMost }),
        },
      }),
    );
    return {
      interval,
      threshold: failures + 1,
      ...plan.shape,
      ...(plan.shape.stepWeights === undefined ? {} : flaggerStickiness(sticky)),
      ...(metrics.length === 0 ? {} : { metrics }),
    };
  }

  private typed(id: string, kind: string, name: string, spec: object): Entry {
    const { names } = this.release;
    const metadata = { name, inNamespace: names.namespace, labels: names.canarySelector };
    return this.own(id, typedObject({ apiVersion: API_VERSION, kind, metadata, spec }));
  }

  private own(id: string, object: object): Entry {
    return { path: this.path(id), owner: this.release.construct, content: { type: 'object', object } };
  }

  private path(id: string): string {
    return `${this.release.construct.node.path}/${id}`;
  }
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))}s`;
}
