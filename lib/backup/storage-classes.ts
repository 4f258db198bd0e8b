import type { AssemblyCluster } from '../assembly/assembly.ts';
import { OrreryError } from '../errors.ts';
import { list, record } from '../kubernetes/fields.ts';
import type { JsonObject, KubernetesObject } from '../kubernetes/object.ts';

/**
 * Rules for Velero that give volume claims of one cluster the storage classes of another one: the class that stands there for the same purpose, by the facts of both. A rule for
 * each class that claims in the namespaces ask for and that is called otherwise (Velero, "Restore Resource Modifiers"; conditions are those of the backed up object).
 * @param given classes that the facts do not settle
 * @throws {OrreryError} ORR1001 when nothing says what stands for a class, or several do.
 */
export function storageClassRules(
  from: AssemblyCluster,
  to: AssemblyCluster,
  namespaces: readonly string[],
  given: ReadonlyMap<string, string>,
): JsonObject[] {
  const used = new Set(
    from.objects.filter(({ metadata }) => namespaces.includes(metadata.namespace ?? '')).flatMap(classesOf),
  );
  // What others have claimed there, the program does not know.
  for (const name of given.keys()) used.add(name);
  return [...used].sort().flatMap((name) => {
    const there = given.get(name) ?? standingFor(name, from, to);
    return there === name ? [] : [ruleFor(name, there)];
  });
}

function classesOf({ kind, ...object }: KubernetesObject): string[] {
  const spec = record(object.spec);
  const claims = kind === 'PersistentVolumeClaim' ? [spec] : [];
  const templates = kind === 'StatefulSet' ? list(spec.volumeClaimTemplates).map((one) => record(one.spec)) : [];
  return [...claims, ...templates].flatMap(({ storageClassName }) =>
    typeof storageClassName === 'string' && storageClassName !== '' ? [storageClassName] : [],
  );
}

function standingFor(name: string, from: AssemblyCluster, to: AssemblyCluster): string {
  const classes = ({ manifest }: AssemblyCluster) => Object.entries(manifest.facts.storageClasses ?? {});
  const purposes = classes(from).flatMap(([purpose, one]) => (one === name ? [purpose] : []));
  const there = classes(to).flatMap(([purpose, one]) => (purposes.includes(purpose) ? [one] : []));
  const [first, ...others] = new Set(there);
  if (first !== undefined && others.length === 0) return first;
  const cluster = to.manifest.name;
  throw new OrreryError(
    'ORR1001',
    first === undefined
      ? `nothing says which storage class of cluster "${cluster}" stands for "${name}".`
      : `several storage classes of cluster "${cluster}" stand for "${name}": ${there.join(', ')}.`,
    { fix: `Say it: --storage-class ${name}=…` },
  );
}

function ruleFor(name: string, there: string): JsonObject {
  const path = '/spec/storageClassName';
  return {
    conditions: { groupResource: 'persistentvolumeclaims', matches: [{ path, value: name }] },
    patches: [{ operation: 'replace', path, value: there }],
  };
}
