import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startApiServerOnly } from '../lib/sandbox/api-server-only.ts';
import { clusterPaths } from '../lib/sandbox/cluster-record.ts';
import { ensureTools, rigOptionsFromEnvironment } from '../lib/sandbox/rig/ensure-tools.ts';
import { sandboxDown } from '../lib/sandbox/sandbox-down.ts';
import { type FinishedProcess, runProcess } from './measure.ts';
import { KINDS } from './objects.ts';

/** A real API server with its etcd, without controllers: what both sides of a case talk to. */
export interface BenchServer {
  /** "https://127.0.0.1:23456". */
  readonly url: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** Certificate and key of the server, PEM: a proxy with them is trusted by the same kubeconfig. */
  readonly certificate: string;
  readonly key: string;
  /** Bearer token of the administrator. */
  readonly token: string;
  /** kubectl of the rig, the same version as the server. */
  readonly kubectl: string;
  /** Runs kubectl untimed as the administrator. */
  run(...args: string[]): Promise<FinishedProcess>;
  createNamespace(name: string): Promise<void>;
  /** Deletes the measured objects of a namespace (the namespace stays: nothing finishes its deletion here). */
  empty(namespace: string): Promise<void>;
  /** How many of the measured objects a namespace holds. */
  count(namespace: string): Promise<number>;
}

/** Starts several servers, one after the other, for as long as `use` takes. */
export async function withApiServers(
  folder: string,
  count: number,
  say: (text: string) => void,
  use: (servers: readonly BenchServer[]) => Promise<void>,
  started: readonly BenchServer[] = [],
): Promise<void> {
  if (started.length === count) return use(started);
  await withApiServer(join(folder, `server-${started.length + 1}`), say, (server) =>
    withApiServers(folder, count, say, use, [...started, server]),
  );
}

/** Starts a server in `folder` for as long as `use` takes. */
export async function withApiServer(
  folder: string,
  say: (text: string) => void,
  use: (server: BenchServer) => Promise<void>,
): Promise<void> {
  const tools = await ensureTools(['etcd', 'kube-apiserver', 'kubectl'], {
    ...rigOptionsFromEnvironment(process.env, homedir()),
    onEvent: ({ tool, phase, seconds }) => {
      if (phase === 'compiling' && seconds < 1) say(`building ${tool} (once) …`);
    },
  });
  const end = async () => {
    await sandboxDown({ folder });
  };
  // The server would outlive an interrupted bench.
  const interrupted = () => void end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const state = await startApiServerOnly({ folder, tools });
    const paths = clusterPaths(folder, state.name);
    const kubeconfig = readFileSync(state.kubeconfig, 'utf8');
    const token = /^\s*token: *"?([^"\s]+)/m.exec(kubeconfig)?.[1] ?? '';
    const run = (...args: string[]) =>
      runProcess({
        command: tools.kubectl,
        args: ['--kubeconfig', state.kubeconfig, '--context', state.context, ...args],
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', HOME: folder },
      });
    const collections = (namespace: string) =>
      KINDS.map(({ prefix, plural }) => `${prefix}/namespaces/${namespace}/${plural}`);
    await use({
      url: state.server,
      kubeconfig: state.kubeconfig,
      context: state.context,
      certificate: readFileSync(paths.serverCertificate, 'utf8'),
      key: readFileSync(join(paths.serverCertificates, 'apiserver.key'), 'utf8'),
      token,
      kubectl: tools.kubectl,
      run,
      createNamespace: async (name) => {
        await run('create', 'namespace', name);
      },
      empty: async (namespace) => {
        for (const path of collections(namespace)) await run('delete', '--raw', path);
      },
      count: async (namespace) => {
        let total = 0;
        for (const path of collections(namespace)) {
          const { stdout } = await run('get', '--raw', path);
          total += (JSON.parse(stdout) as { items: unknown[] }).items.length;
        }
        return total;
      },
    });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await end();
  }
}
