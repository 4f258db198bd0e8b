import { Construct } from 'constructs';
import type { Placement } from './placement';
import { fileAsset } from './private/assets';
import { checkedId } from './private/construct-id';
import { chartNamespace, clustersOf, validateNamespace } from './private/delivery';
import { recordLocation } from './private/location';
import { problemAt } from './private/problem';
import { type AssetSource, renderLate } from './private/unit';

export interface IncludeProps {
  /** YAML file with one or more Kubernetes objects, relative to the folder that the program runs in. */
  readonly file: string;
  /**
   * Namespace of namespaced objects of the file that name none.
   * @default - the namespace of the chart around it, else none
   */
  readonly namespaceName?: string;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/**
 * Objects of a YAML file, taken as they are. The file is copied into the assembly; the engine reads it, so that the rules are kubectl's and
 * mistakes are reported with line and column.
 */
export class Include extends Construct {
  /** Path of the file, as given. */
  public readonly file: string;

  /**
   * @param scope the platform (with a placement), a cluster, or a chart in a cluster
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: IncludeProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    this.file = props.file;
    let source: AssetSource | undefined;
    renderLate(this, {
      clusters: (problems) => clustersOf(this, props.placement, problems),
      validate: (problems) => {
        source = undefined;
        if (props.file === undefined)
          problems.push(problemAt(this, 'ORR2011', 'The Include has no file.', { fix: 'Set file.' }));
        validateNamespace(this, props.namespaceName, problems);
      },
      render: () => {
        if (props.file === undefined) return { entries: [] };
        source ??= fileAsset(this, 'The included file', props.file);
        const namespace = props.namespaceName ?? chartNamespace(this);
        const include = { file: source.asset, ...(namespace === undefined ? {} : { namespace }) };
        return {
          entries: [{ path: this.node.path, owner: this, content: { type: 'include', include } }],
          assets: [source],
        };
      },
    });
  }
}
