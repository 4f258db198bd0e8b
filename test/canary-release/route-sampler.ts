import { list, record } from '../../lib/kubernetes/fields.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import type { ReleasedShop } from './released-shop.ts';

/** Looks again and again whether requests for the service lead to pods that are ready, by its routes or without any. */
export class RouteSampler {
  samples = 0;
  /** What led nowhere. */
  readonly dead: string[] = [];
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(shop: ReleasedShop, cluster: string) {
    this.#done = this.#run(shop, cluster);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  /** Pods count only where the routes were the same before and after they were read. */
  async #run(shop: ReleasedShop, cluster: string): Promise<void> {
    const { client } = await shop.open(cluster);
    const read = async (path: string) => (await client.request({ method: 'GET', path })).body;
    const pods = `/api/v1/namespaces/${shop.mall}/pods`;
    do {
      const before = await read(shop.routePath());
      const there = await read(pods);
      const after = await read(shop.routePath());
      if (versionOf(before) !== versionOf(after)) continue;
      this.samples++;
      const ready = readyPods(there);
      for (const host of hostsOf(before)) {
        const name = host.split('.')[0] ?? '';
        if (!ready.has(name))
          this.dead.push(
            `${name} has no ready pod, and gets requests by ${JSON.stringify(record(record(before).spec).http ?? 'its Service')}`,
          );
      }
    } while (!this.#stopped);
  }
}

function versionOf(answer: unknown): string | undefined {
  return (answer as KubernetesObject).metadata?.resourceVersion;
}

/** Hosts that get requests; without a route the Service of that name. */
function hostsOf(route: unknown): readonly string[] {
  const rules = list(record(record(route).spec).http);
  if (rules.length === 0) return ['cart'];
  return rules.flatMap((rule) =>
    list(rule.route).flatMap(({ destination, weight }) => (weight === 0 ? [] : [String(record(destination).host)])),
  );
}

function readyPods(answer: unknown): ReadonlySet<string> {
  const pods = list(record(answer).items) as unknown as readonly KubernetesObject[];
  const ready = pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      list(record(status).conditions).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  return new Set(ready.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] ?? ''));
}
