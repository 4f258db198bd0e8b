import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { LoadManifest } from '../assembly-format';
import { onChild, recordLocation } from './location';
import type { Unit } from './unit';
import { placeAtLoad, yamlLoadOf } from './yaml-loads';

/** Classes of cdk8s that get their objects from a process that their constructors start. */
const LOADERS: { readonly [fqn: string]: 'helm' | 'include' } = { 'cdk8s.Helm': 'helm', 'cdk8s.Include': 'include' };

/** Every class that jsii compiles says its name under this key: it is the same in every copy and version of cdk8s. */
const RTTI = Symbol.for('jsii.rtti');

const TYPES = new WeakMap<object, 'helm' | 'include' | 'none'>();

/** What a construct loads in the program, or undefined. Subclasses of the program count as what they extend. */
function loaderType(construct: IConstruct): 'helm' | 'include' | undefined {
  const prototype = Object.getPrototypeOf(construct) as object;
  let type = TYPES.get(prototype);
  if (type === undefined) {
    type = 'none';
    for (let at = prototype.constructor; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
      const fqn = Object.hasOwn(at, RTTI) ? (at as { [RTTI]?: { fqn?: string } })[RTTI]?.fqn : undefined;
      const known = fqn !== undefined && Object.hasOwn(LOADERS, fqn) ? LOADERS[fqn] : undefined;
      if (known === undefined) continue;
      type = known;
      break;
    }
    TYPES.set(prototype, type);
  }
  return type === 'none' ? undefined : type;
}

/** What the assembly says about such a construct; undefined for any other. */
export function loadOf(construct: IConstruct): LoadManifest | undefined {
  const type = loaderType(construct);
  if (type === undefined) return undefined;
  const { releaseName } = construct as { readonly releaseName?: unknown };
  return { path: construct.node.path, type, ...(typeof releaseName === 'string' ? { releaseName } : {}) };
}

/** What the assembly says about an object that came from a file or an address by `Yaml.load`: with the others of the same call, or with the Include around it. */
export function addYamlLoad(object: IConstruct, unit: Unit): void {
  const origin = yamlLoadOf(object);
  if (origin === undefined) return;
  const { from, site } = origin;
  const given = from === undefined ? {} : { from };
  const { scope } = object.node;
  const around = scope === undefined ? undefined : loaderType(scope);
  unit.loads ??= [];
  if (scope !== undefined && around !== undefined) {
    // The file of a Helm is a temporary one.
    const at = unit.loads.findIndex(({ path }) => path === scope.node.path);
    const known = unit.loads[at];
    if (around === 'include' && known !== undefined) unit.loads[at] = { ...known, ...given };
    return;
  }
  placeAtLoad(object, origin);
  const { path } = object.node;
  const same = YAML_LOADS.get(unit)?.get(site);
  if (same !== undefined) same.push(path);
  else {
    const objects = [path];
    const ofUnit = YAML_LOADS.get(unit) ?? new Map<object, string[]>();
    YAML_LOADS.set(unit, ofUnit.set(site, objects));
    unit.loads.push({ path, type: 'yaml', objects, ...given });
  }
}

/** Paths of the objects of each call, by unit. */
const YAML_LOADS = new WeakMap<Unit, Map<object, string[]>>();

/**
 * Records where such constructs are made, anywhere below a construct: the place of the chart around them is seldom the line to change. Objects, of which there may be
 * many, cost a look at their class.
 * @param construct that is being added to its scope: it gets its node only after that
 */
export function recordLoads(construct: IConstruct): void {
  Object.defineProperty(construct, 'node', {
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set(node: IConstruct['node']) {
      Object.defineProperty(construct, 'node', { value: node, configurable: true, enumerable: true, writable: true });
      onChild(node, (child) => {
        if (child instanceof ApiObject) return;
        if (loaderType(child) === undefined) recordLoads(child);
        else recordLocation(child);
      });
    },
  });
}
