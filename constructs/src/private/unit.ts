import type { IConstruct } from 'constructs';
import type {
  AppManifest,
  AssetManifest,
  CanaryReleaseManifest,
  DocumentManifest,
  HelmReleaseManifest,
  IncludeManifest,
  LoadManifest,
  MirroredImageManifest,
} from '../assembly-format';
import type { Cluster } from '../cluster';
import type { DeclaredField } from './controller-owned';
import type { ClusterUnits } from './dependencies';
import type { Problem } from './problem';

/** A file or folder that the assembly gets a copy of. */
export interface AssetSource {
  /** Absolute path. */
  readonly file: string;
  readonly asset: AssetManifest;
  /** What is in the file, where the program makes it and nothing is read. */
  readonly text?: string;
}

/** A file for another tool than a cluster. */
export interface RenderedDocument {
  readonly type: DocumentManifest['type'];
  /** Where it belongs in its repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

/** One thing of a unit that the engine orders: an object, a Helm release or an included file. */
export interface Entry {
  /** Construct path in the cluster, unique there. */
  readonly path: string;
  /** The construct it comes from: decides which dependencies it has and which it satisfies. */
  readonly owner: IConstruct;
  readonly content: EntryContent;
  /** Places in the program of what is a part of the entry, by their paths. */
  readonly places?: ReadonlyMap<string, string>;
  /** Controller-owned fields of an object that no cdk8s construct stands for. */
  readonly controllerOwned?: readonly DeclaredField[];
  /** The image of the object, where it comes from the cluster's mirror. */
  readonly mirrored?: MirroredImageManifest;
}

type EntryContent =
  | { readonly type: 'construct' }
  /** shared: other clusters get this very object, too. */
  | { readonly type: 'object'; readonly object: object; readonly shared?: boolean }
  | { readonly type: 'helm'; readonly release: Omit<HelmReleaseManifest, 'path' | 'dependsOn'> }
  | { readonly type: 'include'; readonly include: Omit<IncludeManifest, 'path' | 'dependsOn'> };

/** What one construct puts into one cluster as one piece. */
export interface Unit {
  readonly path: string;
  readonly owner: IConstruct;
  readonly entries: Entry[];
  /** Constructs of cdk8s that loaded objects of it in the program. */
  loads?: LoadManifest[];
}

/** What a construct renders for one cluster at synth. */
export interface Rendering {
  readonly entries: readonly Entry[];
  readonly assets?: readonly AssetSource[];
}

/** A construct of this package that renders late. */
export interface LateRendered {
  /** Clusters it goes to, in order of declaration; adds problems where the placement is wrong. */
  clusters(problems: Problem[]): readonly Cluster[];
  /** Problems that do not depend on the cluster. */
  validate(problems: Problem[]): void;
  render(cluster: Cluster, problems: Problem[]): Rendering;
  /** What is declared of an application and no object says. Called after `clusters`. */
  declared?(): AppManifest | undefined;
  /** Files for other tools than a cluster. Called after `clusters`. */
  documents?(problems: Problem[]): readonly RenderedDocument[];
  /** What is released step by step; undefined where that is wrong. Called when all clusters are rendered. */
  release?(problems: Problem[]): CanaryReleaseManifest | undefined;
  /** Called after the last cluster. */
  finish?(problems: Problem[]): void;
  /** What a cluster gets about what all clusters get. Called when everything else is there. */
  complete?(
    all: readonly ClusterUnits[],
    problems: Problem[],
  ): { readonly cluster: Cluster; readonly entries: Entry[] } | undefined;
}

const LATE = Symbol.for('orrery.lateRendered');

export function renderLate(construct: IConstruct, how: LateRendered): void {
  Object.defineProperty(construct, LATE, { value: how, enumerable: false });
}

export function lateRendered(construct: IConstruct): LateRendered | undefined {
  return (construct as { [LATE]?: LateRendered })[LATE];
}
