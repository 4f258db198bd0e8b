import { join } from 'node:path';
import { type BenchServer, withApiServer, withApiServers } from '../api-server.ts';
import { makeFixture } from '../fixture.ts';
import type { Bench } from '../run.ts';
import { type Workplace, workplace } from '../workplace.ts';

const NAMESPACE = 'shop';
const CLUSTERS = 10;
/** kubectl knows one cluster at a time. */
const KUBECTL = `kubectl diff --server-side, ${CLUSTERS} times`;

/** Many clusters, and many objects in one: plans of what is unchanged, whole processes from start to exit. */
export async function scaleSuite(bench: Bench): Promise<void> {
  await manyClusters(bench);
  await manyObjects(bench);
}

async function manyClusters(bench: Bench): Promise<void> {
  await withApiServers(join(bench.folder, 'servers'), CLUSTERS, bench.say, async (servers) => {
    const named = new Map(servers.map((server, index) => [`cluster-${index + 1}`, server]));
    const folder = join(bench.folder, 'assembly-clusters');
    const fixture = await makeFixture({ platform: 'bench', namespace: NAMESPACE, clusters: [...named.keys()], folder });
    const place = await applied(join(bench.folder, 'clusters'), named, fixture.assembly);
    const mine = join(bench.folder, 'run');
    const kubectl = workplace(join(bench.folder, 'kubectl'));
    const kubectlDiffs = async (): Promise<number> => {
      const run = kubectl.copy(mine);
      let milliseconds = 0;
      for (const server of servers) {
        const diff = ['--kubeconfig', server.kubeconfig, 'diff', '--server-side', '-f', fixture.yaml];
        milliseconds += (await run.run(server.kubectl, diff)).milliseconds;
      }
      return milliseconds;
    };
    await bench.measure({
      name: `plan-${CLUSTERS}x1000`,
      unit: 'ms',
      ours: async () => (await place.copy(mine).orrery(plan(fixture.assembly))).milliseconds,
      peer: { name: KUBECTL, run: kubectlDiffs },
    });
    await bench.measure({
      name: `plan-${CLUSTERS}x1000-memory`,
      unit: 'MB',
      ours: () => place.copy(mine).orreryMemory(plan(fixture.assembly)),
      target: 200,
      warmUps: 0,
    });
  });
}

async function manyObjects(bench: Bench): Promise<void> {
  await withApiServer(join(bench.folder, 'server'), bench.say, async (server) => {
    const times = new Map<number, number[]>();
    for (const objects of [1000, 10_000]) {
      const namespace = `shop-${objects}`;
      const platform = `bench-${objects}`;
      const folder = join(bench.folder, `assembly-${objects}`);
      const { assembly } = await makeFixture({ platform, namespace, objects, folder });
      const place = await applied(join(bench.folder, platform), new Map([['bench', server]]), assembly, namespace);
      const mine = join(bench.folder, 'run');
      const run = async (): Promise<number> => {
        const { milliseconds } = await place.copy(mine).orrery(plan(assembly));
        times.set(objects, [...(times.get(objects) ?? []), milliseconds]);
        return milliseconds;
      };
      if (objects === 1000) {
        for (let warm = 0; warm < 6; warm++) await run();
        continue;
      }
      const small = times.get(1000)?.sort((a, b) => a - b)[3] ?? 0;
      bench.say(`  plan of 1,000 objects here: ${Math.round(small)} ms`);
      await bench.measure({ name: 'plan-10000', unit: 'ms', ours: run, target: Math.round(10 * small) });
      await bench.measure({
        name: 'plan-10000-memory',
        unit: 'MB',
        ours: () => place.copy(mine).orreryMemory(plan(assembly)),
        target: 400,
        warmUps: 0,
      });
    }
  });
}

/** Exit code 0 with --exit-code: nothing was found changed, or the bench fails. */
function plan(assembly: string): string[] {
  return ['plan', '--assembly', assembly, '--exit-code'];
}

/** Applies to all clusters; home and working folder as that leaves them. */
async function applied(
  folder: string,
  servers: ReadonlyMap<string, BenchServer>,
  assembly: string,
  namespace = NAMESPACE,
): Promise<Workplace> {
  await Promise.all([...servers.values()].map((server) => server.createNamespace(namespace)));
  const place = workplace(folder);
  place.targets(servers);
  await place.orrery(['apply', '--assembly', assembly, '--yes', '--no-wait']);
  return place;
}
