import { type Right, resourceName, rightKey } from './right.ts';

/** "create and patch deployments.apps in shop; patch namespaces": rights of one kind and place together. */
export function rightsText(rights: readonly Right[]): string {
  return grouped(rights)
    .map(({ verbs, names, namespace, group, resource }) => {
      const which = names.length === 0 ? '' : ` ${names.join(', ')}`;
      const where = namespace === '' ? '' : ` in ${namespace}`;
      return `${verbs.join(', ')} ${resourceName({ group, resource })}${which}${where}`;
    })
    .join('; ');
}

/** Rules that grant the rights, as they stand in the YAML of a role: first those of a ClusterRole, then those of a Role in each namespace. */
export function rulesText(rights: readonly Right[]): string {
  const all = grouped(rights);
  const places = new Map<string, string[]>();
  for (const [namespace, kinds] of Map.groupBy(all, (one) => one.namespace)) {
    const rules = kinds.map(({ group, resource, verbs, names }) => {
      const only = names.length === 0 ? '' : `, resourceNames: [${names.map(yaml).join(', ')}]`;
      return `  - { apiGroups: [${yaml(group)}], resources: [${resource}]${only}, verbs: [${verbs.join(', ')}] }`;
    });
    const text = rules.join('\n');
    places.set(text, [...(places.get(text) ?? []), namespace]);
  }
  return [...places]
    .sort(([, [a = '']], [, [b = '']]) => (a < b ? -1 : 1))
    .map(([text, namespaces]) => {
      const inside = namespaces.filter((namespace) => namespace !== '');
      const heads = [
        ...(namespaces.length > inside.length ? ['ClusterRole:'] : []),
        ...(inside.length > 0 ? [`Role in ${inside.sort().join(', ')}:`] : []),
      ];
      return heads.map((head) => `${head}\n${text}`).join('\n');
    })
    .join('\n');
}

interface RightsOfKind extends Pick<Right, 'group' | 'resource' | 'namespace'> {
  readonly verbs: readonly string[];
  readonly names: readonly string[];
}

/** Verbs of one kind and place that are missing for the same objects. */
function grouped(rights: readonly Right[]): readonly RightsOfKind[] {
  const kinds = Map.groupBy(rights, (right) => rightKey({ ...right, name: undefined }));
  const byVerb = [...kinds.values()].map((members) => ({
    ...(members[0] as Right),
    // One without a name is about all of them.
    names: members.some(({ name }) => name === undefined) ? [] : members.flatMap(({ name }) => name ?? []).sort(),
  }));
  const together = Map.groupBy(byVerb, ({ group, resource, namespace, names }) =>
    JSON.stringify([group, resource, namespace, names]),
  );
  return [...together.values()].map((members) => {
    const { group, resource, namespace, names } = members[0] as (typeof byVerb)[number];
    return { group, resource, namespace, names, verbs: members.map(({ verb }) => verb) };
  });
}

function yaml(text: string): string {
  return /^[a-z][a-z0-9.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/.test(text)
    ? text
    : JSON.stringify(text);
}
