import type { Json, JsonObject } from '../kubernetes/object.ts';
import { excessiveAliasing, YAML_LIMITS } from './limits.ts';
import type { AliasNode, MappingNode, Node, ScalarNode } from './node.ts';
import { keyText, resolvePlain, resolveTagged, type Scalar } from './scalar.ts';
import type { Fail } from './source-text.ts';

/** From the syntax tree of one document to JSON, as sigs.k8s.io/yaml does it. */
export class Converter {
  readonly #fail: Fail;
  readonly #open = new Set<AliasNode>();
  #aliasDepth = 0;
  #depth = 0;
  #nodes = 0;
  #fromAliases = 0;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  convert(node: Node): Json {
    this.#count(node);
    switch (node.kind) {
      case 'alias':
        return this.#throughAlias(node, (target) => this.convert(target));
      case 'scalar':
        return this.#json(this.#scalar(node), node);
      case 'sequence':
        return this.#inside(node, () => node.items.map((item) => this.convert(item)));
      case 'mapping':
        return this.#inside(node, () => this.#map(node, {}));
    }
  }

  #count(node: Node): void {
    this.#nodes++;
    if (this.#aliasDepth > 0) this.#fromAliases++;
    if (excessiveAliasing(this.#nodes, this.#fromAliases))
      this.#fail(node.offset, 'the document multiplies itself through aliases');
  }

  #inside<T>(node: Node, read: () => T): T {
    if (++this.#depth > YAML_LIMITS.depth)
      this.#fail(node.offset, `the document nests more than ${YAML_LIMITS.depth} levels deep`);
    const value = read();
    this.#depth--;
    return value;
  }

  #throughAlias<T>(node: AliasNode, read: (target: Node) => T): T {
    if (this.#open.has(node)) this.#fail(node.offset, `the anchor &${node.name} contains itself`);
    this.#open.add(node);
    this.#aliasDepth++;
    const value = read(node.target);
    this.#aliasDepth--;
    this.#open.delete(node);
    return value;
  }

  #scalar(node: ScalarNode): Scalar {
    if (node.tag === undefined) return node.plain ? resolvePlain(node.text) : node.text;
    const value = resolveTagged(node.tag, node.text);
    if (value === undefined)
      return this.#fail(node.offset, `the value cannot be read as ${node.tag.replace(/^tag:yaml\.org,2002:/, '!!')}`);
    return value;
  }

  #json(value: Scalar, node: Node): Json {
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (String(number) === value.toString()) return number;
      return this.#fail(
        node.offset,
        `the integer ${value} cannot be kept exactly`,
        'Quote it where the field takes a string, else use a number below 2^53.',
      );
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value))
        return this.#fail(node.offset, 'infinity and NaN have no JSON form', 'Quote the value to make it a string.');
      return value === 0 ? 0 : value;
    }
    return value;
  }

  #map(node: MappingNode, target: JsonObject): JsonObject {
    const own = new Set<string>();
    for (const { key: keyNode, value } of node.pairs) {
      if (isMergeKey(keyNode)) {
        this.#merge(value, target, keyNode);
        continue;
      }
      const key = this.#key(keyNode, keyNode);
      if (own.has(key))
        this.#fail(
          keyNode.offset,
          `the key ${JSON.stringify(key)} stands twice in one mapping`,
          'Remove one of the two.',
        );
      own.add(key);
      setOwn(target, key, this.convert(value));
    }
    return target;
  }

  #key(key: Node, at: Node): string {
    this.#count(at);
    if (key.kind === 'alias') return this.#throughAlias(key, (target) => this.#key(target, at));
    if (key.kind !== 'scalar') {
      return this.#fail(
        at.offset,
        'a mapping key must be a string, not a collection',
        'Quote the key. In a Helm template: was {{ … }} meant?',
      );
    }
    return (
      keyText(this.#scalar(key)) ??
      this.#fail(at.offset, 'a mapping key must be a string, not null or a huge number', 'Quote the key.')
    );
  }

  /** Merges in text order, as go-yaml v2 does: a merge below an explicit key overrides that key. */
  #merge(value: Node, target: JsonObject, at: Node): void {
    const sources = value.kind === 'sequence' ? [...value.items].reverse() : [value];
    for (const item of sources) {
      const source = item.kind === 'alias' ? item.target : item;
      if (source.kind !== 'mapping') this.#failMerge(at);
      this.#mergeOne(item, target, at);
    }
  }

  #mergeOne(value: Node, target: JsonObject, at: Node): void {
    this.#count(value);
    if (value.kind === 'alias') this.#throughAlias(value, (node) => this.#mergeOne(node, target, at));
    else if (value.kind === 'mapping') this.#inside(value, () => this.#map(value, target));
    else this.#failMerge(at);
  }

  #failMerge(at: Node): never {
    return this.#fail(at.offset, 'a merge (<<) needs a mapping or a list of mappings');
  }
}

function isMergeKey(key: Node): boolean {
  if (key.kind !== 'scalar' || key.text !== '<<') return false;
  // "!" alone makes any scalar, quoted or not, resolve as if it were plain (go-yaml v2, parserc.go, yaml_parser_parse_node).
  return key.tag === undefined ? key.plain : key.tag === '!' || key.tag === 'tag:yaml.org,2002:merge';
}

/** `__proto__` is a key like any other: it becomes an own property and never touches the prototype. */
function setOwn(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
