import type { ArgoCanaryStrategy } from '../../argo/rollout-props';
import type { ControllerOwnedField } from '../../controller-owned-fields';
import { withSite } from '../../private/controller-owned';
import { problemAt } from '../../private/problem';
import { routesOfRollouts, selectorsOfRollouts } from '../../private/rollout-owned-fields';
import { typedObject } from '../../private/typed-object';
import type { Entry } from '../../private/unit';
import { CanaryBackend } from '../canary-backend';
import { argoAnalysis } from './argo-analysis';
import { argoSteps, unsayableStep } from './argo-steps';
import type { CanaryBackendRules } from './backend';
import { canaryObjects, copyOf, fullHost, type LooseObject } from './canary-objects';
import { hasNoPods, versionAlone } from './empty-service';
import type { CanaryFeature } from './features';
import type { ReleaseInCluster } from './release-in-cluster';
import { STABLE_ONLY } from './split';
import type { ReleaseWorlds, World } from './states';

const API_VERSION = 'argoproj.io/v1alpha1';

const CAN: readonly CanaryFeature[] = [
  'weight',
  'approve',
  'pause',
  'analyse',
  'scale',
  'mirror',
  'header',
  'cookie',
  'sticky-pod',
  'mesh-callers',
];

/**
 * Argo Rollouts 1.9 in a mesh of Istio. A Rollout stands beside the Deployment of the service while it is released, with pods that the selector of the service does not match: it comes up with the
 * stable version, because a Rollout without one goes to the first it gets at once; then the mesh sends it the requests, and then it gets the new version, with steps. The Deployment keeps its pods until
 * the release is through, and takes them over with the new version: so callers without a sidecar get the stable version, and going back is one change of routes.
 */
export const ARGO_BACKEND: CanaryBackendRules = {
  backend: CanaryBackend.ARGO_ROLLOUTS,
  title: 'Argo Rollouts',
  apiVersion: API_VERSION,
  can: new Set(CAN),
  isMovedByOrrery: false,
  check: ({ construct, steps, planned }, cluster, problems) => {
    const report = (what: string, fix: string) =>
      problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
    for (const [at, step] of steps.entries()) {
      const why = unsayableStep(step);
      if (why !== undefined)
        report(`Step ${at + 1} ${why}.`, 'Say it otherwise, or use another back-end: plain Istio.');
    }
    if (planned.stages.some(({ shape }) => shape.split?.dye !== undefined)) {
      report('The release dyes requests, and the routes of Argo Rollouts know no dye.', 'Use plain Istio.');
    }
  },
  worlds: (release) => new ArgoWorlds(release).all(),
};

/** How the Rollout is at a moment. */
interface RolloutAt {
  readonly version: 'stable' | 'released';
  /** Whether it moves the routes of the service. */
  readonly isRouting: boolean;
}

class ArgoWorlds {
  private readonly steps: ReturnType<typeof argoSteps>;
  private readonly analyses: readonly Entry[];

  public constructor(private readonly release: ReleaseInCluster) {
    const { names, planned, steps } = release;
    const templateOf = (step: number) => `${names.canary}-analyse-${step}`;
    this.steps = argoSteps(steps, templateOf);
    this.analyses = planned.stages.flatMap(({ hold, step, shape }) => {
      if (hold?.type !== 'analyse' || step === undefined) return [];
      const manifest = release.hold(hold, shape.split, { canary: names.canary, stable: stableService(names.stable) });
      if (manifest.type !== 'analysis') return [];
      const metadata = { name: templateOf(step), inNamespace: names.namespace, labels: names.canarySelector };
      const kind = 'AnalysisTemplate';
      const object = typedObject({ apiVersion: API_VERSION, kind, metadata, spec: argoAnalysis(manifest) });
      return [this.own(`${kind}-${step}`, object)];
    });
  }

  public all(): ReleaseWorlds {
    const { release } = this;
    const { changes } = release;
    const before = release.service({});
    const through = release.service({ changes });
    if (hasNoPods(through, release.names)) return versionAlone(release);
    const old: RolloutAt = { version: 'stable', isRouting: false };
    const back = [...this.service('service'), ...this.rollout(old)];
    return {
      before,
      stages: [
        { name: 'begin', world: [...before, ...this.rollout(old)] },
        { name: 'routes', weight: 0, world: [...this.service('rollout'), ...this.rollout(old)] },
        {
          name: 'release',
          hold: { type: 'controller', object: this.path('Rollout') },
          world: [...this.service('rollout'), ...this.rollout({ version: 'released', isRouting: true })],
        },
        {
          name: 'promote',
          weight: 100,
          world: [...this.service('rollout', true), ...this.rollout({ version: 'released', isRouting: true })],
        },
        {
          name: 'return',
          weight: 0,
          world: [...this.service('service', true), ...this.rollout({ version: 'released', isRouting: false })],
        },
        { name: 'end', world: through },
      ],
      abort: [[...this.service('rollout'), ...this.rollout({ version: 'stable', isRouting: true })], back, before],
    };
  }

