import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { TargetConfig } from '../cluster/target.ts';
import { OrreryError } from '../errors.ts';
import { nearestWord } from './nearest.ts';
import {
  type ConfiguredTarget,
  DEFAULT_OUTPUT,
  DEFAULT_PLAN_EXPIRES_IN_MS,
  type ProjectConfig,
} from './project-config.ts';
import { type Entry, YamlChecker } from './yaml-checker.ts';

/** Keys of cdk8s-cli (src/config.ts) that mean nothing here: the file serves both tools. */
export const CDK8S_KEYS = [
  'language',
  'imports',
  'importDirectory',
  'pluginsDirectory',
  'validations',
  'validationReportOutputFile',
  'synthConfig',
  'format',
  'helmSynthConfig',
] as const;

export const TOP_KEYS = ['app', 'output', 'targets', 'plan', 'helm', 'limits'] as const;
export const TARGET_KEYS = ['kubeconfig', 'context', 'inventoryNamespace', 'directory'] as const;
export const PLAN_KEYS = ['expiresIn'] as const;
export const HELM_KEYS = ['binary'] as const;
export const LIMIT_KEYS = ['requestsPerCluster', 'connectTimeout', 'requestTimeout'] as const;

export interface ReadConfigOptions {
  /** Folder that a relative `file` starts from. */
  readonly cwd: string;
  /** Default "cdk8s.yaml". */
  readonly file?: string | undefined;
  /** What "~/" in a path stands for. */
  readonly home?: string | undefined;
}

/**
 * Reads `cdk8s.yaml`: the file of cdk8s itself, with `targets`, `plan`, `helm` and `limits` beside cdk8s's keys.
 * @returns undefined when there is no such file and none was named
 * @throws OrreryError ORR1002 with file and line
 */
export function readConfig(options: ReadConfigOptions): ProjectConfig | undefined {
  const file = path.resolve(options.cwd, options.file ?? 'cdk8s.yaml');
  const name = relativeName(options.cwd, file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && options.file === undefined) return undefined;
    throw new OrreryError(
      'ORR1002',
      missing ? `there is no file ${name}` : `${name} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  return parseConfig(text, { file, name, home: options.home });
}

function relativeName(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') ? file : relative.split(path.sep).join('/');
}

export interface ParseConfigOptions {
  /** Absolute. */
  readonly file: string;
  /** The file as shown to people. */
  readonly name: string;
  readonly home?: string | undefined;
}

/** @throws OrreryError ORR1002 with file and line */
export function parseConfig(text: string, options: ParseConfigOptions): ProjectConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const [reason = ''] = error.message.split(/ at line \d+| *\n/);
    throw new OrreryError('ORR1002', `${options.name} is no valid YAML: ${reason}`, {
      source: `${options.name}:${line}`,
    });
  }
  const checker = new YamlChecker(document, lines, options.name);
  const folder = path.dirname(options.file);
  const top = checker.entries(document.contents, '', [...TOP_KEYS, ...CDK8S_KEYS]);
  const section = (key: string, known: readonly string[]): ReadonlyMap<string, Entry> =>
    checker.entries(top.get(key)?.node ?? null, key, known);
  const plan = section('plan', PLAN_KEYS);
  const helm = section('helm', HELM_KEYS);
  const limits = section('limits', LIMIT_KEYS);
  const helmBinary = checker.text(helm.get('binary'));
  const paths = { folder, home: options.home };
  return {
    file: options.file,
    folder,
    app: checker.text(top.get('app')),
    output: path.resolve(folder, checker.text(top.get('output')) ?? DEFAULT_OUTPUT),
    targets: readTargets(checker, top.get('targets'), paths),
    planExpiresInMs: checker.duration(plan.get('expiresIn')) ?? DEFAULT_PLAN_EXPIRES_IN_MS,
    // A bare name is looked up in the PATH, anything with a slash is a path.
    helmBinary: helmBinary === undefined || !/[\\/]/.test(helmBinary) ? helmBinary : absolute(helmBinary, paths),
    limits: {
      requestsPerCluster: checker.positiveInteger(limits.get('requestsPerCluster'), 1000),
      connectTimeoutMs: checker.duration(limits.get('connectTimeout')),
      requestTimeoutMs: checker.duration(limits.get('requestTimeout')),
    },
  };
}

interface PathContext {
  readonly folder: string;
  readonly home?: string | undefined;
}

export function absolute(file: string, context: PathContext): string {
  const expanded =
    context.home !== undefined && /^~(?=$|[\\/])/.test(file) ? path.join(context.home, file.slice(1)) : file;
  return path.resolve(context.folder, expanded);
}

function readTargets(
  checker: YamlChecker,
  targets: Entry | undefined,
  paths: PathContext,
): Map<string, ConfiguredTarget> {
  const result = new Map<string, ConfiguredTarget>();
  for (const entry of checker.entries(targets?.node ?? null, 'targets').values()) {
    result.set(entry.key, { target: readTarget(checker, entry, paths), source: entry.source });
  }
  return result;
}

function readTarget(checker: YamlChecker, entry: Entry, paths: PathContext): TargetConfig {
  const example = `Write a kubeconfig context ({ context: ${entry.key === '*' ? '"{cluster}"' : entry.key} }), a folder ({ directory: targets/${entry.key === '*' ? '{cluster}' : entry.key} }) or sandbox.`;
  if (isScalar(entry.node) && typeof entry.node.value === 'string') {
    if (entry.node.value === 'sandbox') return { kind: 'sandbox' };
    const meant = nearestWord(entry.node.value, ['sandbox']);
    throw checker.wrong(
      entry.source,
      `"${entry.path}" is "${entry.node.value}", which is no target`,
      meant === undefined ? example : `Did you mean "${meant}"?`,
    );
  }
  const keys = checker.entries(entry.node, entry.path, TARGET_KEYS);
  if (keys.size === 0) throw checker.wrong(entry.source, `"${entry.path}" says nothing`, example);
  const directory = keys.get('directory');
  if (directory !== undefined) {
    const other = [...keys.values()].find((one) => one.key !== 'directory');
    if (other !== undefined)
      throw checker.wrong(
        other.source,
        `"${entry.path}" is a directory and cannot have "${other.key}" too`,
        'Keep one of them.',
      );
    const folder = checker.text(directory);
    if (folder === undefined) throw checker.wrong(directory.source, `"${directory.path}" is empty`, example);
    return { kind: 'directory', directory: absolute(folder, paths) };
  }
  const kubeconfig = checker.text(keys.get('kubeconfig'));
  const context = checker.text(keys.get('context'));
  if (kubeconfig === undefined && context === undefined)
    throw checker.wrong(entry.source, `"${entry.path}" names neither kubeconfig, context nor directory`, example);
  return {
    kind: 'kubeconfig',
    kubeconfig: kubeconfig === undefined ? undefined : absolute(kubeconfig, paths),
    context,
    inventoryNamespace: checker.text(keys.get('inventoryNamespace')),
  };
}
