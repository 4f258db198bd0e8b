/** How a number of replicas is divided over clusters by weight. */
export enum ReplicaDivision {
  /** Webster's (Sainte-Laguë) method, as Karmada divides since v1.16: the default. */
  WEBSTER = 'webster',
  /** Largest remainder (Hamilton): closest to the exact shares, but adding a replica may take one from a cluster. */
  LARGEST_REMAINDER = 'largest-remainder',
  /** Karmada before v1.16: shares rounded down, the rest one each in order of weight. Karmada drew ties by chance; here they go by name. */
  LEGACY_KARMADA = 'legacy-karmada',
}

/**
 * Divides replicas over clusters. Weights are whole numbers ≥ 0; a cluster of weight 0 gets nothing. The result has an entry for every
 * cluster of `weights`, does not depend on their order, and sums to `replicas` (to 0 where all weights are 0).
 *
 * @param start replicas that clusters have already, for Webster only: `replicas` come on top (Karmada's scale-up)
 * @param most replicas that clusters have at most, for Webster only; what none of them takes is left over
 * @see karmada-io/karmada pkg/util/helper/webstermethod.go, binding.go
 */
export function divideReplicas(
  replicas: number,
  weights: ReadonlyMap<string, number>,
  method: ReplicaDivision = ReplicaDivision.WEBSTER,
  start: ReadonlyMap<string, number> = new Map(),
  most: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const shares = [...weights].map(([name, weight]) => ({
    name,
    weight,
    replicas: start.get(name) ?? 0,
    most: most.get(name) ?? Number.POSITIVE_INFINITY,
  }));
  const takers = shares.filter((share) => share.weight > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (takers.length > 0) {
    if (method === ReplicaDivision.WEBSTER) divideByWebster(replicas, takers);
    else divideByFloor(replicas, takers, method);
  }
  return new Map(shares.map((share) => [share.name, share.replicas]));
}

interface Share {
  readonly name: string;
  readonly weight: number;
  readonly most: number;
  replicas: number;
}

/** One replica at a time to the highest weight / (2 × replicas + 1) that has room; ties: fewer replicas first, then name. */
function divideByWebster(replicas: number, takers: readonly Share[]): void {
  // A heap: looking at every cluster for every replica takes seconds for a fleet.
  const claims = takers.filter(hasRoom).map((share, order) => ({ share, order, priority: priority(share) }));
  for (let at = (claims.length >> 1) - 1; at >= 0; at--) siftDown(claims, at);
  for (let left = replicas; left > 0; left--) {
    const first = claims[0];
    if (first === undefined) return;
    first.share.replicas++;
    first.priority = priority(first.share);
    if (!hasRoom(first.share)) {
      const last = claims.pop() as Claim;
      if (claims.length === 0) return;
      if (last !== first) claims[0] = last;
    }
    siftDown(claims, 0);
  }
}

/** What a cluster asks the next replica with. */
interface Claim {
  readonly share: Share;
  /** Place of the cluster by name. */
  readonly order: number;
  priority: number;
}

function hasRoom({ replicas, most }: Share): boolean {
  return replicas < most;
}

function comesBefore(a: Claim, b: Claim): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.share.replicas === b.share.replicas ? a.order < b.order : a.share.replicas < b.share.replicas;
}

/** Restores the order of a heap below a place whose claim got weaker. */
function siftDown(claims: Claim[], from: number): void {
  const sinking = claims[from] as Claim;
  let at = from;
  for (let child = 2 * at + 1; child < claims.length; child = 2 * at + 1) {
    const other = claims[child + 1];
    if (other !== undefined && comesBefore(other, claims[child] as Claim)) child++;
    if (!comesBefore(claims[child] as Claim, sinking)) break;
    claims[at] = claims[child] as Claim;
    at = child;
  }
  claims[at] = sinking;
}

/** In floating point, as Karmada computes it: exact fractions would break other ties than Karmada does. */
function priority(share: Share): number {
  return share.weight / (2 * share.replicas + 1);
}

function divideByFloor(replicas: number, takers: Share[], method: ReplicaDivision): void {
  // BigInt: replicas × weight may exceed what a number holds exactly, and a wrong remainder would move a replica.
  const sum = takers.reduce((total, share) => total + BigInt(share.weight), 0n);
  const remainders = new Map<Share, bigint>();
  let left = replicas;
  for (const share of takers) {
    const product = BigInt(replicas) * BigInt(share.weight);
    const whole = Number(product / sum);
    share.replicas = whole;
    left -= whole;
    remainders.set(share, method === ReplicaDivision.LARGEST_REMAINDER ? product % sum : BigInt(share.weight));
  }
  // Equal remainders of different weights: the larger first, so that names decide between equal weights only.
  const order = [...takers].sort(
    (a, b) => compare(remainders.get(b) ?? 0n, remainders.get(a) ?? 0n) || b.weight - a.weight,
  );
  for (const share of order.slice(0, left)) share.replicas++;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
