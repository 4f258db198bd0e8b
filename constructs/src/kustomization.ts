import * as path from 'node:path';
import { Construct } from 'constructs';
import type { Placement } from './placement';
import { folderAsset, hasFile } from './private/assets';
import { checkedId } from './private/construct-id';
import { chartNamespace, clustersOf, validateNamespace } from './private/delivery';
import { recordLocation } from './private/location';
import { type Problem, problemAt } from './private/problem';
import { type AssetSource, renderLate } from './private/unit';

/** Names that kustomize looks for (kustomize api/konfig: RecognizedKustomizationFileNames). */
const FILE_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export interface KustomizationProps {
  /** Folder with the kustomization.yaml, relative to the folder that the program runs in. */
  readonly folder: string;
  /**
   * Folder that holds everything the kustomization refers to: itself, bases, components. It is copied into the assembly as a whole.
   * @default - `folder`
   */
  readonly root?: string;
  /**
   * Namespace of namespaced objects that name none once the kustomization is built.
   * @default - the namespace of the chart around it, else none
   */
  readonly namespaceName?: string;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/**
 * Objects that a kustomization makes. Its folder is copied into the assembly; the engine has them built by the kustomize that kubectl carries.
 */
export class Kustomization extends Construct {
  /** Path of the folder, as given. */
  public readonly folder: string;

  /**
   * @param scope the platform (with a placement), a cluster, or a chart in a cluster
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: KustomizationProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    this.folder = props.folder;
    let source: AssetSource | undefined;
    renderLate(this, {
      clusters: (problems) => clustersOf(this, props.placement, problems),
      validate: (problems) => {
        source = undefined;
        this.validate(props, problems);
        validateNamespace(this, props.namespaceName, problems);
      },
      render: () => {
        const within = placeInRoot(props);
        if (within === undefined) return { entries: [] };
        source ??= folderAsset(this, 'The folder of the kustomization', props.root ?? props.folder);
        const namespace = props.namespaceName ?? chartNamespace(this);
        const include = {
          file: source.asset,
          kustomization: within,
          ...(namespace === undefined ? {} : { namespace }),
        };
        return {
          entries: [{ path: this.node.path, owner: this, content: { type: 'include', include } }],
          assets: [source],
        };
      },
    });
  }

  private validate(props: KustomizationProps, problems: Problem[]): void {
    const report = (code: 'ORR2011' | 'ORR2014', what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix }));
    if (props.folder === undefined) report('ORR2011', 'The Kustomization has no folder.', 'Set folder.');
    else if (placeInRoot(props) === undefined) {
      const fix = 'root is a folder around the kustomization and all that it refers to.';
      report('ORR2014', `The folder "${props.folder}" is not in "${props.root}".`, fix);
    } else if (!FILE_NAMES.some((name) => hasFile(path.join(props.folder, name)))) {
      const fix = `Name a folder that has a ${FILE_NAMES[0]}; paths are relative to the folder that the program runs in.`;
      report('ORR2014', `There is no kustomization in "${props.folder}".`, fix);
    }
  }
}

/** Folder of the kustomization in the root, with forward slashes, "." for the root itself; undefined where it lies elsewhere. */
function placeInRoot({ folder, root = folder }: KustomizationProps): string | undefined {
  if (folder === undefined) return undefined;
  const within = path.relative(root, folder).split(path.sep).join('/');
  if (within === '..' || within.startsWith('../') || path.isAbsolute(within)) return undefined;
  return within === '' ? '.' : within;
}
