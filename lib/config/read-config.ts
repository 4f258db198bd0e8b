import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FieldPathMistake, parseFieldPath } from '@orrery/constructs/field-path';
import type { FindingWaiver } from '../checks/run-checks.ts';
import type { TargetConfig } from '../cluster/target.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import { readYaml, type YamlDocument } from '../yaml/read.ts';
import { CheckedMap, duration, type Entry, fileEntry, positiveInteger, text, texts, wrong } from './checked-map.ts';
import { nearestWord } from './nearest.ts';
import {
  type ConfiguredTarget,
  type ConfiguredWaiver,
  DEFAULT_OUTPUT,
  DEFAULT_PLAN_EXPIRES_IN_MS,
  type ProjectConfig,
} from './project-config.ts';

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

export const TOP_KEYS = [
  'app',
  'output',
  'targets',
  'credentialPlugins',
  'plan',
  'helm',
  'kustomize',
  'remoteFiles',
  'limits',
  'waivers',
  'checks',
] as const;
export const TARGET_KEYS = ['kubeconfig', 'context', 'inventoryNamespace', 'directory', 'secrets'] as const;
const SECRET_RULES = ['refuse', 'write'] as const;
export const PLAN_KEYS = ['expiresIn'] as const;
export const HELM_KEYS = ['binary'] as const;
export const KUSTOMIZE_KEYS = ['binary'] as const;
export const REMOTE_FILE_KEYS = ['privateHosts'] as const;
export const CHECK_KEYS = ['crds', 'own', 'waive'] as const;
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
 * Reads `cdk8s.yaml`: the file of cdk8s itself, with `targets`, `plan`, `helm`, `kustomize`, `remoteFiles`, `limits` and `checks` beside cdk8s's keys.
 * @returns undefined when there is no such file and none was named
 * @throws OrreryError ORR1002 with file and line
 */
