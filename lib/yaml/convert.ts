import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json, JsonObject } from '../kubernetes/object.ts';
import { excessiveAliasing, YAML_LIMITS } from './limits.ts';
import { keyText, resolvePlain, resolveTagged, type Scalar } from './scalar.ts';
import type { Fail } from './source-text.ts';

/** From the syntax tree of one document to JSON. */
export class Converter {
  readonly #fail: Fail;
  /** Alias → the node it stands for. */
  readonly #targets = new Map<Node, Node>();
  readonly #open = new Set<Node>();
  #aliasDepth = 0;
  #depth = 0;
  #nodes = 0;
  #fromAliases = 0;

  readonly #text: string;

  constructor(root: Node | null, text: string, fail: Fail) {
    this.#fail = fail;
    this.#text = text;
    if (root !== null && text.includes('*')) this.#bind(root, new Map());
  }

  /** Binds every alias to the last anchor of its name above it in the text; a name may be given again further down. */
  #bind(node: Node | null, anchors: Map<string, Node>): void {
    if (node === null) return;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) this.#fail(offsetOf(node), `the alias *${node.source} names no anchor above it`);
      this.#targets.set(node, target as Node);
      return;
    }
    const name = (node as { anchor?: string }).anchor;
    if (name !== undefined) anchors.set(name, node);
    if (isSeq(node)) {
      for (const item of node.items) this.#bind(item as Node, anchors);
    } else if (isMap(node)) {
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        this.#bind(pair.key, anchors);
        this.#bind(pair.value, anchors);
      }
    }
  }

  convert(node: Node | null): Json {
    if (node === null) return null;
    this.#count(node);
    if (isAlias(node)) return this.#throughAlias(node, (target) => this.convert(target));
    this.#checkAnchor(node);
    if (isScalar(node)) return this.#json(this.#scalar(node), node);
    this.#enter(node);
    const value = isMap(node) ? this.#map(node as YAMLMap<Node, Node | null>, {}) : this.#seq(node as YAMLSeq<Node>);
    this.#depth--;
    return value;
  }

  #count(node: Node): void {
    this.#nodes++;
    if (this.#aliasDepth > 0) this.#fromAliases++;
    if (excessiveAliasing(this.#nodes, this.#fromAliases))
      this.#fail(offsetOf(node), 'the document multiplies itself through aliases');
  }

  #enter(node: Node): void {
    if (++this.#depth > YAML_LIMITS.depth) {
      this.#fail(offsetOf(node), `the document nests more than ${YAML_LIMITS.depth} levels deep`);
    }
  }

  /** libyaml ends an anchor's name at the first other character, the `yaml` package does not. */
  #checkAnchor(node: Node): void {
    const { anchor } = node as { anchor?: string };
    if (anchor === undefined || /^[-\w]+$/.test(anchor)) return;
    this.#fail(offsetOf(node), `the anchor name ${JSON.stringify(anchor)} may hold letters, digits, "-" and "_" only`);
  }

  #throughAlias<T>(node: Node & { source: string }, read: (target: Node) => T): T {
    const target = this.#targets.get(node) as Node;
    if (this.#open.has(node)) this.#fail(offsetOf(node), `the anchor &${node.source} contains itself`);
    this.#open.add(node);
    this.#aliasDepth++;
    const value = read(target);
    this.#aliasDepth--;
    this.#open.delete(node);
    return value;
  }

  #scalar(node: Node & { type?: string; tag?: string; source?: string }): Scalar {
    const text = node.source ?? '';
    const tag = node.tag;
    if (tag === undefined) return node.type === undefined || node.type === 'PLAIN' ? resolvePlain(text) : text;
    const value = resolveTagged(tag, text);
    if (value === undefined) this.#fail(offsetOf(node), `the value cannot be read as ${shortTag(tag)}`);
    return value as Scalar;
  }

  #json(value: Scalar, node: Node): Json {
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (String(number) === value.toString()) return number;
      return this.#fail(
        offsetOf(node),
        `the integer ${value} cannot be kept exactly`,
        'Quote it where the field takes a string, else use a number below 2^53.',
      );
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value))
        return this.#fail(offsetOf(node), 'infinity and NaN have no JSON form', 'Quote the value to make it a string.');
      return value === 0 ? 0 : value;
    }
    return value;
  }

  #seq(node: YAMLSeq<Node>): Json[] {
    return node.items.map((item) => this.convert(item));
  }

  #map(node: YAMLMap<Node, Node | null>, target: JsonObject): JsonObject {
    const own = new Set<string>();
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) {
        this.#merge(pair.value, target, pair.key);
        continue;
      }
      if (node.flow === true) this.#checkFlowKey(pair.key);
      const key = this.#key(pair);
      if (own.has(key))
        this.#fail(
          offsetOf(pair.key),
          `the key ${JSON.stringify(key)} stands twice in one mapping`,
          'Remove one of the two.',
        );
      own.add(key);
      setOwn(target, key, this.convert(pair.value));
    }
    return target;
  }

  /** Go reads `{a:}` as the key "a:" and `{?a: 1}` as the key "a", YAML 1.2 does not: nobody means the difference. */
  #checkFlowKey(key: Node): void {
    if (!isScalar(key) || key.type !== 'PLAIN') return;
    const end = key.range?.[1] ?? 0;
    const tight = this.#text[end] === ':' && /[^\s]/.test(this.#text[end + 1] ?? ' ');
    if (tight) this.#fail(end, 'in braces or brackets, a colon after a key must be followed by a space');
    if (key.source?.startsWith('?'))
      this.#fail(offsetOf(key), 'in braces or brackets, a key must not start with "?"', 'Quote the key.');
  }

  #key(pair: Pair<Node, Node | null>): string {
    return this.#keyOf(pair.key, pair.key);
  }

  #keyOf(key: Node, at: Node): string {
    this.#count(at);
    if (isAlias(key)) return this.#throughAlias(key, (target) => this.#keyOf(target, at));
    this.#checkAnchor(key);
    if (!isScalar(key))
      return this.#fail(
        offsetOf(at),
        'a mapping key must be a string, not a collection',
        'Quote the key; in a Helm template, the action in braces.',
      );
    return (
      keyText(this.#scalar(key)) ??
      this.#fail(offsetOf(at), 'a mapping key must be a string, not null or a huge number', 'Quote the key.')
    );
  }

  /** Merges in text order, as go-yaml v2 does: a merge below an explicit key overrides that key. */
  #merge(value: Node | null, target: JsonObject, at: Node): void {
    if (value !== null && isSeq(value)) {
      for (const item of [...value.items].reverse()) this.#mergeOne(item as Node, target, at);
    } else {
      this.#mergeOne(value, target, at);
    }
  }

  #mergeOne(value: Node | null, target: JsonObject, at: Node): void {
    if (value !== null) this.#count(value);
    if (value !== null && isAlias(value)) {
      this.#throughAlias(value, (node) => this.#mergeOne(node, target, at));
    } else if (value !== null && isMap(value)) {
      this.#enter(value);
      this.#map(value as YAMLMap<Node, Node | null>, target);
      this.#depth--;
    } else {
      this.#fail(offsetOf(at), 'a merge (<<) needs a mapping or a list of mappings');
    }
  }
}

function isMergeKey(key: Node): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  return key.tag === undefined ? key.type === 'PLAIN' : key.tag === 'tag:yaml.org,2002:merge';
}

/** `__proto__` is a key like any other: it becomes an own property and never touches the prototype. */
function setOwn(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/, '!!');
}
