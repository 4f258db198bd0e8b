import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { helmBinaries } from './helm-binaries.ts';
import { TestProject } from './project.ts';
import { helm, kubectl, kubectlWith, platformOf } from './shared-clusters.ts';

interface Live {
  readonly metadata: {
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly managedFields: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly subresource?: string;
    }[];
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

let id: string;
beforeEach(() => {
  id = `take-${randomBytes(4).toString('hex')}`;
});
afterEach(async () => {
  await kubectl('alpha', 'delete', 'namespace', id, '--ignore-not-found', '--wait=false');
});

const get = async (kind: string, name: string): Promise<Live> =>
  JSON.parse(await kubectl('alpha', '-n', id, 'get', kind, name, '-o', 'json', '--show-managed-fields'));
const managers = ({ metadata }: Live): string[] =>
  metadata.managedFields
    .filter((entry) => !entry.subresource)
    .map(({ manager, operation }) => `${operation} ${manager}`)
    .sort();
const namespace = (): string => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${id} }\n`;
const settings = (data: string): string => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ${id} }
data: ${data}
`;
const web = (replicas: number, container = ''): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${id} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          ports: [{ containerPort: 8080, protocol: TCP }]
          resources: { requests: { cpu: 10m, memory: 16Mi } }
          readinessProbe: { tcpSocket: { port: 8080 } }
${container}
`;
const service = (): string => `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${id} }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
const env = (...names: string[]): string =>
  `          env: [${names.map((name) => `{ name: ${name}, value: "1" }`).join(', ')}]`;

const helms = inject('rig') === 'missing' ? [] : await helmBinaries();

