import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchServer, withApiServer } from '../api-server.ts';
import { startCountingProxy, summary } from '../counting-proxy.ts';
import { makeFixture } from '../fixture.ts';
import type { Bench } from '../run.ts';
import { type Workplace, workplace } from '../workplace.ts';

const NAMESPACE = 'shop';
const KUBECTL = 'kubectl diff --server-side';
const CHANGED = 20;
/** Lists of the four kinds, and the six that every plan needs. */
const REQUESTS = 4 + 6;

/**
 * What a person waits for when asking "what would change?": whole processes, from start to exit, over 1,000 objects that Orrery applied. kubectl looks at
 * the very same objects. Each run starts from a copy of the home and working folder that the apply left.
 */
export async function diffSuite(bench: Bench): Promise<void> {
  await withApiServer(join(bench.folder, 'server'), bench.say, async (server) => {
    const fixture = await makeFixture({
      platform: 'bench',
      namespace: NAMESPACE,
      folder: join(bench.folder, 'assembly'),
    });
    const changed = await makeFixture({
      platform: 'bench',
      namespace: NAMESPACE,
      changed: CHANGED,
      folder: join(bench.folder, 'assembly-changed'),
    });
    await server.createNamespace(NAMESPACE);
    const place = workplace(join(bench.folder, 'applied'));
    place.target(server.kubeconfig, server.context);
    const apply = () => place.orrery(['apply', '--assembly', fixture.assembly, '--yes', '--no-wait']);
    await apply();
    await seesChange(bench, server, place, fixture.assembly);
    await apply();

    const mine = workplace(join(bench.folder, 'run'));
    const kubectlPlace = workplace(join(bench.folder, 'kubectl'));
    const kubectlDiff = async (yaml: string, expect: number): Promise<number> => {
      const { milliseconds } = await kubectlPlace
        .copy(mine.folder)
        .run(server.kubectl, ['--kubeconfig', server.kubeconfig, 'diff', '--server-side', '-f', yaml], [expect]);
      return milliseconds;
    };
    // Fills kubectl's discovery cache, as the apply filled ours.
    await kubectlPlace.run(server.kubectl, [
      '--kubeconfig',
      server.kubeconfig,
      'diff',
      '--server-side',
      '-f',
      fixture.yaml,
    ]);

    bench.say(`  unchanged: ${summary(await seenThroughProxy(server, place, bench.folder, fixture.assembly))}`);
    bench.say(`  changed:   ${summary(await seenThroughProxy(server, place, bench.folder, changed.assembly))}`);

    await bench.measure({
      name: 'plan-1000-unchanged',
      unit: 'ms',
      ours: async () => (await plan(place.copy(mine.folder), fixture.assembly, 0)).milliseconds,
      peer: { name: KUBECTL, run: () => kubectlDiff(fixture.yaml, 0) },
    });
    await bench.measure({
      name: 'plan-1000-20-changed',
      unit: 'ms',
      ours: async () => (await plan(place.copy(mine.folder), changed.assembly, 2)).milliseconds,
      peer: { name: KUBECTL, run: () => kubectlDiff(changed.yaml, 1) },
    });
    await bench.measure({
      name: 'plan-1000-unchanged-requests',
      unit: 'requests',
      ours: async () => (await seenThroughProxy(server, place, bench.folder, fixture.assembly)).length,
      target: REQUESTS,
      warmUps: 0,
    });
  });
}

/** @param expect 0 no changes, 2 changes: the process says so by its exit code, so every measured run is also a checked one. */
function plan(place: Workplace, assembly: string, expect: 0 | 2) {
  return place.orrery(['plan', '--assembly', assembly, '--exit-code'], [expect]);
}

/** One object in 1,000 is changed by somebody else: a plan that misses it is not worth timing. */
async function seesChange(bench: Bench, server: BenchServer, place: Workplace, assembly: string): Promise<void> {
  await server.run('-n', NAMESPACE, 'label', 'deployment/service-7', 'app.kubernetes.io/part-of-');
  const { stdout } = await place.orrery(['plan', '--assembly', assembly, '--exit-code', '--output', 'json'], [2]);
  if (!stdout.includes('service-7') || stdout.includes('service-8'))
    throw new Error('the plan did not show just the changed object');
  bench.say('  one object in 1,000 changed: the plan shows it');
}

async function seenThroughProxy(server: BenchServer, applied: Workplace, folder: string, assembly: string) {
  const proxy = await startCountingProxy(server);
  try {
    const place = applied.copy(join(folder, 'proxied'));
    const kubeconfig = join(place.folder, 'kubeconfig');
    writeFileSync(kubeconfig, proxy.kubeconfig(readFileSync(server.kubeconfig, 'utf8')));
    place.target(kubeconfig, server.context);
    await place.orrery(['plan', '--assembly', assembly]);
    return proxy.seen;
  } finally {
    await proxy.close();
  }
}
