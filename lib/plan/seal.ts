import type { KubeTarget, Target } from '../cluster/target.ts';
import { directoryKey } from '../directory/plan-directory.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { canonicalJson, hmacSha256 } from '../kubernetes/canonical.ts';
import type { ClusterPlan, Plan } from './plan.ts';

/** Key by which the plan of a cluster is sealed: that of its inventory, which only those can read who may write there. */
export async function sealKey(target: Target, platformId: string, stateFolder: string): Promise<Uint8Array> {
  if (target.kind === 'directory') return directoryKey(stateFolder, platformId, target.cluster);
  return (await readInventory(target satisfies KubeTarget, platformId, { stateFolder })).hmacKey;
}

/** What the seal of a cluster covers beside the cluster's own plan. */
type SealedHead = Pick<
  Plan,
  | 'format'
  | 'version'
  | 'platform'
  | 'purpose'
  | 'createdAt'
  | 'expiresAt'
  | 'unverified'
  | 'rollout'
  | 'headroom'
  | 'uncovered'
  | 'moves'
>;

/**
 * Seal of one cluster's plan.
 * @param assemblyDigest the plain digest; '' for a destroy.
 */
export function sealOf(head: SealedHead, cluster: ClusterPlan, assemblyDigest: string, key: Uint8Array): string {
  const { format, version, platform, purpose, createdAt, expiresAt, unverified, rollout, headroom, uncovered, moves } =
    head;
  const { seal: _, ...content } = cluster;
  const sealed = {
    format,
    version,
    platform,
    purpose,
    createdAt,
    expiresAt,
    unverified,
    rollout,
    headroom,
    uncovered,
    moves,
    assemblyDigest,
    cluster: content,
  };
  return `hmac:${hmacSha256(key, canonicalJson(sealed))}`;
}

/** The assembly's digest as a plan may show it. */
export function shownDigest(assemblyDigest: string, holdsSecrets: boolean, key: Uint8Array | undefined): string {
  if (!holdsSecrets) return assemblyDigest;
  return key === undefined ? 'hmac:' : `hmac:${hmacSha256(key, assemblyDigest)}`;
}
