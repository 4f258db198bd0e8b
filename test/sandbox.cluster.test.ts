import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { identifyProcess } from '../lib/files/process-identity.ts';
import { startApiServerOnly } from '../lib/sandbox/api-server-only.ts';
import { restartComponent, startComponent, stopComponent } from '../lib/sandbox/component-control.ts';
import { TOOLS, type ToolDefinition, type ToolName } from '../lib/sandbox/rig/tool-catalogue.ts';
import type { ComponentName, SandboxCluster, SandboxEvent } from '../lib/sandbox/sandbox-cluster.ts';
import { sandboxDown } from '../lib/sandbox/sandbox-down.ts';
import { type SandboxClusterState, type SandboxState, sandboxStatus } from '../lib/sandbox/sandbox-state.ts';
import { sandboxUp } from '../lib/sandbox/sandbox-up.ts';
import { ownSandboxFolder } from './own-sandbox.ts';

const run = promisify(execFile);
const missing = inject('rig') === 'missing';
const tools = inject('tools');

async function kubectl(kubeconfig: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(tools.kubectl ?? '', ['--kubeconfig', kubeconfig, ...args]);
  return stdout;
}

function pids(cluster: SandboxClusterState): Record<string, number | undefined> {
  return Object.fromEntries(cluster.components.map(({ name, pid }) => [name, pid]));
}

function only(state: SandboxState): SandboxClusterState {
  const [cluster] = state.clusters;
  if (cluster === undefined || state.clusters.length !== 1) throw new Error('expected one cluster');
  return cluster;
}

/** Command lines of all processes that mention the folder. */
function processesOf(folder: string): string[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1e8 })
    .split('\n')
    .filter((line) => line.includes(folder) && !/^\s*\d+ ps /.test(line));
}

describe.skipIf(missing)('the tools of the rig', () => {
  it.each(Object.keys(tools) as ToolName[])('%s reports the version that it is pinned to', async (tool) => {
    const { version, versionArguments }: ToolDefinition = TOOLS[tool];
    const { stdout, stderr } = await run(tools[tool] ?? '', [...versionArguments]);
    expect(`${stdout}${stderr}`).toContain(version);
  });
});

