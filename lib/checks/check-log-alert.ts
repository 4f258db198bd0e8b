import { OrreryError } from '../errors.ts';
import { record } from '../kubernetes/fields.ts';
import { readYaml, type YamlDocument } from '../yaml/read.ts';
import type { CheckedCluster, ClusterCheck, Found, Workload } from './check.ts';
import { type PodFile, ruleFiles } from './elastalert/rule-files.ts';
import { ruleMistakes } from './elastalert/rule-mistakes.ts';

/** Rules of elastalert2 as it reads them (elastalert/loaders.py): with one that is wrong it does not start, and nobody is told of anything. */
export const logAlerts: ClusterCheck = {
  looksAt: 'cluster',
  id: 'log-alert',
  title: 'rules of elastalert2 that it cannot load',
  run: (cluster) => cluster.workloads.all.flatMap((workload) => workloadFindings(workload, cluster)),
};

function workloadFindings(workload: Workload, { objects }: CheckedCluster): Found[] {
  const names = new Map<string, PodFile>();
  return ruleFiles(workload, objects).flatMap((file) => {
    const document = read(file);
    if (Array.isArray(document)) return document;
    if (document === undefined) return [];
    const name = record(document.value).name ?? file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
    const other = names.get(String(name));
    names.set(String(name), file);
    return [
      ...ruleMistakes(document.value).map(({ path, severity, what, fix }) => ({
        ...found(file, what, fix, path.length === 0 ? 1 : document.lineOfKey(path)),
        severity,
      })),
      ...(other === undefined
        ? []
        : [found(file, `The rule of ${other.key} has the same name.`, 'Give each rule a name of its own.', 1)]),
    ];
  });
}

/** The one document of a file; undefined where only Python could read it; what is wrong with it where it is none. */
function read(file: PodFile): YamlDocument | Found[] | undefined {
  // A tag by which elastalert2 includes other files.
  if (/(^|\s)!\w/.test(file.text)) return undefined;
  try {
    const [document, ...more] = readYaml(file.text, { source: file.key });
    if (document === undefined) return [found(file, 'The rule is empty.', 'Write one, or leave the file out.', 1)];
    return more.length === 0
      ? document
      : [found(file, 'The file has several documents.', 'Put each rule into a file of its own.', 1)];
  } catch (error) {
    if (!(error instanceof OrreryError)) throw error;
    const [, line = '1'] = /:(\d+):\d+$/.exec(error.where.source ?? '') ?? [];
    // What a parser says may quote the text, which of a Secret nobody may see.
    const what = file.object.id.kind === 'Secret' ? 'it is no YAML' : error.message;
    return [found(file, `The rule cannot be read: ${what}.`, 'Correct the YAML.', Number(line))];
  }
}

function found(file: PodFile, what: string, fix: string, line: number): Found {
  const { object, key } = file;
  return { object, severity: 'error', field: `data[${JSON.stringify(key)}]`, what: `Line ${line}: ${what}`, fix };
}
