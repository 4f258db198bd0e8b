import { canonicalJson, hmacSha256 } from '../kubernetes/canonical.ts';
import { ownMember } from '../kubernetes/fields.ts';
import { isSecret, type Json, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { RawFieldChange } from './field-changes.ts';
import { pathOf } from './field-changes.ts';

/** A field change as it may be shown. */
export interface MaskedFieldChange {
  readonly path: string;
  readonly op: RawFieldChange['op'];
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
  readonly masked?: boolean | undefined;
  readonly owners: RawFieldChange['owners'];
}

/** Shorter values are no secrets worth the name, and would mask half the review. */
const SHORTEST_SECRET = 6;
/** Of a value that is looked for inside other base64, bytes: less says too little to be told from chance. */
const SHORTEST_INSIDE = 9;
const BASE64 = /[A-Za-z0-9+/_-]/;
/** Short plain words (a user name "postgres") are masked where they stand alone, not inside an image name. */
const PLAIN_WORD = /^[a-z0-9.-]{1,15}$/;
/** What says which object it is about stays readable, as far as it can be a name at all. */
const IDENTITY = /^(?:apiVersion|kind|name|namespace)$/;
const NAME = /^[a-z0-9.:-]+$/;
/** Copies of a whole object that other tools leave in annotations. */
const COPIES = new Set(['kubectl.kubernetes.io/last-applied-configuration', 'kapp.k14s.io/original']);
const SECRET_FIELDS = ['data', 'stringData'] as const;

interface KnownValues {
  readonly whole: ReadonlySet<string>;
  /** To be replaced wherever they stand, longest first. */
  readonly within: readonly string[];
  /** Parts of values as they stand inside longer base64. */
  readonly encoded: readonly string[];
  /** Plain words, where they stand alone in a text. */
  readonly words: RegExp | undefined;
}

/**
 * Keeps Secret values out of everything that is shown or stored. A value is replaced by "hmac:…", keyed with the inventory's key: equal values look equal
 * and changed ones changed, and nothing else can be learned, not even the length. What is shown is masked after comparing, so a value that looks
 * like a mask is still seen to change. Values of Secrets are also found where they were copied to: environment literals, annotations, the server's error texts.
 */
export class SecretMask {
  readonly #hmacKey: Uint8Array;
  readonly #secrets: () => Iterable<KubernetesObject>;
  #known: KnownValues | undefined;

  /** @param secrets objects whose values must not be seen; asked for at the first use. */
  constructor(hmacKey: Uint8Array, secrets: () => Iterable<KubernetesObject>) {
    this.#hmacKey = hmacKey;
    this.#secrets = secrets;
  }

  /** The same, which knows these Secrets too. */
  with(more: readonly KubernetesObject[]): SecretMask {
    return new SecretMask(this.#hmacKey, () => [...this.#secrets(), ...more]);
  }

  /** What stands for a value. */
  of(value: Json | undefined): string {
    return `hmac:${hmacSha256(this.#hmacKey, canonicalJson(value)).slice(0, 16)}`;
  }

  /** A text without Secret values. */
  text(text: string): string {
    const { whole, within, encoded } = this.#values();
    if (whole.has(text)) return this.of(text);
    let masked = text;
    for (const part of encoded) if (masked.includes(part)) masked = this.#withoutRunsOf(part, masked);
    for (const value of within) if (masked.includes(value)) masked = masked.replaceAll(value, this.of(value));
    return masked;
  }

  /** The bytes at both ends of the value share groups with what stands around: the whole run goes. */
  #withoutRunsOf(part: string, text: string): string {
    let [shown, from] = ['', 0];
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, from)) {
      let [start, end] = [at, at + part.length];
      while (start > from && BASE64.test(text.charAt(start - 1))) start--;
      while (end < text.length && BASE64.test(text.charAt(end))) end++;
      while (text.charAt(end) === '=') end++;
      shown += text.slice(from, start) + this.of(text.slice(start, end));
      from = end;
    }
    return shown + text.slice(from);
  }

  /** What others say in words (the server, a webhook, a controller's condition): there even a plain word may be a password that is quoted. */
  said(text: string, about?: Pick<ObjectId, 'namespace' | 'name'>): string {
    const { words } = this.#values();
    const masked = this.text(text);
    if (words === undefined) return masked;
    return masked.replace(words, (word) => (word === about?.name || word === about?.namespace ? word : this.of(word)));
  }

  /** A JSON value without Secret values; the same value when it holds none. */
  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (value === null || typeof value !== 'object' || !this.#knowsAny()) return value;
    if (Array.isArray(value)) return this.#mapped(value) as Json[];
    return this.#mapped(value) as { [name: string]: Json };
  }

  /** An object without Secret values: of a Secret all data, of every object what equals a Secret's value. */
  object(object: KubernetesObject): KubernetesObject {
    let masked = object;
    if (isSecretObject(object)) {
      const fields = SECRET_FIELDS.filter((field) => object[field] !== undefined);
      masked = { ...object, ...Object.fromEntries(fields.map((field) => [field, this.#all(object[field] as Json)])) };
    }
    const annotations = masked.metadata.annotations;
    if (isSecretObject(object) && annotations !== undefined) {
      const shown = Object.entries(annotations).map(([name, value]) => [
        name,
        COPIES.has(name) ? this.of(value) : value,
      ]);
      masked = { ...masked, metadata: { ...masked.metadata, annotations: Object.fromEntries(shown) } };
    }
    return this.json(masked as unknown as Json) as unknown as KubernetesObject;
  }

  /** Field changes as they may be shown; a change of a Secret's whole data becomes one per key. */
  changes(id: Pick<ObjectId, 'group' | 'kind'>, changes: readonly RawFieldChange[]): MaskedFieldChange[] {
    return changes.flatMap((change) => {
      if (!isSecret(id)) return [this.#change(change, false)];
      const field = SECRET_FIELDS.find((name) => change.path === name);
      if (field === undefined) return [this.#change(change, isSecretPath(change.path))];
      const [before, after] = [membersOf(change.before), membersOf(change.after)];
      const names = Object.keys({ ...before, ...after });
      if (names.length === 0) return [this.#change(change, true)];
      return names.map((name) =>
        this.#change(
          { ...change, path: pathOf(field, name), before: ownMember(before, name), after: ownMember(after, name) },
          true,
        ),
      );
    });
  }

  /** The server's words about an object, without what they quote of a Secret. */
  refusal(id: ObjectId, message: string): string {
    const quoted = isSecret(id)
      ? message
          .replace(/, got [\s\S]*$/, ', got another type')
          .replace(/Invalid value: ("(?:[^"\\]|\\.)*"|[^:]*)/g, 'Invalid value')
      : message;
    return this.said(quoted, id);
  }

  #change(change: RawFieldChange, secret: boolean): MaskedFieldChange {
    const shown = (value: Json | undefined) => {
      if (value === undefined) return undefined;
      return secret ? this.of(value) : this.json(value);
    };
    const [before, after] = [shown(change.before), shown(change.after)];
    const masked = secret || before !== change.before || after !== change.after;
    const { op, owners } = change;
    return { path: this.text(change.path), op, before, after, owners, ...(masked ? { masked } : {}) };
  }

  #all(value: Json): Json {
    const members = membersOf(value);
    if (members === undefined) return this.of(value);
    return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, this.of(member)]));
  }

  #mapped(value: Json[] | { [name: string]: Json | undefined }): unknown {
    if (Array.isArray(value)) {
      let items: Json[] | undefined;
      for (const [index, item] of value.entries()) {
        const shown = this.json(item);
        if (shown !== item) items ??= value.slice(0, index);
        items?.push(shown);
      }
      return items ?? value;
    }
    // Nearly every object is shown as it is: what would be thrown away is not made.
    let members: [string, Json | undefined][] | undefined;
    const names = Object.keys(value);
    for (const [index, name] of names.entries()) {
      const member = value[name];
      const shown = member === undefined || isIdentity(name, member) ? member : this.json(member);
      if (shown !== member) members ??= names.slice(0, index).map((before) => [before, value[before]]);
      members?.push([name, shown]);
    }
    return members === undefined ? value : Object.fromEntries(members);
  }

  /** Most clusters have Secrets; where there is none, nothing has to be looked through. */
  #knowsAny(): boolean {
    const { whole, encoded } = this.#values();
    return whole.size > 0 || encoded.length > 0;
  }

  #values(): KnownValues {
    if (this.#known !== undefined) return this.#known;
    const whole = new Set<string>();
    const encoded = new Set<string>();
    for (const secret of this.#secrets()) {
      for (const field of SECRET_FIELDS) {
        for (const value of Object.values(membersOf(secret[field] as Json | undefined) ?? {})) {
          for (const form of formsOf(value, field === 'data')) if (form.length >= SHORTEST_SECRET) whole.add(form);
          for (const part of base64Inside(value, field === 'data')) encoded.add(part);
        }
      }
    }
    // Longest first: a value that contains another is replaced as a whole.
    const within = [...whole].filter((value) => !PLAIN_WORD.test(value)).sort((a, b) => b.length - a.length);
    const plain = [...whole].filter((value) => PLAIN_WORD.test(value));
    this.#known = {
      whole,
      within,
      encoded: [...encoded],
      words: plain.length === 0 ? undefined : standingAlone(plain),
    };
    return this.#known;
  }
}

