import { list, record } from '../kubernetes/fields.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { isCustomResourceDefinition } from '../kubernetes/scope.ts';
import type { Danger } from './plan.ts';

/**
 * What a changed CustomResourceDefinition means for the objects of its kind (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning).
 * Definitions of charts and of the program are the same here; helm itself leaves those in crds/ as they were installed.
 */

/** Why the server takes no such definition over the live one, with what to do about it. Undefined: not because of its scope or its stored versions. */
export function definitionObstacle(
  desired: KubernetesObject,
  live: KubernetesObject,
): { readonly what: string; readonly fix: string } | undefined {
  if (!isCustomResourceDefinition(live)) return undefined;
  const [from, to] = [record(live.spec).scope, record(desired.spec).scope];
  if (from !== to) {
    return {
      what: `its scope cannot change from ${String(from)} to ${String(to)}: every object of the kind would have to go with the definition`,
      fix: 'Keep the scope, or define the kind anew under another name or group and move the objects there.',
    };
  }
  const kept = new Set(versionsOf(desired).map(({ name }) => name));
  const dropped = storedVersions(live).filter((name) => !kept.has(name));
  if (dropped.length === 0) return undefined;
  const names = dropped.join(', ');
  return {
    what: `it drops ${names}, in which objects of the kind may still be stored (status.storedVersions)`,
    fix: `Keep ${names} with served: false until every object of the kind was written again, and ${names} is taken off status.storedVersions.`,
  };
}

/** What an upgrade of a definition that the server takes brings to those who use the kind. */
export function dangersOfDefinition(live: KubernetesObject, desired: KubernetesObject): Danger[] {
  if (!isCustomResourceDefinition(live)) return [];
  const [before, after] = [versionsOf(live), versionsOf(desired)];
  const dangers: Danger[] = [];
  const [from, to] = [before, after].map((versions) => versions.find(({ storage }) => storage)?.name);
  if (from !== undefined && to !== undefined && from !== to) {
    const conversion = record(record(desired.spec).conversion).strategy;
    const converts = conversion === 'Webhook' ? '' : '; between the two nothing but apiVersion is converted';
    const text = `objects are stored as ${to} from now on; those stored as ${from} stay so until they are written again${converts}`;
    dangers.push({ kind: 'crd-upgrade', text });
  }
  const served = new Set(after.flatMap(({ name, served }) => (served ? [name] : [])));
  const gone = before.flatMap(({ name, served: was }) => (was && !served.has(name) ? [name] : []));
  if (gone.length > 0)
    dangers.push({
      kind: 'crd-upgrade',
      text: `${gone.join(', ')} is no longer served: whoever asks for it gets an error`,
    });
  return dangers;
}

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
}

function versionsOf(definition: KubernetesObject): Version[] {
  return list(record(definition.spec).versions).map(({ name, served, storage }) => ({
    name: String(name),
    served: served === true,
    storage: storage === true,
  }));
}

function storedVersions(definition: KubernetesObject): string[] {
  const { storedVersions: stored } = record(definition.status);
  return Array.isArray(stored) ? stored.map(String) : [];
}
