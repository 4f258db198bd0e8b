import { OrreryError } from '../errors.ts';
import type { ChartFile } from '../helm/chart-archive.ts';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import { readYaml } from '../yaml/read.ts';
import type { TypesFile } from './definition-types.ts';
import { TypeWriter } from './type-writer.ts';
import { objectOf, oneLine, pascal } from './typescript-text.ts';

/**
 * The types of a chart's values: from its values.schema.json, or where it has none from its values.yaml (then only the names are known: a scalar may be any scalar).
 * Everything is optional, because the chart's own values are merged underneath; null takes a default away.
 * @param files of the chart, as in its folder or archive
 * @param source of the chart, for errors
 * @throws OrreryError ORR2502 for a chart with neither, or without a name; ORR2201 for files that cannot be read
 */
export function typesOfValues(files: readonly ChartFile[], source: string): TypesFile {
  const chart = objectOf(read(files, 'Chart.yaml', source)) ?? {};
  if (typeof chart.name !== 'string' || !/^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(chart.name))
    throw new OrreryError('ORR2502', `${source} is no chart: its Chart.yaml names none.`, {
      fix: 'Give the folder or archive of a Helm chart.',
    });
  const schema = objectOf(read(files, 'values.schema.json', source));
  const values = schema === undefined ? objectOf(read(files, 'values.yaml', source)) : undefined;
  if (schema === undefined && values === undefined)
    throw new OrreryError('ORR2502', `the chart ${chart.name} has neither values.schema.json nor values.yaml.`, {
      source,
    });
  const root = schema ?? schemaOf(values ?? {});
  const name = `${pascal(chart.name)}Values`;
  const writer = new TypeWriter('values', root);
  // A root that is a reference or a combination of schemas is no interface of its own.
  if (root.properties === undefined) {
    writer.reserve(name);
    writer.alias(name, root);
  } else writer.declare(name, () => writer.members(root, name));
  const about = `${chart.name}${typeof chart.version === 'string' ? ` ${oneLine(chart.version)}` : ''}`;
  const from = schema === undefined ? 'values.yaml: names are known, types are not' : 'values.schema.json';
  return {
    path: `helm/${chart.name}.ts`,
    text: `// Values of the chart ${about}, from its ${from}. Written by orrery import; changes are lost with the next import.\n\n${writer.text()}`,
    about: `${name} (chart ${about}, from its ${schema === undefined ? 'values.yaml' : 'values.schema.json'})`,
  };
}

/** A file at the root of a chart: in a folder "Chart.yaml", in an archive "name/Chart.yaml". */
function read(files: readonly ChartFile[], name: string, source: string): Json | undefined {
  const depth = files.some((file) => file.name === 'Chart.yaml') ? 1 : 2;
  const found = files.find(
    (file) => file.name.split('/').length === depth && file.name.endsWith(depth === 1 ? name : `/${name}`),
  );
  if (found === undefined) return undefined;
  const place = `${source}/${name}`;
  return name.endsWith('.json')
    ? readJson(found.bytes, place)
    : (readYaml(found.bytes, { source: place })[0]?.value ?? {});
}

function readJson(bytes: Buffer, source: string): Json {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OrreryError('ORR2201', `this is no JSON: ${reason}`, { source, cause, fix: 'Correct it there.' });
  }
}

const SCALAR: JsonObject = { type: ['string', 'number', 'boolean', 'null'] };

/** What values.yaml says about names: a scalar may be replaced by any scalar, a list by any list, what is null or empty by anything. */
function schemaOf(values: JsonObject): JsonObject {
  const properties: JsonObject = {};
  for (const [key, value] of Object.entries(values)) {
    const object = objectOf(value);
    if (object !== undefined && Object.keys(object).length > 0) properties[key] = schemaOf(object);
    else if (Array.isArray(value)) properties[key] = { type: 'array' };
    else properties[key] = object === undefined && value !== null ? SCALAR : {};
  }
  return { type: 'object', properties };
}
