import { Construct } from 'constructs';
import type { IncludeManifest } from './assembly-format';
import type { Placement } from './placement';
import { fileAsset } from './private/assets';
import { checkedId } from './private/construct-id';
import { chartNamespace, clustersOf, validateNamespace } from './private/delivery';
import { recordLocation } from './private/location';
import { fail, type Problem, problemAt } from './private/problem';
import { digestOf, isAddress, remoteFile } from './private/remote-file';
import { type AssetSource, renderLate } from './private/unit';

export interface IncludeProps {
  /**
   * YAML file with one or more Kubernetes objects: a path relative to the folder that the program runs in, or an https address. What lies at an address is
   * fetched by the engine, never by the program, and needs `sha256`.
   */
  readonly file: string;
  /**
   * What the file has to be: 64 hexadecimal digits, as `sha256sum` prints them. Required for an address; a local file with another digest is refused, too.
   * @default - a local file may be any
   */
  readonly sha256?: string;
  /**
   * Namespace of namespaced objects of the file that name none.
   * @default - the namespace of the chart around it, else none
   */
  readonly namespaceName?: string;
  /** Where it goes. Required in the platform; not allowed inside a cluster. @default - the cluster it is in */
  readonly placement?: Placement;
}

/** Where the objects are: in a file of the assembly, or at an address. */
interface IncludeSource {
  readonly include: Pick<IncludeManifest, 'file' | 'url'>;
  readonly assets: readonly AssetSource[];
}

/**
 * Objects of a YAML file, taken as they are. A local file is copied into the assembly, of a remote one its address and digest stand there; the engine reads
 * both, so that the rules are kubectl's and mistakes are reported with line and column.
 */
export class Include extends Construct {
  /** Path or address of the file, as given. */
  public readonly file: string;

  /**
   * @param scope the platform (with a placement), a cluster, or a chart in a cluster
   * @param id unique in the scope
   */
  public constructor(scope: Construct, id: string, props: IncludeProps) {
    super(scope, checkedId(scope, id));
    recordLocation(this);
    this.file = props.file;
    let find: (() => IncludeSource) | undefined;
    let source: IncludeSource | undefined;
    renderLate(this, {
      clusters: (problems) => clustersOf(this, props.placement, problems),
      validate: (problems) => {
        source = undefined;
        find = this.validate(props, problems);
        validateNamespace(this, props.namespaceName, problems);
      },
      render: () => {
        source ??= find?.();
        if (source === undefined) return { entries: [] };
        const namespace = props.namespaceName ?? chartNamespace(this);
        const include = { ...source.include, ...(namespace === undefined ? {} : { namespace }) };
        return {
          entries: [{ path: this.node.path, owner: this, content: { type: 'include', include } }],
          assets: source.assets,
        };
      },
    });
  }

  /** How the source is found once everything is valid; undefined where it is not. */
  private validate({ file, sha256 }: IncludeProps, problems: Problem[]): (() => IncludeSource) | undefined {
    const missing = (what: string, fix: string) => {
      problems.push(problemAt(this, 'ORR2011', what, { fix }));
      return undefined;
    };
    if (file === undefined) return missing('The Include has no file.', 'Set file.');
    const digest = sha256 === undefined ? undefined : digestOf(this, sha256, problems);
    if (!isAddress(file)) {
      return sha256 !== undefined && digest === undefined ? undefined : () => this.localFile(file, digest);
    }
    const remote = remoteFile(this, file, problems);
    if (remote === undefined) return undefined;
    if (sha256 === undefined) {
      const fix = 'Look through what lies there, and set sha256 to its digest, as `sha256sum` prints it.';
      return missing(`The remote file "${remote.shown}" has no sha256.`, fix);
    }
    if (digest === undefined) return undefined;
    const asset = { sha256: digest, source: remote.shown };
    return () => ({ include: { file: asset, url: remote.url }, assets: [] });
  }

  private localFile(file: string, digest: string | undefined): IncludeSource {
    const source = fileAsset(this, 'The included file', file);
    const { sha256 } = source.asset;
    if (digest !== undefined && sha256 !== digest) {
      const what = `The included file "${file}" has the sha256 ${sha256}, not ${digest}.`;
      fail(this, 'ORR2014', what, { fix: 'Look at what changed in it; if it is right, set sha256 anew.' });
    }
    return { include: { file: source.asset }, assets: [source] };
  }
}
