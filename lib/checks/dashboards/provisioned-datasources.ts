import { OrreryError } from '../../errors.ts';
import { list, record } from '../../kubernetes/fields.ts';
import { readYaml } from '../../yaml/read.ts';
import type { CheckedObject } from '../check.ts';

/** uids that Grafana has of its own (grafana/grafana pkg/tsdb/grafanads, public/app/plugins/datasource/mixed, …/dashboard). */
const BUILT_IN: ReadonlySet<unknown> = new Set([
  'grafana',
  '-- Grafana --',
  '-- Mixed --',
  '-- Dashboard --',
  '__expr__',
]);

/**
 * uids of data sources that the program gives to Grafana in a cluster (grafana/grafana docs, "Provision data sources"; grafana-operator GrafanaDatasource); undefined where nobody knows all of
 * them.
 */
export function provisionedDatasources(objects: readonly CheckedObject[]): ReadonlySet<string> | undefined {
  const uids: string[] = [];
  for (const { id, desired } of objects) {
    const content = desired.object as unknown as Readonly<Record<string, unknown>>;
    if (id.group === 'grafana.integreatly.org' && id.kind === 'GrafanaDatasource') {
      const spec = record(content.spec);
      uids.push(...[spec.uid, record(spec.datasource).uid].filter((uid) => typeof uid === 'string'));
    } else if (id.group === '' && Object.hasOwn(record(record(content.metadata).labels), 'grafana_datasource')) {
      // What is in Secrets is not read.
      const found = id.kind === 'ConfigMap' ? uidsOfFiles(record(content.data)) : undefined;
      if (found === undefined) return undefined;
      uids.push(...found);
    }
  }
  return uids.length === 0 ? undefined : new Set(uids);
}

/** Whether Grafana has it without being told. */
export function isBuiltIn(uid: string): boolean {
  return BUILT_IN.has(uid);
}

/** undefined where one of them has no uid, or cannot be read: Grafana then makes one up. */
function uidsOfFiles(files: Readonly<Record<string, unknown>>): string[] | undefined {
  try {
    const sources = Object.entries(files).flatMap(([source, text]) =>
      readYaml(String(text), { source }).flatMap(({ value }) => list(record(value).datasources)),
    );
    const uids = sources.flatMap(({ uid }) => (typeof uid === 'string' ? [uid] : []));
    return uids.length === sources.length ? uids : undefined;
  } catch (error) {
    if (error instanceof OrreryError) return undefined;
    throw error;
  }
}
