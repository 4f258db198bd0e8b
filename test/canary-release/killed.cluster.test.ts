import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CanaryStep } from '@orrery/constructs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts';
import { killAtEveryWrite, type Told } from '../laws/every-write.ts';
import type { End, Kill } from '../laws/killed-apply.ts';
import type { ReleaseChild } from './release-child.ts';
import { lacksMesh, MeshClusters, ReleasedShop, type Shop } from './released-shop.ts';
import { RouteSampler } from './route-sampler.ts';

/** The next run waits that long for the lease of the dead. */
const LEASE_SECONDS = 2;

/** Killed at the writes of records and objects, which is where a release could be lost. With ORRERY_KILL_AT=every-write also at those of leases, inventories and revisions (some minutes). */
const everyWrite = process.env.ORRERY_KILL_AT === 'every-write';
const isCounted = (path: string) =>
  everyWrite ||
  /\/(deployments|virtualservices|destinationrules)(\/|$)/.test(path.split('?')[0] ?? '') ||
  path.includes('canary-release');

/** From one image to the other, and back: always something to release. */
const wish = (from: number): Shop => ({
  cart: { image: `mall/cart:${from}` },
  steps: everyWrite ? [CanaryStep.weight(50)] : [CanaryStep.weight(100)],
  canary: { image: `mall/cart:${from + 1}` },
});

describe.skipIf(lacksMesh)('a canary release', () => {
  let mesh: MeshClusters;
  const shops: ReleasedShop[] = [];
  const proxies: FaultProxy[] = [];
  beforeAll(async () => {
    mesh = await MeshClusters.start('north');
  }, 300_000);
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await Promise.all(shops.splice(0).map((shop) => shop.cleanUp(['north'])));
  });
  afterAll(async () => {
    await mesh?.end();
  });

  it('that is killed at any of its writes goes through with the next run, and requests lead to ready pods all the time', {
    timeout: 600_000,
  }, async () => {
    const { writes, killed, wrong } = await killAtEveryWrite(async () => {
      const shop = new ReleasedShop(mesh);
      shops.push(shop);
      let image = 1;
      await shop.move({ cart: { image: `mall/cart:${image}` } });
      return async (kill) => {
        const sampler = new RouteSampler(shop, 'north');
        const told = await killedRelease(shop, wish(image), kill).finally(() => sampler.stop());
        image++;
        return { ...told, wrong: [...told.wrong, ...sampler.dead] };
      };
    }, 3);
    expect(wrong).toEqual([]);
    expect(writes).toBeGreaterThan(8);
    expect(killed).toBeGreaterThan(16);
  });

  async function killedRelease(shop: ReleasedShop, released: Shop, kill: Kill): Promise<Told> {
    const end = await killAt(shop, released, kill);
    const wrong: string[] = [];
    const { outcome, releases } = await shop.move(released);
    if (outcome.clusters[0]?.status !== 'done') wrong.push(`the next run: ${JSON.stringify(outcome.clusters)}`);
    if (releases[0]?.status !== 'through') wrong.push(`the release: ${JSON.stringify(releases)}`);
    const { plan } = await shop.plan1(released);
    if (plan.changes) wrong.push(`still to do: ${JSON.stringify(plan.clusters[0]?.items.map(({ id }) => id))}`);
    if ((await shop.get(shop.deploymentPath('cart-canary'))) !== undefined) wrong.push('the canary is still there');
    return { end, wrong, tookOver: false };
  }

  async function killAt(shop: ReleasedShop, released: Shop, kill: Kill): Promise<End> {
    const proxy = await startFaultProxy(mesh.kubeconfig, 'north');
    proxies.push(proxy);
    const run: ReleaseChild = {
      kubeconfig: shop.kubeconfigFor('north', proxy.url),
      cluster: 'north',
      inventoryNamespace: shop.inventoryNamespace,
      stateFolder: shop.stateFolder,
      assembly: shop.assembly(released),
      leaseSeconds: LEASE_SECONDS,
    };
    const script = join(import.meta.dirname, 'release-child.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { NODE_COMPILE_CACHE: join(inject('scratch'), 'compiled') },
    });
    let [stdout, stderr] = ['', ''];
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(run));
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    const die = () => {
      child.kill('SIGKILL');
    };
    let writes = 0;
    proxy.fault = ({ isWrite, path, body }) => {
      if (!isWrite || !isCounted(`${path} ${body.slice(0, 300)}`) || ++writes !== kill.write) return undefined;
      return kill.when === 'before' ? { before: die, cut: 'before' } : { after: die, cut: 'after' };
    };
    await new Promise((resolve) => child.once('close', resolve));
    await proxy.close();
    proxies.splice(proxies.indexOf(proxy), 1);
    if (stdout === '' || writes >= kill.write) return 'killed';
    const { releases } = JSON.parse(stdout) as { releases: { status: string; problem?: { code: string } }[] };
    const [one] = releases;
    if (one?.problem !== undefined && ['ORR5005', 'ORR3004'].includes(one.problem.code)) return 'lost';
    expect(one?.status, `${stdout} ${stderr}`).toBe('through');
    return 'done';
  }
});
