import { Buffer } from 'node:buffer';
import { list, record } from '../../kubernetes/fields.ts';
import type { CheckedObject, Workload } from '../check.ts';
import { containersOf } from '../pod-security/pod.ts';

/** A file that elastalert2 finds in its pod. */
export interface PodFile {
  /** The ConfigMap or Secret. */
  readonly object: CheckedObject;
  readonly key: string;
  readonly path: string;
  readonly text: string;
}

/** Where rules are unless its configuration says otherwise (chart/elastalert2/values.yaml, rulesFolder). */
const DEFAULT_FOLDER = '/opt/elastalert/rules';

/** The rules of a workload that runs elastalert2: files of its pods in the folder that its configuration names. */
export function ruleFiles(workload: Workload, objects: readonly CheckedObject[]): PodFile[] {
  const container = containersOf(workload.pod).find(({ fields }) =>
    /(^|[/-])elastalert/.test(String(fields.image ?? '')),
  );
  if (container === undefined) return [];
  const { namespace } = workload.object.id;
  const volumes = new Map(list(workload.pod.spec.volumes).map((volume) => [volume.name, volume]));
  const files = list(container.fields.volumeMounts).flatMap(({ name, mountPath, subPath }) => {
    const volume = volumes.get(name);
    return volume === undefined ? [] : filesOf(volume, namespace, objects, String(mountPath), subPath);
  });
  const folders = files.flatMap(({ text }) => foldersIn(text));
  const inRules = ({ path }: PodFile) =>
    (folders.length === 0 ? [DEFAULT_FOLDER] : folders).some((folder) =>
      path.startsWith(`${folder.replace(/\/+$/, '')}/`),
    );
  return files.filter((file) => /\.ya?ml$/.test(file.path) && inRules(file));
}

function filesOf(
  volume: Readonly<Record<string, unknown>>,
  namespace: string,
  objects: readonly CheckedObject[],
  mountPath: string,
  subPath: unknown,
): PodFile[] {
  const sources = [volume, ...list(record(volume.projected).sources)].flatMap((source) => [
    { kind: 'ConfigMap', name: record(source.configMap).name, items: record(source.configMap).items },
    {
      kind: 'Secret',
      name: record(source.secret).secretName ?? record(source.secret).name,
      items: record(source.secret).items,
    },
  ]);
  return sources.flatMap(({ kind, name, items }) => {
    const object = objects.find(
      ({ id }) => id.group === '' && id.kind === kind && id.namespace === namespace && id.name === name,
    );
    if (object === undefined) return [];
    const texts = textsOf(object);
    const paths: (readonly [string, string])[] = Array.isArray(items)
      ? list(items).map((item) => [String(item.key), String(item.path)])
      : [...texts.keys()].map((key) => [key, key]);
    return paths.flatMap(([key, inVolume]): PodFile[] => {
      const text = texts.get(key);
      if (text === undefined || (subPath !== undefined && subPath !== inVolume)) return [];
      const path = subPath === undefined ? `${mountPath.replace(/\/+$/, '')}/${inVolume}` : mountPath;
      return [{ object, key, path, text }];
    });
  });
}

function textsOf({ id, desired }: CheckedObject): ReadonlyMap<string, string> {
  const { data, stringData } = desired.object as Readonly<Record<string, unknown>>;
  const decode = (text: string) => (id.kind === 'Secret' ? Buffer.from(text, 'base64').toString('utf8') : text);
  return new Map([
    ...Object.entries(record(data)).map(([key, text]): [string, string] => [key, decode(String(text))]),
    ...Object.entries(record(stringData)).map(([key, text]): [string, string] => [key, String(text)]),
  ]);
}

/** `rules_folder` of a configuration: one, or a list. */
function foldersIn(text: string): string[] {
  const [, one, block = ''] = /^rules_folder:[ \t]*(\S.*)?((?:\n[ \t]*-[ \t]*\S.*)*)/m.exec(text) ?? [];
  const entries = one === undefined ? block.split('\n').map((line) => line.replace(/^[ \t]*-[ \t]*/, '')) : [one];
  return entries.map((entry) => entry.trim().replace(/^(['"])(.*)\1$/, '$2')).filter((entry) => entry.startsWith('/'));
}
