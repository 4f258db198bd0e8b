import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { openTarget } from '../lib/cluster/open-target.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import { ForwardProxy } from '../lib/cluster/testing/forward-proxy.ts';
import { makePlan } from '../lib/plan/make-plan.ts';
import { sandboxStatus } from '../lib/sandbox/sandbox-state.ts';
import { AppliedPlatform, clusterPlan, outcomeOf } from './applied-platform.ts';
import { writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { renderWritten } from './render-written.ts';
import { folderAsset, TemporaryFolders } from './write-assembly.ts';

interface AuditEvent {
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly objectRef?: { readonly namespace?: string };
}

const helms = await helmBinaries();

/** A way into the cluster that is none of helm's defaults: a proxy, a credential plugin, another user. */
describe.skipIf(inject('rig') === 'missing').each(helms)('how $name reaches the cluster', ({ name, file }) => {
  const folders = new TemporaryFolders();
  const platform = new AppliedPlatform(`access-${name}`);
  const [namespace, person] = [platform.namespace(), `${platform.id}-mina`];
  const folder = folders.make();
  const [plugin, pluginRuns, helm, helmRuns] = ['plugin', 'plugin-runs', 'helm', 'helm-runs'].map((one) =>
    path.join(folder, one),
  ) as [string, string, string, string];
  const linesOf = (log: string) => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);
  let proxy: ForwardProxy;
  let target: KubeTarget;

  beforeAll(async () => {
    proxy = await ForwardProxy.start();
    const config = parse(readFileSync(platform.kubeconfigFor('alpha'), 'utf8')) as {
      clusters: { name: string; cluster: object }[];
      users: { name: string; user: { token: string } }[];
    };
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: config.users[0]?.user.token },
    };
    writeFileSync(plugin, `#!/bin/sh\necho run >> '${pluginRuns}'\necho '${JSON.stringify(credential)}'\n`);
    writeFileSync(helm, `#!/bin/sh\necho "$1" >> '${helmRuns}'\nexec '${file}' "$@"\n`);
    for (const program of [plugin, helm]) chmodSync(program, 0o700);
    const exec = { apiVersion: credential.apiVersion, command: plugin, interactiveMode: 'Never' };
    const user = { exec, as: person, 'as-groups': ['system:masters'] };
    const kubeconfig = path.join(platform.stateFolder, `${randomBytes(3).toString('hex')}.kubeconfig`);
    const clusters = config.clusters.map((one) => ({
      ...one,
      cluster: { ...one.cluster, 'proxy-url': proxy.url.href },
    }));
    const users = config.users.map((one) => ({ name: one.name, user }));
    writeFileSync(kubeconfig, stringify({ ...config, clusters, users }), { mode: 0o600 });
    const { inventoryNamespace } = platform;
    const opened = await openTarget(
      { kind: 'kubeconfig', kubeconfig, context: 'alpha', inventoryNamespace },
      { cluster: 'alpha', env: {} },
    );
    if (opened.kind !== 'kube') throw new Error('not a cluster');
    target = opened;
  });
  afterAll(async () => {
    await target.client.close();
    await platform.cleanUp();
    await proxy[Symbol.asyncDispose]();
    folders.removeAll();
  });

  it('is ours: its proxy, what the plugin answered us, whoever we act as; and it is looked for once for all releases', async () => {
    const chart = writeChart(folders.make(), {
      'one.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}" }\n',
    });
    const options = { helmBinary: helm };
    const assembly = folders.make();
    const releases = ['one', 'two', 'three'].map((releaseName) => ({
      ...{ path: `shop/${releaseName}`, releaseName, namespace, native: {} },
      chart: { asset: folderAsset(assembly, chart) },
    }));
    const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    const unit = { path: 'shop', objects: [{ path: 'shop/namespace', object: own }], helmReleases: releases };
    const rendered = await renderWritten(options)(assembly, [{ name: 'alpha', units: [unit] }]);
    const wanted = { ...rendered, platform: { id: platform.id } };
    const plan = () => makePlan(wanted, [target], platform.planOptions({ helm: options }));
    const made = await plan();
    expect(linesOf(helmRuns).sort()).toEqual(['upgrade', 'upgrade', 'upgrade', 'version']);
    const tunnels = proxy.seen.length;
    const { inventories } = made;
    const applied = await platform.applyDesired(made, wanted, [target], { helm: options, inventories });
    expect(outcomeOf(applied)).toMatchObject({ failures: [], written: 4 });
    expect(linesOf(helmRuns).filter((verb) => verb === 'version')).toHaveLength(2);
    expect(clusterPlan(await plan()).items).toEqual([]);
    // Three helms, each with a connection of its own; the plugin was run for our client alone.
    expect(proxy.seen.length - tunnels).toBeGreaterThanOrEqual(3);
    expect(linesOf(pluginRuns)).toHaveLength(1);

    const { clusters } = await sandboxStatus({ folder: inject('clusters').folder });
    const log = clusters.find((one) => one.name === 'alpha')?.auditLog ?? '';
    const byHelm = linesOf(log)
      .filter((line) => line.includes(`"${namespace}"`))
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ userAgent, objectRef }) => userAgent?.startsWith('Helm/') && objectRef?.namespace === namespace);
    expect(byHelm.length).toBeGreaterThanOrEqual(6);
    const users = byHelm.map(({ user, impersonatedUser }) => `${user.username} as ${impersonatedUser?.username}`);
    expect(new Set(users)).toEqual(new Set([`admin as ${person}`]));
  });
});
