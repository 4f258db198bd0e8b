import type { IConstruct } from 'constructs';
import type { LoadManifest } from '../assembly-format';
import { onChild, recordLocation } from './location';
import type { Unit } from './unit';
import { placeAtLoad, type YamlLoad, yamlLoadOf } from './yaml-loads';

/** Classes of cdk8s that get their objects from a process that their constructors start. */
const LOADERS: { readonly [fqn: string]: 'helm' | 'include' } = { 'cdk8s.Helm': 'helm', 'cdk8s.Include': 'include' };

/** Every class that jsii compiles says its name under this key: it is the same in every copy and version of cdk8s. */
const RTTI = Symbol.for('jsii.rtti');

/** What the constructs of a class are: objects, loaders, or anything else, below which there may be loaders. */
type Role = 'object' | 'helm' | 'include' | 'other';
const ROLES = new WeakMap<object, Role>();

/**
 * Found once per class, by the names of it and of what it extends. cdk8s's own `instanceof` asks for a mark that its constructors set last: it is false of an object
 * that is being made.
 */
function roleOf(construct: IConstruct): Role {
  const prototype = Object.getPrototypeOf(construct) as object;
  let role = ROLES.get(prototype);
  if (role === undefined) {
    role = 'other';
    for (let at = prototype.constructor; role === 'other' && typeof at === 'function'; at = Object.getPrototypeOf(at)) {
      const fqn = Object.hasOwn(at, RTTI) ? (at as { [RTTI]?: { fqn?: string } })[RTTI]?.fqn : undefined;
      if (fqn === 'cdk8s.ApiObject') role = 'object';
      else if (fqn !== undefined && Object.hasOwn(LOADERS, fqn)) role = LOADERS[fqn] ?? 'other';
    }
    ROLES.set(prototype, role);
  }
  return role;
}

/** What a construct loads in the program, or undefined. Subclasses of the program count as what they extend. */
function loaderType(construct: IConstruct): 'helm' | 'include' | undefined {
  const role = roleOf(construct);
  return role === 'helm' || role === 'include' ? role : undefined;
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
  if (origin !== undefined) addLoadOf(object, origin, unit);
}

function addLoadOf(object: IConstruct, origin: YamlLoad, unit: Unit): void {
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
        const role = roleOf(child);
        if (role === 'other') recordLoads(child);
        else if (role !== 'object') recordLocation(child);
      });
    },
  });
}
