// The table of built-in kinds that `orrery check` reads (lib/checks/schema/built-in-table.ts says how), from what API servers say in /openapi/v3.

/**
 * @param releases oldest first: `{ minor: 34, documents: [...] }`, the OpenAPI documents of every group and version
 * @returns one line per kind ("apps/v1 Deployment: apps.v1.Deployment"), an empty line, one line per type
 */
export function schemaTable(releases) {
  const types = new Map();
  const kinds = new Map();
  for (const { minor, documents } of releases) {
    const schemas = Object.assign({}, ...documents.map(({ components }) => components?.schemas ?? {}));
    const applied = appliedKinds(documents, schemas);
    for (const [kind, name] of applied) add(kinds, kind, shortName(name), minor);
    for (const name of reachable(applied.values(), schemas)) {
      const lines = getOrAdd(types, shortName(name), () => new Map());
      const isKind = [...applied.values()].includes(name);
      for (const [field, code] of fieldsOf(schemas[name], isKind)) add(lines, field, code, minor);
      // A type without fields has a line, too.
      if (lines.size === 0) add(lines, '', '', minor);
    }
  }
  const minors = releases.map(({ minor }) => minor);
  const kindLines = [...kinds].map(([kind, codes]) => `${kind}: ${ranges('', codes, minors).join('; ')}`);
  const typeLines = [...types].map(
    ([name, fields]) =>
      `${name}: ${[...fields]
        .sort(byName)
        .flatMap(([field, codes]) => ranges(field, codes, minors))
        .join('; ')}`,
  );
  return `${minors.join(' ')}\n\n${kindLines.sort().join('\n')}\n\n${typeLines.sort().join('\n')}\n`;
}

function byName([a], [b]) {
  return a < b ? -1 : 1;
}

/** "apps/v1 Deployment" → name of its schema, for everything that can be created. */
function appliedKinds(documents, schemas) {
  const kinds = new Map();
  for (const { paths } of documents) {
    for (const { post } of Object.values(paths)) {
      const kind = post?.['x-kubernetes-group-version-kind'];
      const reference =
        post?.requestBody?.content['*/*']?.schema?.$ref ?? post?.requestBody?.content['application/json']?.schema?.$ref;
      if (kind === undefined || reference === undefined) continue;
      const name = referenced(reference);
      // Subresources take kinds of other groups (Eviction, Scale): they are no objects of their own.
      const own = schemas[name]?.['x-kubernetes-group-version-kind'] ?? [];
      if (!own.some((one) => one.kind === kind.kind && one.group === kind.group && one.version === kind.version))
        continue;
      kinds.set(`${kind.group === '' ? '' : `${kind.group}/`}${kind.version} ${kind.kind}`, name);
    }
  }
  return kinds;
}

/** Names of the object types that can be reached from kinds. What only a status holds is nobody's to apply. */
function reachable(kinds, schemas) {
  const roots = new Set(kinds);
  const found = new Set(roots);
  for (const name of found) {
    for (const [field, schema] of Object.entries(schemas[name].properties)) {
      if (roots.has(name) && field === 'status') continue;
      const inner = innermost(schema);
      if (inner !== undefined && schemas[inner].properties !== undefined) found.add(inner);
    }
  }
  return found;
}

function innermost(schema) {
  if (schema.items !== undefined) return innermost(schema.items);
  if (typeof schema.additionalProperties === 'object') return innermost(schema.additionalProperties);
  const reference = referenceOf(schema);
  return reference === undefined ? undefined : referenced(reference);
}

function fieldsOf(schema, isKind) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, field]) => {
    if (isKind && name === 'status') return [name, '*'];
    return [name, `${codeOf(field)}${required.has(name) ? '!' : ''}${isStruct(field) ? '+' : ''}${listDefault(field)}`];
  });
}

/** A struct that Go cannot leave out: where it is absent, its own required fields are. */
function isStruct(field) {
  return (
    typeof field.default === 'object' &&
    referenceOf(field) !== undefined &&
    !(referenced(referenceOf(field)) in SPECIAL)
  );
}

