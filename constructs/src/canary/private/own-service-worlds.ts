import type { Entry } from '../../private/unit';
import { canaryObjects, fullHost, withoutScaleDown } from './canary-objects';
import { hasNoPods } from './empty-service';
import type { ReleaseInCluster, ServiceAs, TrafficSplit } from './release-in-cluster';
import type { Split } from './split';
import type { Shape } from './stages';
import type { ReleaseWorlds, World } from './states';

/** What a back-end adds to the objects of a service and its canary. */
export interface OwnServiceOptions {
  /** Whether the VirtualService of the service divides. */
  readonly mesh: boolean;
  /** Objects of the back-end beside those, at a split. */
  readonly extra?: (split: Split) => readonly (readonly [id: string, object: object])[];
}

/** A release with a Deployment and a Service of the canary's own, which our own engine moves from stage to stage. */
export function ownServiceWorlds(release: ReleaseInCluster, options: OwnServiceOptions): ReleaseWorlds {
  const { planned, names } = release;
  const released = release.service({ changes: release.changes, ...saidIn(release) });
  const isEmpty = hasNoPods(released, names);
  const known = new Map<string, World>();
  const worldOf = (shape: Shape): World => {
    const key = JSON.stringify(isEmpty ? { ...shape, scale: undefined, split: undefined } : shape);
    let world = known.get(key);
    if (world === undefined) {
      world = isEmpty ? versionAlone(release, shape) : worldAt(release, released, shape, options);
      known.set(key, world);
    }
    return world;
  };
  return {
    before: worldOf(planned.before),
    stages: planned.stages.map(({ name, shape, weight, hold }) => ({
      name,
      ...(weight === undefined ? {} : { weight }),
      ...(hold === undefined ? {} : { hold: release.hold(hold, shape.split) }),
      world: worldOf(shape),
    })),
    abort: planned.abort.map(worldOf),
  };
}

function worldAt(release: ReleaseInCluster, released: World, shape: Shape, { mesh, extra }: OwnServiceOptions): World {
  const { construct, names } = release;
  const { stable, canary, namespace } = names;
  const traffic: TrafficSplit | undefined =
    shape.split === undefined
      ? undefined
      : {
          split: shape.split,
          canary,
          ...(mesh
            ? { mesh: { stable: { host: fullHost(stable, namespace) }, canary: { host: fullHost(canary, namespace) } } }
            : {}),
        };
  const service = release.service({
    ...(shape.released ? { changes: release.changes } : {}),
    ...(traffic === undefined ? {} : { traffic }),
    ...(shape.scale === undefined ? {} : saidIn(release)),
  });
  const own = (id: string, object: object): Entry => ({
    path: `${construct.node.path}/${id}`,
    owner: construct,
    content: { type: 'object', object },
  });
  const extras = shape.split === undefined ? [] : (extra?.(shape.split) ?? []).map(([id, object]) => own(id, object));
  if (shape.scale === undefined) return [...service, ...extras];
  const objects = canaryObjects(released, names, shape.scale, release.labels).map(([id, object]) => own(id, object));
  return [...service.map(withoutScaleDown), ...objects, ...extras];
}

function saidIn({ said }: ReleaseInCluster): Pick<ServiceAs, 'said'> {
  return said === undefined ? {} : { said };
}

/** In a cluster where the service has no pods there is nothing to divide: the version changes at the end. */
function versionAlone(release: ReleaseInCluster, { released }: Shape): World {
  return release.service(released ? { changes: release.changes } : {});
}
