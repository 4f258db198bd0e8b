import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { clusterStatus } from '../lib/status/cluster-status.ts';
import { clusterPlan, happened, outcomeOf } from './applied-platform.ts';
import { writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { ReleasedPlatform } from './released-platform.ts';
import { TemporaryFolders } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();

/** A Job as a hook; with `deadline` it finds no node and fails after so many seconds. */
const job = (name: string, events: string, weight: number, image = '{{ .Values.image }}') => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: { helm.sh/hook: "${events}", helm.sh/hook-weight: "${weight}" }
spec:
  backoffLimit: 0
  {{- if eq .Values.broken "${name}" }}
  activeDeadlineSeconds: 1
  {{- end }}
  template:
    spec:
      restartPolicy: Never
      {{- if eq .Values.broken "${name}" }}
      nodeSelector: { no-such: node }
      {{- end }}
      containers: [{ name: main, image: "${image}", envFrom: [{ configMapRef: { name: settings } }] }]
`;

const configMap = (name: string, annotations: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, annotations: { ${annotations} } }
data: { greeting: {{ .Values.greeting | quote }} }
`;

const TEMPLATES = {
  'app.yaml': configMap('app', ''),
  'settings.yaml': configMap('settings', 'helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-5"').replace(
    '{{ .Values.greeting | quote }}',
    'fixed',
  ),
  'scratch.yaml': configMap(
    'scratch',
    'helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-7", helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"',
  ).replace('{{ .Values.greeting | quote }}', 'fixed'),
  'migrate.yaml': job('migrate', 'pre-install,pre-upgrade', 0),
  'convert.yaml': job('convert', 'pre-upgrade', 5, 'example.com/convert:1'),
  'announce.yaml': job('announce', 'post-install,post-upgrade', 0, 'example.com/announce:1'),
  'seed.yaml': job('seed', 'post-install', 3, 'example.com/seed:1'),
  'clean.yaml': job('clean', 'post-delete', 0),
  'test.yaml': job('try', 'test', 0),
};
const VALUES = { greeting: 'hello', image: 'example.com/migrate:1', broken: 'none' };

describe.skipIf(helms.length === 0)('hooks of a Helm release', () => {
  const helmBinary = helms[0]?.file ?? '';
  const released = new ReleasedPlatform('hooks', helmBinary, folders);
  const chart = writeChart(folders.make(), TEMPLATES, 'broken: none\n');
  const desired = (values: Partial<typeof VALUES> = {}) => released.desired(chart, { ...VALUES, ...values });
  const jobs = async () => {
    const { client } = await released.platform.open();
    const path = `/apis/batch/v1/namespaces/${released.namespace}/jobs`;
    const { items } = (await client.request({ method: 'GET', path })).body as { items: KubernetesObject[] };
    return new Map(items.map(({ metadata }) => [metadata.name, metadata.uid]));
  };
  const remove = async (name: string) => {
    const { client } = await released.platform.open();
    const path = `/apis/batch/v1/namespaces/${released.namespace}/jobs/${name}`;
    await client.request({ method: 'DELETE', path, body: { propagationPolicy: 'Background' } });
    await expect.poll(async () => (await jobs()).has(name), { timeout: 30_000 }).toBe(false);
  };
  const turns = (applied: Parameters<typeof happened>[0]) =>
    happened(applied, 'object-written', 'object-ready')
      .filter((line) => !line.includes('Namespace') && !/ready ConfigMap/.test(line))
      .map((line) => line.replace('object-', '').replace(/ (\w+)\/.*\//, ' '));

  beforeAll(async () => {
    const first = await released.apply(await desired());
    expect(outcomeOf(first).failures).toEqual([]);
    expect(turns(first)).toEqual([
      'written scratch',
      'written settings',
      'written migrate',
      'ready migrate',
      'written app',
      'written announce',
      'ready announce',
      'written seed',
      'ready seed',
    ]);
    // What its chart wants gone after a success goes last of all.
    expect(happened(first, 'object-written', 'object-ready', 'object-deleted').at(-1)).toMatch(
      /deleted ConfigMap.*scratch$/,
    );
  });
  afterAll(async () => {
    await released.platform.cleanUp();
    folders.removeAll();
  });

  it('leaves nothing to do once they ran, also when a finished one is cleared away', async () => {
    const state = await desired();
    expect(await released.pending(state)).toEqual([]);
    await remove('seed');
    expect(await released.pending(state)).toEqual([]);
    const { stateFolder, id } = released.platform;
    const { objects } = await clusterStatus(await released.platform.open(), id, { stateFolder });
    expect(objects.map(({ status }) => status)).toEqual(objects.map(() => 'ready'));
    expect(state.notes.join()).toMatch(/left out: .*Job\/clean \(post-delete.*Job\/try \(test/);
  });

  it('run again with an upgrade of the release, in their order, those of installs excepted', async () => {
    const before = await jobs();
    // In waves, everything has to be ready in the end: hooks that are not there are not missed.
    const rollout = { waves: [{ name: 'all', clusters: ['alpha'] }] };
    const state = { ...(await desired({ greeting: 'good evening' })), rollout };
    const again = 'runs again: its release changes; the last run is deleted';
    expect(await released.pending(state)).toEqual([
      'create ConfigMap/scratch: runs again: its release changes',
      `replace Job/migrate: ${again}`,
      'create Job/convert: new',
      'update ConfigMap/app: the program changed',
      `replace Job/announce: ${again}`,
    ]);
    // Helm runs none of them at a rollback either.
    expect(await released.pending(state, { rollback: true })).toEqual(['update ConfigMap/app: the program changed']);
    const applied = await released.apply(state);
    expect(outcomeOf(applied).failures).toEqual([]);
    expect(turns(applied)).toEqual([
      'written scratch',
      'written migrate',
      'ready migrate',
      'written convert',
      'ready convert',
      'written app',
      'written announce',
      'ready announce',
    ]);
    const after = await jobs();
    expect([...after.keys()].sort()).toEqual(['announce', 'convert', 'migrate']);
    for (const name of ['announce', 'migrate']) expect(after.get(name)).not.toBe(before.get(name));
    expect(await released.pending(state)).toEqual([]);
  });

  it('run again when they change themselves, and keep the release from changing when they fail, until they succeed', async () => {
    const broken = await desired({ greeting: 'farewell', image: 'example.com/migrate:2', broken: 'migrate' });
    const { made } = await released.plan(broken);
    const item = clusterPlan(made).items.find(({ id }) => id.name === 'migrate');
    expect(item).toMatchObject({ action: 'replace', hook: { events: ['pre-install', 'pre-upgrade'], weight: 0 } });
    expect(item?.changes.map(({ path }) => path)).toContain('spec.template');
    expect(item?.dangers).toEqual([]);
    const failed = outcomeOf(await released.apply(broken));
    expect(failed.failures.map(({ id, problem }) => [id?.name, problem.code])).toEqual([['migrate', 'ORR5003']]);
    expect(failed.skipped.map(({ id }) => id.name).sort()).toEqual(['announce', 'app', 'convert']);
    expect(await released.pending(broken)).toContainEqual(
      expect.stringMatching(/^replace Job\/migrate: runs again: it failed \(.*\); the last run is deleted$/),
    );
    const halfway = await desired({ greeting: 'farewell', image: 'example.com/migrate:2', broken: 'announce' });
    const applied = outcomeOf(await released.apply(halfway));
    expect(applied.failures.map(({ id }) => id?.name)).toEqual(['announce']);
    expect(await released.pending(halfway)).toEqual([
      expect.stringMatching(/^replace Job\/announce: runs again: it failed/),
    ]);
    const mended = await desired({ greeting: 'farewell', image: 'example.com/migrate:2' });
    expect(outcomeOf(await released.apply(mended)).failures).toEqual([]);
    expect(await released.pending(mended)).toEqual([]);
  });

  it('run with the next apply when the one of the upgrade ended between the release and its last hooks', async () => {
    const state = await desired({ greeting: 'at last', image: 'example.com/migrate:2' });
    const stop = new AbortController();
    await released.apply(state, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'object-written' && event.id.name === 'app') stop.abort(new Error('stopped'));
      },
    });
    expect(await released.pending(state)).toEqual([
      'replace Job/announce: runs again: the last apply did not see it end; the last run is deleted',
    ]);
    expect(outcomeOf(await released.apply(state)).failures).toEqual([]);
    expect(await released.pending(state)).toEqual([]);
  });
});
