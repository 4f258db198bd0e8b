import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { createKubeClient } from '../../lib/cluster/http-client.ts';
import { loadKubeconfig } from '../../lib/cluster/load-connection.ts';
import { openTarget } from '../../lib/cluster/open-target.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';
import { TestProject } from '../project.ts';
import { TenantPlatform } from './tenant-platform.ts';

/** What `orrery workspace` prints, used as it is meant to be used. */
describe.skipIf(inject('rig') === 'missing')('orrery workspace', () => {
  let tenant: TenantPlatform;
  beforeAll(async () => {
    tenant = new TenantPlatform('minted');
    await tenant.applied.apply({ alpha: tenant.objects('alpha'), beta: tenant.objects('beta') });
  }, 60_000);
  afterAll(() => tenant.cleanUp(), 60_000);

  function projectOf(): TestProject {
    const { kubeconfig } = inject('clusters');
    return new TestProject({
      'cdk8s.yaml': `app: node main.ts\ntargets: { '*': { kubeconfig: ${kubeconfig}, context: '{cluster}' } }\n`,
    });
  }
  const orrery = (project: TestProject, ...args: string[]) =>
    project.orrery('workspace', ...args, '--assembly', join(tenant.applied.stateFolder, 'assembly'));

  it('mints a kubeconfig with which a machine can do what its role says, for a while', async () => {
    const project = projectOf();
    const { code, stdout, stderr } = await orrery(
      project,
      'kubeconfig',
      '--member',
      'deployer',
      '--ttl',
      '10m',
      '--cluster',
      'alpha,beta',
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^alpha: a token of deployer that ends .*\nbeta: /m),
    });
    const admin = /token: "?([^\s"]+)/.exec(readFileSync(inject('clusters').kubeconfig, 'utf8'))?.[1] ?? '';
    expect(stdout).not.toContain(admin);
    const { users } = parse(stdout) as { users: { user: { token: string } }[] };
    expect(users).toHaveLength(2);
    for (const { user } of users) {
      expect(stderr).not.toContain(user.token);
      const left = { ...project.files('.orrery'), 'orrery.lock': project.read('orrery.lock') };
      for (const [name, text] of Object.entries(left)) expect(text, name).not.toContain(user.token);
      const claims = JSON.parse(Buffer.from(user.token.split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({ sub: `system:serviceaccount:${tenant.machines}:deployer` });
      expect(claims.exp - claims.iat).toBe(600);
    }
    const file = join(project.folder, 'minted');
    writeFileSync(file, stdout, { mode: 0o600 });
    for (const context of ['alpha', 'beta']) {
      const client = createKubeClient(await loadKubeconfig({ kubeconfig: file, context, env: {} }));
      const path = `/api/v1/namespaces/${tenant.shop}`;
      const create = (resource: string) =>
        client.request({
          method: 'POST',
          path: `${path}/${resource}`,
          query: { dryRun: 'All' },
          body: { metadata: { name: 'probe' } },
        });
      expect(await create('configmaps')).toMatchObject({ status: 201 });
      expect(await create('secrets')).toMatchObject({ status: 403 });
      await client.close();
    }
  });

  it('says which machine is not there, and prints what it has of the other clusters', async () => {
    const { code, stdout, stderr } = await orrery(projectOf(), 'kubeconfig', '--member', 'deployer');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('error ORR4011') });
    expect((parse(stdout) as { contexts: { name: string }[] }).contexts.map(({ name }) => name)).toEqual([
      'alpha',
      'beta',
    ]);
  });

  it('prints a kubeconfig without secrets for people, who log in by a program', async () => {
    const login = ['--login', 'kubelogin get-token  --oidc-issuer-url=https://login.example.com'];
    const { code, stdout, stderr } = await orrery(
      projectOf(),
      'kubeconfig',
      '--member',
      'retail-developers',
      '--cluster',
      'alpha',
      ...login,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parse(stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'alpha',
      clusters: [
        {
          name: 'alpha',
          cluster: { server: expect.stringMatching(/^https:/), 'certificate-authority-data': expect.any(String) },
        },
      ],
      users: [
        {
          name: 'retail-developers@alpha',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'kubelogin',
              args: ['get-token', '--oidc-issuer-url=https://login.example.com'],
              interactiveMode: 'IfAvailable',
              provideClusterInfo: false,
            },
          },
        },
      ],
      contexts: [
        { name: 'alpha', context: { cluster: 'alpha', user: 'retail-developers@alpha', namespace: tenant.shop } },
      ],
    });
  });

  it('refuses who is no member, people without a login, machines with one, and what ends too soon', async () => {
    const refusal = async (...args: string[]) => (await orrery(projectOf(), 'kubeconfig', ...args)).stderr;
    expect(await refusal('--member', 'zoe')).toContain('"zoe" is no member of any workspace');
    expect(await refusal('--member', 'eve@example.com')).toContain('nothing says how people log in');
    expect(await refusal('--member', 'deployer', '--login', 'x')).toContain('logs in by a token');
    expect(await refusal('--member', 'deployer', '--ttl', '1m')).toContain('10 minutes');
    expect(await refusal('--member', 'deployer', '--workspace', 'other')).toContain('there is no workspace "other"');
    expect(await refusal('--member', 'deployer', '--cluster', 'delta')).toContain('not in cluster "delta"');
  });

  it('prints an audit policy with which an API server logs what is done, and no values', {
    timeout: 60_000,
  }, async () => {
    const { code, stdout } = await orrery(projectOf(), 'audit-policy');
    expect(code).toBe(0);
    const folder = ownSandboxFolder();
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, stdout);
    const server = await startApiServerOnly({
      folder,
      tools: inject('tools'),
      auditLog: true,
      apiServerFlags: [`--audit-policy-file=${policy}`],
    });
    try {
      const target = await openTarget(
        { kind: 'kubeconfig', kubeconfig: server.kubeconfig, context: 'api' },
        { cluster: 'api', env: {} },
      );
      if (target.kind !== 'kube') throw new Error('not a cluster');
      const create = async (path: string, body: object) =>
        expect(await target.client.request({ method: 'POST', path, body })).toMatchObject({ status: 201 });
      for (const name of [tenant.shop, 'elsewhere']) {
        await create('/api/v1/namespaces', { metadata: { name } });
        const stringData = { password: 'canary' };
        await create(`/api/v1/namespaces/${name}/secrets`, { metadata: { name: 'login' }, stringData });
        await create(`/api/v1/namespaces/${name}/configmaps`, { metadata: { name: 'config' }, data: stringData });
        await create(`/api/v1/namespaces/${name}/services`, {
          metadata: { name: 'web' },
          spec: { ports: [{ port: 80 }] },
        });
        await create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/roles`, { metadata: { name: 'reader' } });
      }
      await target.client.close();
      const log = readFileSync(server.auditLog ?? '', 'utf8');
      expect(log).not.toContain('canary');
      expect(log).not.toContain(Buffer.from('canary').toString('base64'));
      const events = log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const level = (namespace: string, resource: string) =>
        events
          .filter(
            ({ objectRef, verb }) =>
              verb === 'create' && objectRef?.namespace === namespace && objectRef.resource === resource,
          )
          .map((event) => event.level);
      expect(level(tenant.shop, 'secrets')).toEqual(['Metadata']);
      expect(level(tenant.shop, 'configmaps')).toEqual(['Metadata']);
      expect(level(tenant.shop, 'services')).toEqual(['Request']);
      expect(level(tenant.shop, 'roles')).toEqual(['RequestResponse']);
      expect(level('elsewhere', 'secrets')).toEqual([]);
      expect(level('elsewhere', 'services')).toEqual([]);
      expect(events.some(({ objectRef, verb }) => verb === 'create' && objectRef?.resource === 'namespaces')).toBe(
        true,
      );
    } finally {
      await sandboxDown({ folder });
    }
  });
});
