import type {
  AppManifest,
  AssemblyLocations,
  CanaryReleaseManifest,
  ClusterManifest,
  DocumentManifest,
  PlatformManifest,
  RolloutManifest,
} from '@orrery/constructs/assembly-format';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Assets } from './assets.ts';

/** Newest version of the assembly format that this engine reads. */
export const ASSEMBLY_FORMAT = { major: 1, minor: 10 } as const;

/** An assembly whose manifest follows its schema and whose objects are what was written. Assets are verified when they are used. */
export interface Assembly {
  /** Absolute path. */
  readonly folder: string;
  /** Lower-case hex sha256 of manifest.json, which names the sha256 of everything else. */
  readonly digest: string;
  readonly platform: PlatformManifest;
  readonly clusters: readonly AssemblyCluster[];
  readonly rollout?: RolloutManifest | undefined;
  readonly apps?: readonly AppManifest[] | undefined;
  readonly documents?: readonly DocumentManifest[] | undefined;
  readonly canaryReleases?: readonly CanaryReleaseManifest[] | undefined;
  readonly assets: Assets;
  readonly locations: AssemblyLocations;
}

export interface AssemblyCluster {
  readonly manifest: ClusterManifest;
  /** The objects of all units, one after another. Shared: never mutate. */
  readonly objects: readonly KubernetesObject[];
}
