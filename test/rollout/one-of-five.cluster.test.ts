import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutManifest } from '@orrery/constructs/assembly-format';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ClusterOutcome } from '../../lib/apply/outcome.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import type { KubeTarget, Target } from '../../lib/cluster/target.ts';
import { type MadePlan, makePlan } from '../../lib/plan/make-plan.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { ensureTools, rigOptionsFromEnvironment } from '../../lib/sandbox/rig/ensure-tools.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import type { SandboxClusterState } from '../../lib/sandbox/sandbox-state.ts';
import { type Applied, outcomeOf, type Program } from '../applied-platform.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';
import { configMap, namespace } from '../sample-objects.ts';
import { StagedPlatform, wavesIn } from './staged-platform.ts';

/** One of five clusters is in trouble: three of today's Kubernetes, one of 1.34, and a folder. */

const OTHERS = ['alpha', 'gamma', 'older', 'folder'] as const;
const FAST = { attempts: 2, pauseMs: 10, connectTimeoutMs: 2_000 };

let platform: StagedPlatform;
let older: SandboxClusterState;
let folder: string;
let opened: KubeTarget[];

describe.skipIf(inject('rig') === 'missing')('of five clusters, one that', () => {
  beforeAll(async () => {
    const rig = await ensureTools(['kube-apiserver-1.34'], rigOptionsFromEnvironment(process.env, homedir()));
    folder = ownSandboxFolder();
    const tools = { ...inject('tools'), ...rig };
    older = await startApiServerOnly({ folder, tools, name: 'older', kubernetesVersion: '1.34' });
  }, 900_000);
  afterAll(() => sandboxDown({ folder }));
  beforeEach(async () => {
    platform = await StagedPlatform.start('five');
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ client }) => client.close()));
    await platform.end();
  });

  const program = (): Program => {
    const ns = platform.namespace();
    const objects = [namespace(ns), configMap(ns, 'a')];
    return { alpha: objects, beta: objects, gamma: objects, older: objects, folder: objects };
  };

  async function targets(): Promise<Target[]> {
    const { inventoryNamespace, stateFolder } = platform;
    const old = await openTarget(
      { kind: 'kubeconfig', kubeconfig: older.kubeconfig, context: older.context, inventoryNamespace },
      { cluster: 'older', env: {} },
    );
    if (old.kind === 'kube') opened.push(old);
    const directory = { kind: 'directory', directory: path.join(stateFolder, 'folder') } as const;
    return [
      ...(await Promise.all(
        ['alpha', 'beta', 'gamma'].map((name) => platform.open(name, platform.proxy(name).url, FAST)),
      )),
      old,
      await openTarget(directory, { cluster: 'folder', env: {} }),
    ];
  }

  /** Trouble begins between plan and apply. */
  async function run(rollout: Partial<RolloutManifest> | undefined, trouble: Trouble = {}): Promise<Applied> {
    const staged: RolloutManifest = {
      waves: [
        { name: 'first', clusters: ['alpha', 'beta'] },
        { name: 'second', clusters: ['gamma', 'older', 'folder'] },
      ],
      ...rollout,
    };
    const desired = rollout === undefined ? platform.desired(program()) : platform.staged(program(), staged);
    const all = await targets();
    const made: MadePlan = await makePlan(desired, all, platform.planOptions());
    platform.watch('beta', trouble.fault);
    const used = all.map((target) => {
      const impostor = all.find(({ cluster }) => cluster === trouble.impostor);
      return target.cluster === 'beta' && impostor !== undefined
        ? ({ ...impostor, cluster: 'beta' } as Target)
        : target;
    });
    const applied = await platform.rollMade(made, desired, used);
    platform.watch('beta');
    return applied;
  }

  interface Trouble {
    readonly fault?: FaultProxy['fault'] | undefined;
    /** The cluster that is reached in its place. */
    readonly impostor?: string;
  }

  const denied = (status: number, reason: string): Trouble['fault'] => {
    // In the words of the server's authorizer; law 7 in test/laws has a user whom the server itself refuses.
    const message =
      'leases is forbidden: User "reader" cannot create resource "leases" in API group "coordination.k8s.io"';
    const body = { kind: 'Status', status: 'Failure', code: status, reason, message };
    return ({ isWrite }) => (isWrite || status === 401 ? { answer: { status, body } } : undefined);
  };
  const others = (applied: Applied): ClusterOutcome['status'][] =>
    OTHERS.map((name) => outcomeOf(applied, name).status);

  it.each<[string, Trouble, string, boolean]>([
    ['is down', { fault: () => ({ cut: 'before' }) }, 'ORR3004', true],
    ['does not take our token any more', { fault: denied(401, 'Unauthorized') }, 'ORR3005', true],
    ['lets us only read', { fault: denied(403, 'Forbidden') }, 'ORR3006', false],
    ["is somebody else's", { impostor: 'gamma' }, 'ORR3003', false],
  ])(
    '%s fails alone, stops later waves unless the program lets the unreachable pass, and is all that is left',
    async (_, trouble, code, passes) => {
      const stopped = await run({}, trouble);
      expect(outcomeOf(stopped, 'beta')).toMatchObject({ status: 'failed', written: 0, problem: { code } });
      expect(others(stopped)).toEqual(['done', 'skipped', 'skipped', 'skipped']);
      expect(wavesIn(stopped)).toEqual(['failed alpha+beta', 'not-started gamma+older+folder']);

      const passing = await run({ onUnreachable: 'continue' }, trouble);
      expect(outcomeOf(passing, 'beta').problem?.code).toBe(code);
      expect(wavesIn(passing)).toEqual(
        passes
          ? ['incomplete alpha+beta', 'done gamma+older+folder']
          : ['failed alpha+beta', 'not-started gamma+older+folder'],
      );
      if (!passes) expect(others(await run(undefined, trouble))).toEqual(['done', 'done', 'done', 'done']);

      const healed = await run({});
      expect(wavesIn(healed)[0]).toBe('done alpha+beta');
      expect(healed.outcome.clusters.map(({ cluster, status, written }) => [cluster, status, written])).toEqual([
        ['alpha', 'done', 0],
        ['beta', 'done', 2],
        ...OTHERS.slice(1).map((name) => [name, 'done', 0]),
      ]);
      expect(platform.objectWrites().map((write) => write.split(' ')[0])).toEqual(['beta', 'beta']);
    },
  );

  it('is slow holds its wave up and nothing else', async () => {
    let answered = false;
    const slow: FaultProxy['fault'] = ({ isWrite, path: request }) => {
      if (!isWrite || !request.includes('/configmaps/')) return undefined;
      return {
        before: async () => {
          await sleep(1_000);
          answered = true;
        },
      };
    };
    const tooEarly: boolean[] = [];
    platform.watch('gamma', ({ isWrite, path: request }) => {
      if (isWrite && request.includes('/configmaps/')) tooEarly.push(!answered);
      return undefined;
    });
    const applied = await run({}, { fault: slow });
    expect(wavesIn(applied)).toEqual(['done alpha+beta', 'done gamma+older+folder']);
    expect(tooEarly).toEqual([false]);
    expect(await platform.complete('alpha', 'beta', 'gamma')).toEqual([true, true, true]);
  });
});
