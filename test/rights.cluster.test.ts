import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { TestProject } from './project.ts';

/** The roles of docs/rights.md, exactly as they stand there, given to users of the command on a real API server. */

interface RoleObject {
  readonly kind: 'ClusterRole' | 'Role';
  readonly metadata: { readonly name: string };
  readonly rules: readonly object[];
}

const PAGE = readFileSync(new URL('../docs/rights.md', import.meta.url), 'utf8');
const ROLES = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => parse(match[1] ?? '') as RoleObject);

let id: string;
let inventory: string;

function kubectl(args: readonly string[], input?: string): string {
  const all = ['--kubeconfig', inject('clusters').kubeconfig, '--context', 'alpha', ...args];
  return execFileSync(inject('tools').kubectl ?? 'kubectl', all, { encoding: 'utf8', ...(input ? { input } : {}) });
}

/** A kubeconfig of a service account that has the reader's role of the page and the ones of this name. */
function userWith(name: string): string {
  const subjects = [{ kind: 'ServiceAccount', name, namespace: inventory }];
  const given = ROLES.filter((role) => role.metadata.name === 'orrery-reader' || role.metadata.name === name);
  const objects = given.flatMap((role) => {
    const metadata =
      role.kind === 'Role'
        ? { name: role.metadata.name, namespace: inventory }
        : { name: `${id}-${role.metadata.name}`, labels: { test: id } };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: `${role.kind}Binding`,
      metadata: role.kind === 'Role' ? metadata : { ...metadata, name: `${metadata.name}-${name}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role.kind, name: metadata.name },
      subjects,
    };
    return [{ ...role, metadata }, binding];
  });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: inventory } };
  kubectl(['apply', '-f', '-'], [account, ...objects].map((object) => stringify(object)).join('---\n'));
  const token = kubectl(['-n', inventory, 'create', 'token', name]).trim();
  const config = JSON.parse(kubectl(['config', 'view', '--raw', '--minify', '-o', 'json']));
  return JSON.stringify({ ...config, users: [{ name: config.users[0].name, user: { token } }] });
}

function program(cpu: string, services: readonly string[]): string {
  const add = (name: string) =>
    `app.addService('${name}', { image: 'registry.example.com/${name}:1.0.0', port: 8080, cpu: '${cpu}', memory: '64Mi', config: { env: { CPU: '${cpu}' } }, disruptionBudget: { maxUnavailable: '1' }, autoscaling: { minReplicas: 1, maxReplicas: 2, cpuPercent: 80 } });`;
  return `import { ClusterSet, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
const platform = new Platform({ id: '${id}' });
new ClusterSet(platform, 'clusters').add('alpha');
const app = new MultiClusterApp(platform, '${id}', { placement: Placement.everywhere() });
${services.map(add).join('\n')}
platform.synth();
`;
}

describe.skipIf(inject('rig') === 'missing')('the roles of the page on rights', () => {
  beforeEach(() => {
    id = `rights-${randomBytes(4).toString('hex')}`;
    inventory = `${id}-inventory`;
    kubectl(['create', 'namespace', inventory]);
  });

  afterEach(() => {
    kubectl(['delete', 'clusterroles,clusterrolebindings', '-l', `test=${id}`]);
    kubectl(['delete', 'namespace', id, inventory, '--ignore-not-found', '--wait=false']);
  });

  it('suffice: one user plans, one reviews and can only read, another applies, changes, removes and destroys', {
    timeout: 180_000,
  }, async () => {
    const project = new TestProject({
      'main.ts': program('10m', ['web', 'cart']),
      'plan.yaml': userWith('orrery-plan'),
      'review.yaml': userWith('orrery-review'),
      'apply.yaml': userWith('orrery-apply'),
      'cdk8s.yaml': 'app: node main.ts\n',
    });
    const as = (user: string): void =>
      project.write(
        'cdk8s.yaml',
        `app: node main.ts\ntargets: { alpha: { kubeconfig: ${user}.yaml, inventoryNamespace: ${inventory} } }\n`,
      );
    as('plan');
    const first = await project.orrery('plan', '--exit-code');
    expect(first).toMatchObject({ code: 2, stdout: expect.not.stringContaining('ORR') });
    as('review');
    const predicted = await project.orrery('plan', '--no-dry-run', '--exit-code');
    expect(predicted).toMatchObject({ code: 2, stdout: expect.not.stringContaining('ORR') });
    expect(predicted.stdout).toContain('unverified');
    expect(predicted.stderr).toContain('cannot be applied');

    as('plan');
    const refused = await project.orrery('apply', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('ORR3006');
    expect(kubectl(['get', 'namespace', id, '--ignore-not-found'])).toBe('');

    as('apply');
    const doctor = await project.orrery('doctor');
    expect(doctor.stdout).toContain('rights suffice');
    expect(await project.orrery('apply', '--yes')).toMatchObject({ code: 0 });
    expect(await project.orrery('plan', '--exit-code')).toMatchObject({ code: 0 });

    as('review');
    expect(await project.orrery('plan', '--no-dry-run', '--exit-code')).toMatchObject({ code: 0 });
    expect(await project.orrery('drift', '--no-dry-run', '--exit-code')).toMatchObject({ code: 0 });
    project.write('main.ts', program('20m', ['web']));
    expect((await project.orrery('plan')).stdout).toContain('ORR3006');
    const reviewed = await project.orrery('plan', '--no-dry-run', '--output', 'json');
    expect(reviewed).toMatchObject({ code: 0, stdout: expect.stringContaining('"unverified": true') });
    expect(reviewed.stdout).toContain('10m');
    project.write('plan.json', reviewed.stdout);
    const saved = await project.orrery('plan', '--no-dry-run', '--out', 'other.json');
    expect(saved).toMatchObject({ code: 1, stderr: expect.stringContaining('ORR1001') });
    project.write('main.ts', program('10m', ['web', 'cart']));

    as('plan');
    expect((await project.orrery('plan', '--exit-code')).code).toBe(0);
    project.write('main.ts', program('20m', ['web']));
    const changed = await project.orrery('plan', '--exit-code');
    expect(changed).toMatchObject({ code: 2, stdout: expect.not.stringContaining('ORR') });
    expect(changed.stdout).toContain('10m');

    as('apply');
    expect(await project.orrery('apply', 'plan.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORR4105'),
    });
    expect(await project.orrery('apply', '--yes', '--allow-deletes')).toMatchObject({ code: 0 });
    expect(kubectl(['-n', id, 'get', 'deployments', '-o', 'name'])).toBe('deployment.apps/web\n');
    expect(await project.orrery('destroy', '--yes')).toMatchObject({ code: 0 });
    expect(kubectl(['get', 'namespace', id, '--ignore-not-found'])).toBe('');
  });
});