/** Words that are no part of a longer word or name; a full stop at the end of a sentence is none. */
function standingAlone(words: readonly string[]): RegExp {
  const any = words.map((word) => word.replaceAll('.', '\\.')).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![a-z0-9-]|[a-z0-9]\\.)(?:${any.join('|')})(?![a-z0-9-]|\\.[a-z0-9])`, 'g');
}

function isIdentity(name: string, value: Json): boolean {
  return (
    IDENTITY.test(name) && typeof value === 'string' && (name === 'apiVersion' || name === 'kind' || NAME.test(value))
  );
}

/** How a value may turn up: as it is, in base64, in a URL, inside a JSON text. */
function formsOf(value: Json | undefined, encoded: boolean): string[] {
  if (typeof value !== 'string') return value === undefined || value === null ? [] : [JSON.stringify(value)];
  const plain = encoded ? Buffer.from(value, 'base64').toString('utf8') : value;
  if (plain.includes('\uFFFD')) return [value];
  const base64 = Buffer.from(plain, 'utf8').toString('base64');
  return [
    value,
    plain,
    plain.trim(),
    base64,
    base64.replace(/=+$/, ''),
    encodeURIComponent(plain),
    JSON.stringify(plain).slice(1, -1),
  ];
}

/** Base64 that is part of a longer one reads otherwise, depending on how many bytes stand in front: "user:password" of basic authentication. */
function base64Inside(value: Json | undefined, encoded: boolean): string[] {
  if (typeof value !== 'string') return [];
  const bytes = Buffer.from(value, encoded ? 'base64' : 'utf8');
  if (bytes.length < SHORTEST_INSIDE) return [];
  const standard = [0, 1, 2].map((before) => {
    // Only whole groups of three bytes look the same whatever stands around.
    const start = (3 - before) % 3;
    return bytes.subarray(start, start + Math.floor((bytes.length - start) / 3) * 3).toString('base64');
  });
  return [...standard, ...standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
}

function isSecretObject(object: KubernetesObject): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

function isSecretPath(path: string): boolean {
  return (
    SECRET_FIELDS.some((field) => path.startsWith(`${field}.`) || path.startsWith(`${field}[`)) ||
    (path.startsWith('metadata.annotations') && [...COPIES].some((name) => path.includes(name)))
  );
}

function membersOf(value: Json | undefined): { readonly [name: string]: Json | undefined } | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}