/** Only defaults that can complete the key of a list item matter. Others say what Go makes of an absent field. */
function listDefault(field) {
  return typeof field.default === 'string' && field.default !== '' ? `~${plain(field.default)}` : '';
}

function codeOf(field) {
  const reference = referenceOf(field);
  if (reference !== undefined) return SPECIAL[referenced(reference)] ?? `#${shortName(referenced(reference))}`;
  switch (field.type) {
    case 'array':
      return `[${listRule(field)}${codeOf(field.items)}]`;
    case 'object':
      return typeof field.additionalProperties === 'object' ? `{${codeOf(field.additionalProperties)}}` : 'o';
    case 'integer':
      return field.format === 'int32' ? 'i' : 'I';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'string': {
      if (field.format === 'byte') return 'y';
      return field.enum === undefined ? 's' : `s(${field.enum.map(plain).join('|')})`;
    }
    case undefined:
      return '*';
    default:
      throw new Error(`a field of type ${field.type}`);
  }
}

function listRule(field) {
  switch (field['x-kubernetes-list-type']) {
    case 'map':
      return `${field['x-kubernetes-list-map-keys'].join(',')}=`;
    case 'set':
      return '=';
    default:
      return '';
  }
}

const SPECIAL = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'o',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'o',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': '*',
  // Each may be a schema; what the schema says is not looked at.
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'L',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'B',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'L',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus': 'o',
  'io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec': 'o',
};

function plain(value) {
  if (/[;|()~!@:]/.test(value)) throw new Error(`${value} cannot stand in the table`);
  return value;
}

function referenceOf(schema) {
  return schema.$ref ?? schema.allOf?.[0]?.$ref;
}

function referenced(reference) {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** "io.k8s.api.core.v1.Container" → "core.v1.Container". */
function shortName(name) {
  return name.replace(/^io\.k8s\.(api|apimachinery\.pkg\.apis|[\w-]+\.pkg\.apis)\./, '');
}

function add(lines, name, code, minor) {
  getOrAdd(lines, name, () => new Map()).set(minor, code);
}

function getOrAdd(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

/** "replicas i", and with the releases that have it where not all do: "workloadRef #…@35-35". */
function ranges(name, codes, minors) {
  const found = [];
  for (const minor of minors) {
    const code = codes.get(minor);
    if (code === undefined) continue;
    const last = found.at(-1);
    if (last?.code === code && last.to === minor - 1) last.to = minor;
    else found.push({ code, from: minor, to: minor });
  }
  return found.map(({ code, from, to }) => {
    const always = from === minors[0] && to === minors.at(-1);
    return `${name}${name === '' ? '' : ' '}${code}${always ? '' : `@${from}-${to}`}`;
  });
}

/** "extensions/v1beta1 Ingress 14 22 networking.k8s.io/v1 Ingress": minors of deprecation and removal, and what replaces it where the source says so. */
export function lifecycleTable(sources) {
  const lines = sources.flatMap(({ version, register, lifecycle }) => {
    const group = /GroupName\s*=\s*"([^"]*)"/.exec(register)[1];
    const kinds = new Map();
    for (const [, kind, rule, body] of lifecycle.matchAll(LIFECYCLE)) getOrAdd(kinds, kind, () => ({}))[rule] = body;
    return [...kinds].flatMap(([kind, { Deprecated, Removed, Replacement }]) => {
      if (kind.endsWith('List') || Removed === undefined) return [];
      const next = /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(Replacement ?? '');
      const minors = [Deprecated, Removed].map((one) => one.replace(/^1, /, ''));
      // One of them names the kind of the list.
      const replacement = next === null ? '' : ` ${apiVersion(next[1], next[2])} ${next[3].replace(/List$/, '')}`;
      return [`${apiVersion(group, version)} ${kind} ${minors.join(' ')}${replacement}`];
    });
  });
  return `${lines.sort().join('\n')}\n`;
}

const LIFECYCLE = /^func \(in \*(\w+)\) APILifecycle(\w+)\(\)[^{]*\{\n\s*return (.*)$/gm;

function apiVersion(group, version) {
  return group === '' ? version : `${group}/${version}`;
}