  /** The objects of the service, whose routes lead to its own pods or to those of the Rollout. */
  private service(to: 'service' | 'rollout', isReleased = false): World {
    const { release } = this;
    const { stable, canary, namespace } = release.names;
    const host = { host: fullHost(stable, namespace) };
    const rendered = release.service({
      ...(isReleased ? { changes: release.changes } : {}),
      ...(release.said === undefined ? {} : { said: release.said }),
      traffic: { split: STABLE_ONLY, canary, mesh: { stable: host, canary: host } },
    });
    return rendered.map((entry) => {
      if (entry.content.type !== 'object') return entry;
      const { kind, metadata } = entry.content.object as LooseObject;
      if (kind !== 'VirtualService' || metadata.name !== stable) return entry;
      const object = copyOf(entry.content.object);
      object.spec.http = object.spec.http.map((route: LooseObject, at: number) => this.route(route, at, to));
      const controllerOwned = withSite(routesOfRollouts(this.steps.managedRoutes));
      return { ...entry, content: { type: 'object', object }, controllerOwned };
    });
  }

  /** Routes have names: by them the controller finds those that it moves, and we find ours among them. */
  private route(route: LooseObject, at: number, to: 'service' | 'rollout'): object {
    if (to === 'service') return { name: `service-${at}`, ...route };
    const { names } = this.release;
    const [{ destination }] = route.route;
    const lead = (name: string, weight: number) => ({
      destination: { ...destination, host: fullHost(name, names.namespace) },
      weight,
    });
    return { name: routeName(at), ...route, route: [lead(stableService(names.stable), 100), lead(names.canary, 0)] };
  }

  /** The Rollout, its Services and what else its pods have, and the templates of its analyses. */
  private rollout(at: RolloutAt): World {
    const { release } = this;
    const { names } = release;
    const asked = release.said === undefined ? {} : { said: release.said };
    const service = release.service({ ...(at.version === 'stable' ? {} : { changes: release.changes }), ...asked });
    const objects = canaryObjects(service, names, 100, release.labels);
    const entries = objects.flatMap(([kind, object]): Entry[] => {
      const { spec } = object as LooseObject;
      switch (kind) {
        case 'Deployment':
          return [this.own('Rollout', this.rolloutOf(object, at))];
        case 'Service':
          return [
            this.own('Service', object, selectorsOfRollouts()),
            this.own('Service-stable', renamed(object, stableService(names.stable)), selectorsOfRollouts()),
          ];
        case 'DestinationRule': {
          const stable = renamed(object, stableService(names.stable));
          stable.spec.host = fullHost(stableService(names.stable), names.namespace);
          return [this.own(kind, object), this.own('DestinationRule-stable', stable)];
        }
        case 'HorizontalPodAutoscaler':
        case 'ScaledObject':
          Object.assign(spec.scaleTargetRef, { apiVersion: API_VERSION, kind: 'Rollout' });
          return [this.own(kind, object)];
        default:
          return [this.own(kind, object)];
      }
    });
    return [...entries, ...this.analyses];
  }

  private rolloutOf(deployment: object, { isRouting }: RolloutAt): object {
    const { metadata, spec } = deployment as LooseObject;
    const { strategy: _strategy, ...pods } = spec;
    const { labels, name } = metadata;
    const { namespace } = this.release.names;
    const strategy = { canary: this.strategy(isRouting) };
    const head = { apiVersion: API_VERSION, kind: 'Rollout', metadata: { name, inNamespace: namespace, labels } };
    const { spec: typed, ...object } = typedObject({ ...head, spec: { strategy } });
    return { ...object, spec: { ...pods, ...(typed as object) } };
  }

  private strategy(isRouting: boolean): ArgoCanaryStrategy {
    const { names, ports } = this.release;
    const services = { stableService: stableService(names.stable), canaryService: names.canary };
    if (!isRouting) return services;
    const { steps, managedRoutes } = this.steps;
    return {
      ...services,
      dynamicStableScale: true,
      trafficRouting: {
        ...(managedRoutes.length === 0 ? {} : { managedRoutes: managedRoutes.map((name) => ({ name })) }),
        istio: { virtualService: { name: names.stable, routes: ports.map((_, at) => routeName(at)) } },
      },
      steps,
    };
  }

  private own(id: string, object: object, owned: readonly ControllerOwnedField[] = []): Entry {
    const { construct } = this.release;
    return {
      path: this.path(id),
      owner: construct,
      content: { type: 'object', object },
      ...(owned.length === 0 ? {} : { controllerOwned: withSite(owned) }),
    };
  }

  private path(id: string): string {
    return `${this.release.construct.node.path}/${id}`;
  }
}

function routeName(at: number): string {
  return `release-${at}`;
}

/** Service of the Rollout's stable pods: that of the service itself keeps its selector. */
function stableService(service: string): string {
  return `${service}-stable`;
}

function renamed(object: object, name: string): LooseObject {
  const copy = copyOf(object);
  copy.metadata.name = name;
  return copy;
}
