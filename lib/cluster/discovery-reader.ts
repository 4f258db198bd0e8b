import { OrreryError } from '../errors.ts';
import type { DiscoveredResources, ResourceType } from './discovery.ts';
import type { KubeClient } from './kube-client.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What discovery said, as plain data that can be kept in a file. */
export interface DiscoveryData {
  /** In the server's order; within a group the preferred version comes first. */
  readonly resources: readonly ResourceType[];
  readonly unavailableGroups: readonly string[];
}

/**
 * Asks the server what it serves: two requests by aggregated discovery (Kubernetes ≥ 1.27), one per group version on older servers.
 * @throws OrreryError ORR3006 when discovery is forbidden, ORR3007 when the answer is none
 */
export async function readDiscovery(client: KubeClient): Promise<DiscoveryData> {
  const [core, groups] = await Promise.all([get(client, '/api'), get(client, '/apis')]);
  if (core.kind === 'APIGroupDiscoveryList' && groups.kind === 'APIGroupDiscoveryList') {
    return merge([fromAggregated(core), fromAggregated(groups)]);
  }
  return readUnaggregated(client, core, groups);
}

export function discoveredResources(data: DiscoveryData): DiscoveredResources {
  const exact = new Map<string, ResourceType>();
  const preferred = new Map<string, ResourceType>();
  const several = new Set<string>();
  for (const resource of data.resources) {
    const { group, version, kind } = resource;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!exact.has(`${apiVersion}|${kind}`)) exact.set(`${apiVersion}|${kind}`, resource);
    const known = preferred.get(`${group}|${kind}`);
    if (known === undefined) preferred.set(`${group}|${kind}`, resource);
    else if (known.version !== version) several.add(`${group}|${kind}`);
  }
  return {
    find: (apiVersion, kind) => exact.get(`${apiVersion}|${kind}`),
    preferred: (group, kind) => preferred.get(`${group}|${kind}`),
    isOnlyVersion: ({ group, kind }) => !several.has(`${group}|${kind}`),
    kinds: [...preferred.values()],
    unavailableGroups: data.unavailableGroups,
  };
}

async function get(client: KubeClient, path: string): Promise<Record<string, unknown>> {
  const { status, body } = await client.request({ method: 'GET', path, accept: `${AGGREGATED},application/json` });
  if (status === 403)
    throw new OrreryError('ORR3006', `Reading ${path} (API discovery) is forbidden.`, {
      fix: 'Bind the ClusterRole system:discovery to this user.',
    });
  if (status !== 200 || typeof body !== 'object' || body === null) {
    throw new OrreryError('ORR3007', `API discovery (${path}) was answered with status ${status}.`);
  }
  return body as Record<string, unknown>;
}

interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly freshness?: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind?: string };
      readonly scope?: string;
      readonly verbs?: readonly string[];
    }[];
  }[];
}

function fromAggregated(list: Record<string, unknown>): DiscoveryData {
  const resources: ResourceType[] = [];
  const unavailable = new Set<string>();
  for (const item of (list.items ?? []) as readonly AggregatedGroup[]) {
    const group = item.metadata?.name ?? '';
    for (const version of item.versions ?? []) {
      if (version.freshness === 'Stale') unavailable.add(group);
      for (const type of version.resources ?? []) {
        resources.push({
          group,
          version: version.version,
          kind: type.responseKind?.kind ?? '',
          plural: type.resource,
          namespaced: type.scope === 'Namespaced',
          verbs: type.verbs ?? [],
        });
      }
    }
  }
  return { resources: resources.filter((type) => type.kind !== ''), unavailableGroups: [...unavailable] };
}

function merge(parts: readonly DiscoveryData[]): DiscoveryData {
  return {
    resources: parts.flatMap((part) => part.resources),
    unavailableGroups: parts.flatMap((part) => part.unavailableGroups),
  };
}

interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

async function readUnaggregated(
  client: KubeClient,
  core: Record<string, unknown>,
  groups: Record<string, unknown>,
): Promise<DiscoveryData> {
  const wanted: { group: string; version: string; path: string }[] = [];
  for (const version of (core.versions ?? ['v1']) as readonly string[])
    wanted.push({ group: '', version, path: `/api/${version}` });
  for (const group of (groups as GroupList).groups ?? []) {
    const first = group.preferredVersion?.version;
    const versions = group.versions
      .map((entry) => entry.version)
      .sort((a, b) => Number(b === first) - Number(a === first));
    for (const version of versions) wanted.push({ group: group.name, version, path: `/apis/${group.name}/${version}` });
  }
  return merge(
    await Promise.all(
      wanted.map(async ({ group, version, path }): Promise<DiscoveryData> => {
        const { status, body } = await client.request({ method: 'GET', path });
        if (status !== 200) return { resources: [], unavailableGroups: [group] };
        return { resources: fromResourceList(body, group, version), unavailableGroups: [] };
      }),
    ),
  );
}

function fromResourceList(body: unknown, group: string, version: string): ResourceType[] {
  const { resources = [] } = body as {
    resources?: readonly { name: string; kind: string; namespaced: boolean; verbs?: readonly string[] }[];
  };
  return resources
    .filter((type) => !type.name.includes('/'))
    .map((type) => ({
      group,
      version,
      kind: type.kind,
      plural: type.name,
      namespaced: type.namespaced,
      verbs: type.verbs ?? [],
    }));
}
