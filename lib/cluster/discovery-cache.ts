import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import type { DiscoveredResources } from './discovery.ts';
import { type DiscoveryData, discoveredResources, readDiscovery } from './discovery-reader.ts';
import type { KubeClient } from './kube-client.ts';
import type { OpenApiIndex } from './server-state.ts';

/** Raised when the shape of the file changes: older files are then read anew. */
const CACHE_FORMAT = 1;

export interface DiscoveryOptions {
  readonly client: KubeClient;
  readonly clusterUid: string;
  readonly cacheDirectory: string | undefined;
  readonly openApiIndex: (fresh: boolean) => Promise<OpenApiIndex>;
}

/** Discovery of one cluster: from memory, else from disk while the OpenAPI index is the same, else from the server. */
export function createDiscovery(
  options: DiscoveryOptions,
): (request?: { readonly fresh?: boolean }) => Promise<DiscoveredResources> {
  let known: Promise<DiscoveredResources> | undefined;
  return ({ fresh = false } = {}) => {
    if (fresh || known === undefined) known = load(options, fresh).then(discoveredResources);
    return known;
  };
}

async function load(options: DiscoveryOptions, fresh: boolean): Promise<DiscoveryData> {
  const index = await options.openApiIndex(fresh);
  const file =
    options.cacheDirectory === undefined || index.digest === undefined
      ? undefined
      : path.join(options.cacheDirectory, 'discovery', `${options.clusterUid}-${index.digest.slice(0, 32)}.json`);
  if (file !== undefined && !fresh) {
    const kept = readKept(file);
    if (kept !== undefined) return kept;
  }
  const data = await readDiscovery(options.client);
  if (file !== undefined && isComplete(data, index)) keep(file, data);
  return data;
}

/**
 * The server publishes OpenAPI and discovery of a new CRD one after the other: keep discovery only when it knows every group version of the index,
 * else a half-seen state would be found under this index for ever.
 */
function isComplete(data: DiscoveryData, index: OpenApiIndex): boolean {
  if (data.unavailableGroups.length > 0) return false;
  const known = new Set(
    data.resources.map(({ group, version }) => (group === '' ? `api/${version}` : `apis/${group}/${version}`)),
  );
  return index.groupVersions.every((name) => !/^(api\/[^/]+|apis\/[^/]+\/[^/]+)$/.test(name) || known.has(name));
}

function readKept(file: string): DiscoveryData | undefined {
  try {
    const { format, ...data } = JSON.parse(readFileSync(file, 'utf8')) as DiscoveryData & { format: number };
    return format === CACHE_FORMAT && Array.isArray(data.resources) && Array.isArray(data.unavailableGroups)
      ? data
      : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs time, nothing else. */
function keep(file: string, data: DiscoveryData): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileAtomically(file, JSON.stringify({ format: CACHE_FORMAT, ...data }));
  } catch {
    // Read-only home, full disk.
  }
}