describe.skipIf(missing)('a sandbox with one whole cluster', { timeout: 300_000 }, () => {
  const definition: SandboxCluster = {
    name: 'one',
    auditLog: true,
    tokens: [{ name: 'reader', groups: ['readers'] }],
    nodes: [
      { name: 'plain', labels: { pool: 'general' } },
      {
        name: 'gpu',
        labels: { pool: 'gpu' },
        capacity: { 'nvidia.com/gpu': '8' },
        taints: [{ key: 'gpu', effect: 'NoSchedule' }],
      },
    ],
  };
  const folder = missing ? '' : ownSandboxFolder();
  let cluster: SandboxClusterState;
  let events: SandboxEvent[] = [];

  const up = async (): Promise<SandboxClusterState> => {
    events = [];
    return only(await sandboxUp({ folder, clusters: [definition], tools, onEvent: (event) => events.push(event) }));
  };

  beforeAll(async () => {
    // In a process of its own, which then ends: the cluster must outlive whoever starts it.
    const script = `
      import { sandboxUp } from ${JSON.stringify(new URL('../lib/sandbox/sandbox-up.ts', import.meta.url).href)};
      await sandboxUp(JSON.parse(process.argv[1]));`;
    const options = JSON.stringify({ folder, clusters: [definition], tools });
    await run(process.execPath, ['--input-type=module', '-e', script, options]);
    cluster = only(await sandboxStatus({ folder }));
  });
  afterAll(async () => {
    await sandboxDown({ folder });
  });

  it('outlives the process that started it, with every component ready', async () => {
    expect(cluster).toMatchObject({ name: 'one', ready: true, kubernetesVersion: '1.36.3', context: 'one' });
    expect(cluster.components.map(({ name, ready }) => [name, ready])).toEqual([
      ['etcd', true],
      ['kube-apiserver', true],
      ['kube-controller-manager', true],
      ['kube-scheduler', true],
      ['kwok', true],
    ]);
    const version = JSON.parse(await kubectl(cluster.kubeconfig, 'version', '-o', 'json'));
    expect(version.serverVersion.gitVersion).toBe('v1.36.3');
  });

  it('has the nodes that were described, ready', async () => {
    const { items } = JSON.parse(await kubectl(cluster.kubeconfig, 'get', 'nodes', '-o', 'json'));
    const ready = (node: { status: { conditions: { type: string; status: string }[] } }): unknown =>
      node.status.conditions.find(({ type }) => type === 'Ready')?.status;
    expect(items.map((node: never) => ready(node))).toEqual(['True', 'True']);
    const gpu = items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'gpu');
    expect(gpu.status.capacity).toMatchObject({ 'nvidia.com/gpu': '8', cpu: '32' });
    expect(gpu.spec.taints).toContainEqual({ key: 'gpu', effect: 'NoSchedule' });
  });

  it('runs Deployments, StatefulSets with volumes, DaemonSets, Jobs and load balancers to readiness', async () => {
    const file = fileURLToPath(new URL('./sandbox-workloads.yaml', import.meta.url));
    await kubectl(cluster.kubeconfig, 'apply', '-f', file);
    for (const workload of ['deployment/web', 'statefulset/db', 'daemonset/agent']) {
      await kubectl(cluster.kubeconfig, 'rollout', 'status', workload, '--timeout=60s');
    }
    await kubectl(cluster.kubeconfig, 'wait', 'job/once', '--for=condition=Complete', '--timeout=60s');
    await kubectl(cluster.kubeconfig, 'wait', 'job/broken', '--for=condition=Failed', '--timeout=60s');
    await kubectl(cluster.kubeconfig, 'wait', 'pvc/data-db-0', '--for=jsonpath={.status.phase}=Bound', '--timeout=60s');
    await kubectl(
      cluster.kubeconfig,
      'wait',
      'service/front',
      '--for=jsonpath={.status.loadBalancer.ingress[0].ip}',
      '--timeout=60s',
    );
    const loops = JSON.parse(await kubectl(cluster.kubeconfig, 'get', 'pods', '-l', 'app=loops', '-o', 'json'));
    expect(loops.items).toHaveLength(1);
    await kubectl(
      cluster.kubeconfig,
      'wait',
      `pod/${loops.items[0].metadata.name}`,
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff',
      '--timeout=60s',
    );
    // What is deleted goes away, with the volume of a claim.
    await kubectl(cluster.kubeconfig, 'delete', '-f', file, '--timeout=60s');
    await kubectl(cluster.kubeconfig, 'delete', 'pvc', '--all', '--timeout=60s');
    await kubectl(cluster.kubeconfig, 'wait', 'pv', '--all', '--for=delete', '--timeout=60s');
  });

  it('lets an extra user in, with no more rights than RBAC gives', async () => {
    await expect(kubectl(cluster.kubeconfig, '--context', 'one-reader', 'get', 'configmaps')).rejects.toThrow(
      /cannot list resource/,
    );
    await kubectl(cluster.kubeconfig, 'create', 'rolebinding', 'read', '--clusterrole=view', '--group=readers');
    await expect(kubectl(cluster.kubeconfig, '--context', 'one-reader', 'get', 'configmaps')).resolves.toContain(
      'kube-root-ca.crt',
    );
    await expect(kubectl(cluster.kubeconfig, '--context', 'one-reader', 'create', 'configmap', 'x')).rejects.toThrow(
      /forbidden/,
    );
  });

  it('logs the writes of each user in their order, and no reads', async () => {
    for (const name of ['first', 'second']) await kubectl(cluster.kubeconfig, 'create', 'configmap', name);
    await kubectl(cluster.kubeconfig, 'delete', 'configmap', 'first');
    await kubectl(cluster.kubeconfig, 'get', 'configmap', 'second');
    const ours = auditEvents(cluster).filter(
      ({ user, objectRef }) => user.username === 'admin' && ['first', 'second'].includes(objectRef?.name ?? ''),
    );
    expect(ours.map(({ verb, objectRef }) => `${verb} ${objectRef?.name}`)).toEqual([
      'create first',
      'create second',
      'delete first',
    ]);
    expect(auditEvents(cluster).some(({ verb }) => ['get', 'list', 'watch'].includes(verb))).toBe(false);
  });

  it('keeps every process on a second up', async () => {
    const before = pids(only(await sandboxStatus({ folder })));
    const again = await up();
    expect(pids(again)).toEqual(before);
    expect(events.filter(({ type }) => type === 'component-starting')).toEqual([]);
  });

  it('brings killed components back on their data and address, and leaves the others running', async () => {
    await kubectl(cluster.kubeconfig, 'create', 'configmap', 'survivor');
    const before = pids(only(await sandboxStatus({ folder })));
    for (const component of ['etcd', 'kube-apiserver'] as const) {
      process.kill(before[component] ?? 0, 'SIGKILL');
      await vi.waitFor(() => expect(identifyProcess(before[component] ?? 0)).toBeUndefined(), { timeout: 30_000 });
    }
    const broken = only(await sandboxStatus({ folder }));
    expect(broken.ready).toBe(false);
    expect(broken.components.filter(({ pid }) => pid === undefined).map(({ name }) => name)).toEqual([
      'etcd',
      'kube-apiserver',
    ]);

    const after = await up();
    expect(after).toMatchObject({ ready: true, server: cluster.server });
    expect(pids(after)).toMatchObject({
      'kube-controller-manager': before['kube-controller-manager'],
      'kube-scheduler': before['kube-scheduler'],
      kwok: before.kwok,
    });
    expect(await kubectl(cluster.kubeconfig, 'get', 'configmap', 'survivor', '-o', 'name')).toBe(
      'configmap/survivor\n',
    );
  });

  it('restarts one component on demand', async () => {
    const before = pids(only(await sandboxStatus({ folder })));
    await restartComponent({ folder, cluster: 'one', component: 'kube-apiserver' });
    const after = only(await sandboxStatus({ folder }));
    expect(after.ready).toBe(true);
    expect(pids(after)).toEqual({
      ...before,
      'kube-apiserver': expect.not.toSatisfy((pid) => pid === before['kube-apiserver']),
    });
    await stopComponent({ folder, cluster: 'one', component: 'kwok', force: true });
    expect(pids(only(await sandboxStatus({ folder }))).kwok).toBeUndefined();
    await startComponent({ folder, cluster: 'one', component: 'kwok' });
    expect(only(await sandboxStatus({ folder })).ready).toBe(true);
  });

  it.each<ComponentName>(['etcd', 'kube-apiserver', 'kube-scheduler', 'kwok'])(
    'moves %s alone to another port when somebody else has taken its own meanwhile',
    async (component) => {
      const record = JSON.parse(readFileSync(join(folder, 'one', 'cluster.json'), 'utf8'));
      await stopComponent({ folder, cluster: 'one', component, force: true });
      const squatter = await listen(record.ports[component]);
      try {
        const after = await up();
        expect(events).toContainEqual({ type: 'port-taken', cluster: 'one', component });
        expect(after.ready).toBe(true);
        const moved = JSON.parse(readFileSync(join(folder, 'one', 'cluster.json'), 'utf8'));
        const changed = Object.keys(moved.ports).filter((name) => moved.ports[name] !== record.ports[name]);
        expect(changed.filter((name) => name !== 'etcdPeer')).toEqual([component]);
        expect(await kubectl(after.kubeconfig, 'get', 'configmap', 'survivor', '-o', 'name')).toBe(
          'configmap/survivor\n',
        );
      } finally {
        squatter.close();
      }
    },
  );

  it('restarts only what is wanted differently', async () => {
    const before = only(await sandboxStatus({ folder }));
    const state = await sandboxUp({
      folder,
      clusters: [
        {
          ...definition,
          apiServerFlags: ['--max-requests-inflight=321'],
          apiServerEnvironment: { GOGC: '321' },
        },
      ],
      tools,
    });
    const after = only(state);
    expect(after).toMatchObject({ ready: true, server: before.server });
    expect(pids(after)['kube-apiserver']).not.toBe(pids(before)['kube-apiserver']);
    expect(pids(after).etcd).toBe(pids(before).etcd);
    expect(processesOf(folder).some((line) => line.includes('--max-requests-inflight=321'))).toBe(true);
    const environment = (component: ComponentName) => readFileSync(`/proc/${pids(after)[component]}/environ`, 'utf8');
    if (process.platform === 'linux') {
      expect(environment('kube-apiserver').split('\0')).toContain('GOGC=321');
      expect(environment('etcd')).not.toContain('GOGC');
    }
  });

  it('leaves no process and no file behind on down, and a second down finds nothing to do', async () => {
    expect(processesOf(folder)).toHaveLength(5);
    expect(await sandboxDown({ folder })).toEqual(['one']);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(await sandboxDown({ folder })).toEqual([]);
    expect(await sandboxStatus({ folder })).toMatchObject({ clusters: [] });
  });
});