export function readConfig(options: ReadConfigOptions): ProjectConfig | undefined {
  const file = path.resolve(options.cwd, options.file ?? 'cdk8s.yaml');
  const name = relativeName(options.cwd, file);
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && options.file === undefined) return undefined;
    throw new OrreryError(
      'ORR1002',
      missing ? `there is no file ${name}` : `${name} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  return parseConfig(content, { file, name, home: options.home });
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
export function parseConfig(content: string, options: ParseConfigOptions): ProjectConfig {
  const document = parseFile(content, options.name);
  const file = new CheckedMap(document, options.name);
  const folder = path.dirname(options.file);
  const top = file.entries(fileEntry(document, options.name), [...TOP_KEYS, ...CDK8S_KEYS]);
  const plan = file.entries(top.get('plan'), PLAN_KEYS);
  const helm = file.entries(top.get('helm'), HELM_KEYS);
  const kustomize = file.entries(top.get('kustomize'), KUSTOMIZE_KEYS);
  const remoteFiles = file.entries(top.get('remoteFiles'), REMOTE_FILE_KEYS);
  const limits = file.entries(top.get('limits'), LIMIT_KEYS);
  const checks = file.entries(top.get('checks'), CHECK_KEYS);
  const paths = { folder, home: options.home };
  // A bare name is looked up in the PATH, anything with a slash is a path.
  const executable = (name: string): string => (/[\\/]/.test(name) ? absolute(name, paths) : name);
  const binaryOf = (entries: ReadonlyMap<string, Entry>): string | undefined => {
    const name = text(entries.get('binary'));
    return name === undefined ? undefined : executable(name);
  };
  return {
    file: options.file,
    folder,
    app: text(top.get('app')),
    output: path.resolve(folder, text(top.get('output')) ?? DEFAULT_OUTPUT),
    targets: readTargets(file, top.get('targets'), paths),
    credentialPlugins: texts(top.get('credentialPlugins')).map(executable),
    planExpiresInMs: duration(plan.get('expiresIn')) ?? DEFAULT_PLAN_EXPIRES_IN_MS,
    helmBinary: binaryOf(helm),
    kustomizeBinary: binaryOf(kustomize),
    privateHosts: texts(remoteFiles.get('privateHosts')),
    limits: {
      requestsPerCluster: positiveInteger(limits.get('requestsPerCluster'), 1000),
      connectTimeoutMs: duration(limits.get('connectTimeout')),
      requestTimeoutMs: duration(limits.get('requestTimeout')),
    },
    waivers: readWaivers(file, top.get('waivers')),
    waivedFindings: readWaivedFindings(file, checks.get('waive')),
    definitions: texts(checks.get('crds')),
    ownChecks: texts(checks.get('own')).map((name) => absolute(name, paths)),
  };
}

function parseFile(content: string, name: string): YamlDocument | undefined {
  let documents: YamlDocument[];
  try {
    documents = readYaml(content, { source: name });
  } catch (cause) {
    if (!isOrreryError(cause)) throw cause;
    throw new OrreryError('ORR1002', cause.message, { ...cause.where, fix: cause.fix, cause });
  }
  const second = documents[1];
  if (second !== undefined)
    throw new OrreryError('ORR1002', 'the file holds more than one YAML document', {
      source: `${name}:${second.line}`,
    });
  return documents[0];
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

function readTargets(file: CheckedMap, targets: Entry | undefined, paths: PathContext): Map<string, ConfiguredTarget> {
  const result = new Map<string, ConfiguredTarget>();
  for (const entry of file.entries(targets).values()) {
    result.set(entry.key, { target: readTarget(file, entry, paths), source: entry.source });
  }
  return result;
}

/** By check, then by object: the reason. */
function readWaivedFindings(file: CheckedMap, waive: Entry | undefined): FindingWaiver[] {
  return [...file.entries(waive).values()].flatMap((check) =>
    [...file.entries(check).values()].map((entry) => {
      const reason = text(entry);
      if (reason === undefined)
        throw wrong(entry, `"${entry.path}" gives no reason`, 'Write why the finding may stay, as a text.');
      return { check: check.key, objects: entry.key, reason, source: entry.source };
    }),
  );
}

function readTarget(file: CheckedMap, entry: Entry, paths: PathContext): TargetConfig {
  const name = entry.key === '*' ? '{cluster}' : entry.key;
  const example = `Write a kubeconfig context ({ context: "${name}" }), a folder ({ directory: "targets/${name}" }) or sandbox.`;
  if (typeof entry.value === 'string') {
    if (entry.value === 'sandbox') return { kind: 'sandbox' };
    const meant = nearestWord(entry.value, ['sandbox']);
    throw wrong(
      entry,
      `"${entry.path}" is "${entry.value}", which is no target`,
      meant === undefined ? example : `Did you mean "${meant}"?`,
    );
  }
  const keys = file.entries(entry, TARGET_KEYS);
  if (keys.size === 0) throw wrong(entry, `"${entry.path}" says nothing`, example);
  const directory = keys.get('directory');
  if (directory !== undefined) {
    const other = [...keys.values()].find((one) => one.key !== 'directory' && one.key !== 'secrets');
    if (other !== undefined)
      throw wrong(other, `"${entry.path}" is a directory and cannot have "${other.key}" too`, 'Keep one of them.');
    const folder = text(directory);
    if (folder === undefined) throw wrong(directory, `"${directory.path}" is empty`, example);
    return { kind: 'directory', directory: absolute(folder, paths), secrets: secretRule(keys.get('secrets')) };
  }
  const secrets = keys.get('secrets');
  if (secrets !== undefined)
    throw wrong(secrets, `"${secrets.path}" is for directories only`, 'Remove it: a cluster keeps Secrets itself.');
  const kubeconfig = text(keys.get('kubeconfig'));
  const context = text(keys.get('context'));
  if (kubeconfig === undefined && context === undefined)
    throw wrong(entry, `"${entry.path}" names neither kubeconfig, context nor directory`, example);
  return {
    kind: 'kubeconfig',
    kubeconfig: kubeconfig === undefined ? undefined : absolute(kubeconfig, paths),
    context,
    inventoryNamespace: text(keys.get('inventoryNamespace')),
  };
}

/** Identity, and what everything of an object is in. */
const NEVER_WAIVED = new Set(['apiVersion', 'kind', 'metadata', 'metadata.name', 'metadata.namespace']);

/** Cluster → object → paths. */
function readWaivers(file: CheckedMap, waivers: Entry | undefined): ConfiguredWaiver[] {
  return [...file.entries(waivers).values()].flatMap((cluster) =>
    [...file.entries(cluster).values()].flatMap((object) => {
      const paths = Array.isArray(object.value) ? object.value : [object.value];
      return paths.map((path): ConfiguredWaiver => {
        if (typeof path !== 'string' || parseFieldPath(path) instanceof FieldPathMistake || NEVER_WAIVED.has(path)) {
          throw wrong(
            object,
            `"${object.path}" holds ${JSON.stringify(path)}, which is no path of a field that can be dropped`,
            'Write fields as plans print them: spec.template.spec.containers[name=cart].resizePolicy',
          );
        }
        return { cluster: cluster.key, object: object.key, path, source: object.source };
      });
    }),
  );
}

function secretRule(entry: Entry | undefined): 'refuse' | 'write' | undefined {
  const value = text(entry);
  const rule = SECRET_RULES.find((one) => one === value);
  if (entry !== undefined && value !== undefined && rule === undefined)
    throw wrong(entry, `"${entry.path}" is "${value}"`, `Choose ${SECRET_RULES.join(' or ')}.`);
  return rule;
}
