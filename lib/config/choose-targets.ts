import path from 'node:path';
import type { TargetConfig } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { nearestWord } from './nearest.ts';
import type { ConfiguredTarget, ProjectConfig } from './project-config.ts';
import { absolute } from './read-config.ts';

export interface ClusterTarget {
  readonly cluster: string;
  readonly config: TargetConfig;
  /** Where this was said: "cdk8s.yaml:12" or "--target". */
  readonly source: string;
}

export interface ChosenTargets {
  readonly targets: readonly ClusterTarget[];
  /** Clusters without a target, one ORR3001 each: they are reported, the others go on. */
  readonly missing: readonly { readonly cluster: string; readonly error: OrreryError }[];
  /** Configured clusters that the program does not have: asked for an inventory of ours. */
  readonly left: readonly ClusterTarget[];
}

export interface ChooseTargetsOptions {
  readonly config: ProjectConfig;
  /** Clusters of the program, in order. */
  readonly clusters: readonly string[];
  /** From the command line; wins over the file. */
  readonly overrides?: ReadonlyMap<string, TargetConfig> | undefined;
  /** Clusters of the lock file: one that left the program and was reached through the entry `'*'` is known from there only. */
  readonly remembered?: readonly string[] | undefined;
  /** Every cluster is reached in the sandbox. */
  readonly sandbox?: boolean | undefined;
}

/** Decides how each cluster is reached: command line, then its own entry, then the entry `'*'`. */
export function chooseTargets(options: ChooseTargetsOptions): ChosenTargets {
  const { config, clusters } = options;
  const targets: ClusterTarget[] = [];
  const missing: { cluster: string; error: OrreryError }[] = [];
  for (const cluster of clusters) {
    const found = targetOf(cluster, options);
    if (found === undefined) missing.push({ cluster, error: missingTarget(cluster, config) });
    else targets.push({ cluster, config: found.target, source: found.source });
  }
  const left: ClusterTarget[] = [];
  if (options.sandbox !== true) {
    for (const cluster of new Set([...config.targets.keys(), ...(options.remembered ?? [])])) {
      const found = cluster === '*' || clusters.includes(cluster) ? undefined : targetOf(cluster, options);
      if (found !== undefined) left.push({ cluster, config: found.target, source: found.source });
    }
  }
  return { targets, missing, left };
}

function targetOf(cluster: string, options: ChooseTargetsOptions): ConfiguredTarget | undefined {
  const override = options.overrides?.get(cluster) ?? options.overrides?.get('*');
  if (override !== undefined) return { target: forCluster(override, cluster, true), source: '--target' };
  if (options.sandbox) return { target: { kind: 'sandbox' }, source: '--sandbox' };
  const own = options.config.targets.get(cluster);
  if (own !== undefined) return { ...own, target: forCluster(own.target, cluster, false) };
  const fallback = options.config.targets.get('*');
  return fallback === undefined ? undefined : { ...fallback, target: forCluster(fallback.target, cluster, true) };
}

/** Fills in `{cluster}`. A folder that is shared by the entry `'*'` and names no cluster gets a subfolder for each. */
function forCluster(target: TargetConfig, cluster: string, shared: boolean): TargetConfig {
  const filled = (text: string): string => text.replaceAll('{cluster}', cluster);
  if (target.kind === 'directory') {
    const folder = filled(target.directory);
    return { ...target, directory: shared && folder === target.directory ? path.join(folder, cluster) : folder };
  }
  if (target.kind === 'sandbox') return target;
  return {
    ...target,
    kubeconfig: target.kubeconfig === undefined ? undefined : filled(target.kubeconfig),
    context: target.context === undefined ? undefined : filled(target.context),
  };
}

function missingTarget(cluster: string, config: ProjectConfig): OrreryError {
  const names = [...config.targets.keys()].filter((name) => name !== '*');
  const meant = nearestWord(cluster, names);
  const file = config.file === undefined ? 'cdk8s.yaml' : path.basename(config.file);
  const name = quoted(cluster);
  const typo = meant === undefined ? '' : ` ${file} has a target "${meant}".`;
  return new OrreryError('ORR3001', `nothing says how cluster "${cluster}" is reached.${typo}`, {
    cluster,
    source: meant === undefined ? undefined : config.targets.get(meant)?.source,
    fix: `Add to ${file}:\n${config.targets.size === 0 ? 'targets:\n' : ''}  ${name}: { context: ${name} }\nor, for a folder of manifests,\n  ${name}: { directory: ${quoted(`targets/${cluster}`)} }`,
  });
}

/** A word as YAML takes it for text: `no` and `1.0` are something else without quotes. */
function quoted(word: string): string {
  const plain = /^[a-z_][\w./-]*$/i.test(word) && !/^(y|yes|n|no|on|off|true|false|null)$/i.test(word);
  return plain ? word : JSON.stringify(word);
}

/**
 * Reads `--target NAME=…`: `prod=sandbox`, `prod=directory:PATH`, `prod=context:NAME`, `prod=kubeconfig:PATH` or `prod=kubeconfig:PATH#CONTEXT`. NAME `*` means every cluster.
 * @throws OrreryError ORR1001
 */
export function parseTargetArgument(
  argument: string,
  context: { readonly cwd: string; readonly home?: string | undefined },
): readonly [string, TargetConfig] {
  const split = argument.indexOf('=');
  const [cluster, value] = [argument.slice(0, split), argument.slice(split + 1)];
  const fail = (what: string): OrreryError =>
    new OrreryError('ORR1001', `--target ${argument}: ${what}`, {
      fix: 'Write NAME=context:CONTEXT, NAME=kubeconfig:FILE#CONTEXT, NAME=directory:FOLDER or NAME=sandbox.',
    });
  if (split < 1) throw fail('there is no "=" after the name of a cluster');
  if (value === 'sandbox') return [cluster, { kind: 'sandbox' }];
  const kind = value.slice(0, Math.max(0, value.indexOf(':')));
  const rest = value.slice(kind.length + 1);
  if (rest === '') throw fail('nothing says where the cluster is');
  const paths = { folder: context.cwd, home: context.home };
  if (kind === 'directory') return [cluster, { kind: 'directory', directory: absolute(rest, paths) }];
  if (kind === 'context') return [cluster, { kind: 'kubeconfig', context: rest }];
  if (kind !== 'kubeconfig') throw fail(`"${kind}" is no kind of target`);
  const hash = rest.lastIndexOf('#');
  const file = hash < 0 ? rest : rest.slice(0, hash);
  return [
    cluster,
    { kind: 'kubeconfig', kubeconfig: absolute(file, paths), context: hash < 0 ? undefined : rest.slice(hash + 1) },
  ];
}