describe.skipIf(inject('rig') === 'missing')('orrery adopt', () => {
  it('makes what kubectl applied ours: what the program does not set goes and is shown, and what it drops later goes too', async () => {
    const theirs = settings('{ a: "1", b: "2", theirs: x }') + web(2, env('ONE', 'TWO', 'THEIRS')) + service();
    await kubectlWith(namespace() + theirs, 'alpha', 'apply', '-f', '-');
    const names = [`Namespace/${id}`, `ConfigMap/${id}/settings`, `Deployment/${id}/web`, `Service/${id}/web`];
    const project = new TestProject(
      platformOf(id, namespace() + settings('{ a: "1", b: "2" }') + web(2, env('ONE', 'TWO')) + service()),
    );
    expect(await project.orrery('adopt', ...names)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORR1004'),
    });
    // One object first: nothing else is touched, created or deleted.
    const one = await project.orrery('adopt', `ConfigMap/${id}/settings`, '--yes');
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toMatch(/data\.theirs {2}- x/);
    expect(one.stdout).toMatch(/metadata\.annotations.*last-applied/);
    expect(one.stdout).toContain('what was set before and the program does not set, goes: ');
    expect(await get('configmap', 'settings')).toMatchObject({ data: { a: '1', b: '2' } });
    expect(managers(await get('configmap', 'settings'))).toEqual([`Apply orrery.${id}`]);
    expect((await get('deployment', 'web')).metadata.labels).toBeUndefined();

    const rest = await project.orrery('adopt', names.join(','), '--yes', '--output', 'json');
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    expect(rest.stdout).toContain(`ConfigMap/${id}/settings is ours already`);
    const deployment = await get('deployment', 'web');
    expect(JSON.stringify(deployment.spec)).not.toContain('THEIRS');
    expect(deployment.metadata.annotations ?? {}).not.toHaveProperty([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
    expect(managers(deployment).filter((manager) => manager.includes('kubectl'))).toEqual([]);
    const empty = await project.orrery('plan', '--exit-code');
    expect(empty.stdout).toMatch(/^no changes · /);

    // The program drops what kubectl had set: it really goes.
    project.write('objects.yaml', namespace() + settings('{ a: "1" }') + web(2, env('ONE')) + service());
    expect(await project.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
    expect((await get('configmap', 'settings')).data).toEqual({ a: '1' });
    expect(JSON.stringify((await get('deployment', 'web')).spec)).not.toContain('TWO');
    expect((await project.orrery('drift', '--exit-code')).code).toBe(0);
  });

  it.each(helms)('makes what $name installed ours, and says that the release still lists it', async ({ file }) => {
    const chart = mkdtempSync(path.join(tmpdir(), 'orrery-chart-'));
    try {
      mkdirSync(path.join(chart, 'templates'));
      writeFileSync(path.join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
      writeFileSync(
        path.join(chart, 'templates', 'all.yaml'),
        settings('{ a: "1", b: "2", theirs: x }') + web(2, env('ONE', 'TWO', 'THEIRS')) + service(),
      );
      await kubectlWith(namespace(), 'alpha', 'create', '-f', '-');
      await helm(file, 'alpha', 'install', 'shop', chart, '--namespace', id);
      const project = new TestProject(
        platformOf(id, settings('{ a: "1", b: "2" }') + web(2, env('ONE', 'TWO')) + service()),
      );
      const all = [`ConfigMap/${id}/*`, `Deployment/${id}/*`, `Service/${id}/*`];
      const adopted = await project.orrery('adopt', ...all, '--yes', '--no-wait');
      expect(adopted).toMatchObject({ code: 0, stderr: '' });
      expect(adopted.stdout).toContain(`the Helm release ${id}/shop still lists it`);
      expect(adopted.stdout).toMatch(/data\.theirs {2}- x/);
      for (const [kind, name] of [
        ['configmap', 'settings'],
        ['deployment', 'web'],
        ['service', 'web'],
      ] as const) {
        const live = await get(kind, name);
        expect(managers(live).filter((manager) => /helm/.test(manager))).toEqual([]);
        expect(live.metadata.labels).toEqual({ 'orrery.dev/platform': id });
        expect(JSON.stringify(live)).not.toContain('THEIRS');
      }
      expect((await project.orrery('plan', '--exit-code')).code).toBe(0);
      project.write('objects.yaml', settings('{ a: "1" }') + web(2, env('ONE')) + service());
      expect(await project.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
      expect((await get('configmap', 'settings')).data).toEqual({ a: '1' });
      expect(JSON.stringify((await get('deployment', 'web')).spec)).not.toContain('TWO');
    } finally {
      rmSync(chart, { recursive: true, force: true });
    }
  });

  it('refuses what the program does not have and what is not in the cluster, and leaves what ours is alone', async () => {
    const project = new TestProject(platformOf(id, namespace() + settings('{ a: "1" }')));
    const unknown = await project.orrery('adopt', `ConfigMap/${id}/typo`, '--yes');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('ORR4011') });
    const absent = await project.orrery('adopt', `ConfigMap/${id}/settings`, '--yes');
    expect(absent.code).toBe(1);
    expect(absent.stdout + absent.stderr).toContain('ORR4011');
    expect(await kubectl('alpha', 'get', 'namespace', id, '--ignore-not-found')).toBe('');
  });
});

describe.skipIf(inject('rig') === 'missing')('orrery orphan', () => {
  it('gives up an object: label, ownership and entry go, every value stays, and then it is not ours', async () => {
    const all = namespace() + settings('{ a: "1" }') + web(1, env('ONE'));
    const project = new TestProject(platformOf(id, all));
    expect(await project.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
    await kubectl('alpha', '-n', id, 'label', 'configmap', 'settings', 'mina=was-here');
    expect(await project.orrery('orphan', `ConfigMap/${id}/typo`, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORR4011'),
    });
    const before = await get('configmap', 'settings');
    const orphaned = await project.orrery('orphan', `ConfigMap/${id}/settings`, '--yes', '--output', 'markdown');
    expect(orphaned).toMatchObject({ code: 0, stderr: '' });
    const after = await get('configmap', 'settings');
    const { managedFields: _, resourceVersion: __, ...metadata } = before.metadata;
    const { managedFields: ___, resourceVersion: ____, ...kept } = after.metadata;
    expect({ ...after, metadata: kept }).toEqual({
      ...before,
      metadata: { ...metadata, labels: { mina: 'was-here' } },
    });
    expect(managers(after)).toEqual(['Update kubectl-label']);

    // Nobody but us had written the Deployment: nobody manages its fields then.
    const web0 = await get('deployment', 'web');
    expect((await project.orrery('orphan', `alpha:Deployment/${id}/*`, '--yes')).code).toBe(0);
    const web1 = await get('deployment', 'web');
    expect(web1.spec).toEqual(web0.spec);
    expect(managers(web1).join()).not.toContain('orrery');
    expect((await project.orrery('drift', '--exit-code')).stdout).toMatch(/^no drift · /);

    const blocked = await project.orrery('plan');
    expect(blocked.code).toBe(1);
    expect(blocked.stdout).toContain(`ConfigMap/${id}/settings exists and is not ours`);
    project.write('objects.yaml', namespace());
    expect((await project.orrery('plan', '--exit-code')).code).toBe(0);
  });
});

describe.skipIf(inject('rig') === 'missing')('orrery adopt --from-platform', () => {
  it('gives everything of a former id to the present one: nothing is deleted, no value changes, and it goes on where it stopped', async () => {
    const former = `was-${id}`;
    const all = namespace() + settings('{ a: "1", b: "2" }') + web(1, env('ONE')) + service();
    const before = new TestProject(platformOf(former, namespace() + settings('{ a: "0" }')));
    expect(await before.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
    before.write('objects.yaml', all);
    expect(await before.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
    const historyOf = async (project: TestProject) =>
      JSON.parse((await project.orrery('history', '--json')).stdout).clusters[0].revisions;
    const written = await historyOf(before);
    expect(written).toMatchObject([{ number: 2 }, { number: 1 }]);
    const old = await get('configmap', 'settings');
    const project = new TestProject(platformOf(id, all));
    expect((await project.orrery('plan')).stdout).toContain(`belongs to platform "${former}"`);
    expect(await project.orrery('adopt', '--from-platform', 'nobody', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ORR4011'),
    });
    expect((await project.orrery('adopt', '--yes')).code).toBe(1);
    // As if a move had ended between the label of this object and its field manager.
    await kubectl('alpha', '-n', id, 'label', 'service', 'web', '--overwrite', `orrery.dev/platform=${id}`);

    const moved = await project.orrery('adopt', '--from-platform', former, '--yes', '--output', 'json');
    expect(moved).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(moved.stdout).clusters[0]).toMatchObject({ cluster: 'alpha', forgotten: [] });
    expect(JSON.parse(moved.stdout).clusters[0].moved).toHaveLength(4);
    expect(JSON.parse(moved.stdout).clusters[0].revisions).toEqual({ moved: [2, 1], removed: [] });
    const unkeyed = (heads: { content: string }[]) => heads.map(({ content: _, ...head }) => head);
    expect(unkeyed(await historyOf(project))).toEqual(unkeyed(written));
    expect((await project.orrery('drift', '--exit-code')).code).toBe(0);
    const now = await get('configmap', 'settings');
    const { managedFields: _, resourceVersion: __, ...metadata } = old.metadata;
    const { managedFields: ___, resourceVersion: ____, ...kept } = now.metadata;
    expect({ ...now, metadata: kept }).toEqual({
      ...old,
      metadata: { ...metadata, labels: { 'orrery.dev/platform': id } },
    });
    for (const [kind, name] of [
      ['configmap', 'settings'],
      ['deployment', 'web'],
      ['service', 'web'],
    ] as const) {
      const names = managers(await get(kind, name));
      expect(names).toContain(`Apply orrery.${id}`);
      expect(names.join()).not.toContain(former);
      expect(names).not.toContain(`Update orrery.${id}`);
    }
    const inventories = await kubectl('alpha', '-n', 'orrery-system', 'get', 'secrets', '-o', 'name');
    expect(inventories).not.toContain(`.${former}.`);

    expect((await project.orrery('plan', '--exit-code')).stdout).toMatch(/^no changes · /);
    expect((await project.orrery('adopt', '--from-platform', former, '--yes')).code).toBe(1);
    project.write('objects.yaml', namespace() + web(1, env('ONE')) + service());
    expect(await project.orrery('apply', '--yes', '--no-wait')).toMatchObject({ code: 0 });
    expect(await kubectl('alpha', '-n', id, 'get', 'configmap', 'settings', '--ignore-not-found')).toBe('');
    expect((await historyOf(project))[0]).toMatchObject({ number: 3, complete: true });
    expect(await project.orrery('rollback', '--to', '1', '--yes', '--no-wait', '--allow-deletes')).toMatchObject({
      code: 0,
    });
    expect(await get('configmap', 'settings')).toMatchObject({ data: { a: '0' } });
  });
});