describe.skipIf(missing)('API servers alone', { timeout: 300_000 }, () => {
  const folder = missing ? '' : ownSandboxFolder();
  afterAll(async () => {
    await sandboxDown({ folder });
  });

  it('serve without controllers, side by side in one folder, and end one by one', async () => {
    const [first, second] = [
      await startApiServerOnly({ folder, tools, name: 'first' }),
      await startApiServerOnly({ folder, tools, name: 'second', apiServerFlags: ['--anonymous-auth=false'] }),
    ];
    expect(second.components.map(({ name }) => name)).toEqual(['etcd', 'kube-apiserver']);
    const state = await sandboxStatus({ folder });
    expect(state.clusters.map(({ name, ready }) => [name, ready])).toEqual([
      ['first', true],
      ['second', true],
    ]);
    const uids = await Promise.all(
      ['first', 'second'].map((context) =>
        kubectl(
          state.kubeconfig,
          '--context',
          context,
          'get',
          'namespace',
          'kube-system',
          '-o',
          'jsonpath={.metadata.uid}',
        ),
      ),
    );
    expect(new Set(uids).size).toBe(2);

    expect(await sandboxDown({ folder, clusters: ['second'] })).toEqual(['second']);
    const left = await sandboxStatus({ folder });
    expect(left.clusters.map(({ name, ready }) => [name, ready])).toEqual([['first', true]]);
    expect(await kubectl(left.kubeconfig, 'config', 'get-contexts', '-o', 'name')).toBe('first\n');
    expect(first.server).toBe(left.clusters[0]?.server);
  });

  it('that cannot start are reported with the end of their log', async () => {
    await expect(
      startApiServerOnly({ folder, tools, name: 'broken', apiServerFlags: ['--no-such-flag=1'] }),
    ).rejects.toMatchObject({
      code: 'ORR6003',
      message: expect.stringMatching(
        /kube-apiserver ended while starting; the end of its log:\n.*unknown flag: --no-such-flag/s,
      ),
      where: { cluster: 'broken', source: join(folder, 'broken', 'logs', 'kube-apiserver.log') },
    });
  });
});

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly name?: string };
}

function auditEvents(cluster: SandboxClusterState): AuditEvent[] {
  return readFileSync(cluster.auditLog ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEvent);
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
