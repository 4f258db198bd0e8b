import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchServer, withApiServer } from '../api-server.ts';
import { type SeenRequest, startCountingProxy, summary, writes } from '../counting-proxy.ts';
import { makeFixture } from '../fixture.ts';
import { floodLike } from '../flood-requests.ts';
import { runProcess } from '../measure.ts';
import { program } from '../program.ts';
import type { Bench } from '../run.ts';
import { type Workplace, workplace } from '../workplace.ts';

const KUBECTL = 'kubectl apply --server-side';
const FLOOD = 'the same PATCHes, bare';

/**
 * Bringing 1,000 objects into an empty namespace that exists, and asking for them again: whole processes, from start to exit, inventory written. Every run has
 * a namespace and a platform of its own and cleans up behind itself; its home and working folder are those of somebody who has met the cluster before.
 */
export async function applySuite(bench: Bench): Promise<void> {
  await withApiServer(join(bench.folder, 'server'), bench.say, async (server) => {
    const home = await acquainted(bench, server);
    const runFolder = join(bench.folder, 'run');
    const namespaces = freshNamespaces(server);

    const first = async (): Promise<number> => {
      const namespace = await namespaces.next();
      const { assembly } = await makeFixture({
        platform: namespace,
        namespace,
        folder: join(bench.folder, 'assembly'),
      });
      const { milliseconds } = await applyAssembly(home.copy(runFolder), assembly);
      await namespaces.clear(namespace);
      return milliseconds;
    };
    await bench.measure({
      name: 'apply-1000-first',
      unit: 'ms',
      ours: first,
      peer: {
        name: KUBECTL,
        run: async () => {
          const namespace = await namespaces.next();
          const { yaml } = await makeFixture({
            platform: namespace,
            namespace,
            folder: join(bench.folder, 'assembly'),
          });
          const { milliseconds } = await home
            .copy(runFolder)
            .run(server.kubectl, ['--kubeconfig', server.kubeconfig, 'apply', '--server-side', '-f', yaml]);
          await namespaces.clear(namespace);
          return milliseconds;
        },
      },
    });

    const recorded = await recordApply(bench, server, home, namespaces);
    bench.say(`\n  first apply: ${summary(recorded.first)}`);
    bench.say(`  again:       ${summary(recorded.again)}`);
    await bench.measure({
      name: 'apply-1000-flood',
      unit: 'ms',
      ours: first,
      peer: {
        name: FLOOD,
        run: async () => {
          const namespace = await namespaces.next();
          const file = join(bench.folder, 'flood.json');
          const flood = floodLike(recorded.first, server, recorded.namespace, namespace);
          if (flood.requests.length !== 1000) throw new Error(`expected 1000 PATCHes, not ${flood.requests.length}`);
          writeFileSync(file, JSON.stringify(flood));
          const { milliseconds } = await runProcess({
            command: process.execPath,
            args: [program('flood'), file],
            cwd: bench.folder,
            env: { PATH: process.env.PATH ?? '', HOME: bench.folder },
          });
          await namespaces.clear(namespace);
          return milliseconds;
        },
      },
    });
    await bench.measure({
      name: 'apply-1000-again',
      unit: 'requests',
      ours: async () => writes((await recordApply(bench, server, home, namespaces)).again).length,
      target: 0,
      warmUps: 0,
    });
  });
}

function applyAssembly(place: Workplace, assembly: string) {
  return place.orrery(['apply', '--assembly', assembly, '--yes', '--no-wait']);
}

/** A workplace from which both tools have applied to this cluster once: whatever they cache of it is there. */
async function acquainted(bench: Bench, server: BenchServer): Promise<Workplace> {
  const place = workplace(join(bench.folder, 'acquainted'));
  place.target(server.kubeconfig, server.context);
  await server.createNamespace('before');
  const { assembly, yaml } = await makeFixture({
    platform: 'before',
    namespace: 'before',
    folder: join(bench.folder, 'assembly'),
  });
  await applyAssembly(place, assembly);
  await server.empty('before');
  await place.run(server.kubectl, ['--kubeconfig', server.kubeconfig, 'apply', '--server-side', '-f', yaml]);
  await server.empty('before');
  return place;
}

/** Namespaces for one run each. */
function freshNamespaces(server: BenchServer) {
  let count = 0;
  return {
    next: async (): Promise<string> => {
      const name = `run-${++count}`;
      await server.createNamespace(name);
      return name;
    },
    /** Deletes what the run made, after seeing that it made all of it. */
    clear: async (name: string): Promise<void> => {
      const made = await server.count(name);
      if (made !== 1000) throw new Error(`${made} of 1,000 objects are in the namespace`);
      await server.empty(name);
    },
  };
}

interface Recorded {
  readonly namespace: string;
  readonly first: readonly SeenRequest[];
  readonly again: readonly SeenRequest[];
}

/** An untimed apply and a second one, through a proxy that writes down every request. */
async function recordApply(
  bench: Bench,
  server: BenchServer,
  home: Workplace,
  namespaces: ReturnType<typeof freshNamespaces>,
): Promise<Recorded> {
  const namespace = await namespaces.next();
  const { assembly } = await makeFixture({ platform: namespace, namespace, folder: join(bench.folder, 'assembly') });
  const place = home.copy(join(bench.folder, 'proxied'));
  const proxy = await startCountingProxy(server);
  try {
    const kubeconfig = join(place.folder, 'kubeconfig');
    writeFileSync(kubeconfig, proxy.kubeconfig(readFileSync(server.kubeconfig, 'utf8')));
    place.target(kubeconfig, server.context);
    await applyAssembly(place, assembly);
    const first = proxy.seen.splice(0);
    await applyAssembly(place, assembly);
    await namespaces.clear(namespace);
    return { namespace, first, again: proxy.seen };
  } finally {
    await proxy.close();
  }
}
