import * as path from 'node:path';
import { type ApiObject, Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { CallSite, placeAt } from './location';

/** One call of `Yaml.load`. */
export interface YamlLoad {
  /** Address, or path relative to the working folder; undefined for a file elsewhere: its path is not the same on every machine. */
  readonly from: string | undefined;
  readonly site: CallSite;
}

/** What was loaded: the documents and their members, because programs copy documents to change them. */
const LOADED = new WeakMap<object, YamlLoad>();
let isAnythingLoaded = false;

/**
 * `Yaml.load` of cdk8s starts a process too, but returns plain data: only who is there when it is called can tell later where an object came from. It does what it
 * always did.
 */
const load = Yaml.load;
Object.defineProperty(Yaml, 'load', {
  configurable: true,
  writable: true,
  value: function yamlLoad(this: typeof Yaml, urlOrFile: string) {
    const documents = load.call(this, urlOrFile);
    const origin = { from: shownSource(urlOrFile), site: new CallSite() };
    isAnythingLoaded ||= documents.length > 0;
    for (const document of documents) {
      for (const part of [document, ...Object.values(document ?? {})])
        if (typeof part === 'object' && part !== null) LOADED.set(part, origin);
    }
    return documents;
  },
});

/** The call of `Yaml.load` that an object is from; undefined for any other. */
export function yamlLoadOf(object: IConstruct): YamlLoad | undefined {
  if (!isAnythingLoaded) return undefined;
  const { props } = object as unknown as { readonly props?: unknown } & ApiObject;
  if (typeof props !== 'object' || props === null) return undefined;
  for (const part of [props, ...Object.values(props)]) {
    const origin = typeof part === 'object' && part !== null ? LOADED.get(part) : undefined;
    if (origin !== undefined) return origin;
  }
  return undefined;
}

/** What is loaded is the place of an object, better than that of the chart around it. */
export function placeAtLoad(object: IConstruct, { site }: YamlLoad): void {
  placeAt(object, site);
}

/** Without credentials and parameters: it stands in the assembly. */
function shownSource(urlOrFile: unknown): string | undefined {
  if (typeof urlOrFile !== 'string') return undefined;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(urlOrFile)) {
    if (!URL.canParse(urlOrFile)) return undefined;
    const { protocol, host, pathname } = new URL(urlOrFile);
    return protocol === 'file:' ? undefined : `${protocol}//${host}${pathname}`;
  }
  const relative = path.relative(process.cwd(), path.resolve(urlOrFile));
  const isOutside = relative === '' || relative.startsWith('..') || path.isAbsolute(relative);
  return isOutside ? undefined : relative.split(path.sep).join('/');
}
