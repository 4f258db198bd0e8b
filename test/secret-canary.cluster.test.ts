import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { commandTable } from '../lib/cli/command-line.ts';
import { base64, Canaries, json, LeakyPlatform, yaml } from './canaries.ts';
import { writeChart } from './chart-fixtures.ts';
import { CommandInProcess } from './command-in-process.ts';
import { helmBinaries } from './helm-binaries.ts';
import { TestProject } from './project.ts';
import { kubectl, kubectlWith } from './shared-clusters.ts';
import { writeAssembly } from './write-assembly.ts';

/**
 * Values that must not be seen lie wherever a platform, a cluster or a chart may hold them; every command of the command line runs at its highest verbosity, well and not; then nothing that it said or
 * left on the disk holds a byte of them.
 */

const [helm] = await helmBinaries();

let id: string;
let project: TestProject;
let commands: CommandInProcess;
let canaries: Canaries;
let said: { readonly command: string; readonly text: string }[];
async function orrery(...argv: string[]): Promise<{ readonly code: number; readonly text: string }> {
  // The program is run where it has changed; it takes longer than everything else.
  const synthesized = /^(init|synth|explain|import|sandbox)$/.test(argv[0] ?? '') || argv.includes('--app');
  const all = [...argv, ...(synthesized ? [] : ['--assembly', 'dist']), '-v'];
  const result = await commands.run(...all);
  said.push({ command: argv.join(' '), text: result.text });
  return result;
}

/** The same with the assembly of a platform that releases something. */
async function release(...argv: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const result = await commands.run(...argv, '--assembly', 'released', '-v');
  said.push({ command: argv.join(' '), text: result.text });
  return result;
}

/** Another Secret and another environment at each stage. */
function writeReleased(stage: LeakyPlatform): void {
  const folder = path.join(project.folder, 'released');
  const pods = (value: string) => ({
    metadata: { labels: { app: 'released' } },
    spec: { containers: [{ name: 'main', image: 'example.com/main:1', env: [{ name: 'LITERAL', value }] }] },
  });
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'released', namespace: id },
    spec: { replicas: 0, selector: { matchLabels: { app: 'released' } }, template: pods('none') },
  };
  const objects = [
    { path: 'mall/secret', object: stage.secret('released', { data: { password: '' } }) },
    { path: 'mall/workload', object: workload },
  ];
  const state = (what: string) => {
    const value = canaries.of(what);
    return {
      fields: [
        { object: 'mall/secret', field: 'data.password', value: base64(value) },
        { object: 'mall/workload', field: 'spec.template', value: pods(value) },
      ],
    };
  };
  const states = {
    before: state('before a release'),
    stages: [
      { name: 'begin', ...state('at the first stage') },
      { name: 'look', ...state('at a stage that waits'), hold: { type: 'approve' as const } },
      { name: 'end', ...state('at the end of a release') },
    ],
    abort: [state('after an abort')],
  };
  const revision = 'a'.repeat(64);
  const one = { path: 'mall/release', name: 'released', backend: 'istio' as const, waves: [['alpha']], revision };
  writeAssembly(folder, [{ name: 'alpha', units: [{ path: 'mall', objects }] }], undefined, [
    { ...one, clusters: { alpha: states } },
  ]);
  const file = path.join(folder, 'manifest.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"id": "shop"', `"id": "${id}-released"`));
}

const CHART = `apiVersion: v1
kind: Secret
metadata: { name: of-chart, namespace: {{ .Release.Namespace }} }
stringData: { password: {{ .Values.password | quote }} }
`;

const NATIVE = `${CHART.replace('of-chart', 'of-native')}---
apiVersion: v1
kind: ConfigMap
metadata: { name: native, namespace: {{ .Release.Namespace }} }
data: { copy: {{ .Values.password | quote }} }
`;

/** Everything that commands left on the disk, but the program and its assembly, which are where the values come from. */
function leftBehind(): { readonly command: string; readonly text: string }[] {
  return readdirSync(project.folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => !/^(node_modules|dist|released|charts|objects\.yaml|broken|main\.ts|cdk8s\.yaml|kube|new)/.test(name),
    )
    .filter((name) => statSync(path.join(project.folder, name)).isFile())
    .map((name) => {
      const bytes = readFileSync(path.join(project.folder, name));
      return { command: `the file ${name}`, text: `${name}\n${bytes.toString('latin1')}\n${bytes.toString('utf8')}` };
    });
}

/** What is run of each command, in this order; a command that is not in the list fails the test. */
const CASES: readonly (readonly [command: string, run: (stage: LeakyPlatform) => Promise<void>])[] = [
  [
    'init',
    async () => {
      expect((await orrery('init', 'new')).code).toBe(0);
      expect((await orrery('init', 'new', '--id', 'No Id')).code).toBe(1);
    },
  ],
  [
    'synth',
    async (stage) => {
      project.write('main.ts', `${stage.program()}\nthrow new Error('no');\n`);
      expect((await orrery('synth')).code).toBe(1);
      project.write('main.ts', stage.program());
      expect((await orrery('synth')).code).toBe(0);
      // What is written beside the charts is theirs alone, and begins with "dist", too.
      expect((await orrery('synth', '--format', 'helm')).code).toBe(helm === undefined ? 1 : 0);
    },
  ],
  [
    'ls',
    async (stage) => {
      for (const output of ['text', 'json']) expect((await orrery('ls', '--objects', '--output', output)).code).toBe(0);
      const broken = [
        `apiVersion: v1\nkind: Secret\nmetadata: { name: x }\nstringData: { a: ${json(stage.text)}, a: ${json(stage.other)} }\n`,
        `stringData:\n  a: "${stage.data}\n`,
        `kind: Secret\nstringData: { a: ${json(stage.data)} }\n`,
        yaml(...[1, 2].map(() => stage.secret('twice', { stringData: { a: stage.data } }))),
      ];
      for (const text of broken) {
        project.write('objects.yaml', text);
        expect((await orrery('synth')).code).toBe(0);
        const { code, text: shown } = await orrery('ls', '--objects');
        expect(`${code} ${shown}`).not.toMatch(/^0 .*Secret/s);
        expect((await orrery('plan')).code).toBe(1);
      }
      project.write('objects.yaml', yaml(...stage.objects(stage.data)));
      expect((await orrery('synth')).code).toBe(0);
    },
  ],
  [
    'check',
    async () => {
      for (const output of ['text', 'json', 'sarif']) await orrery('check', '--strict', '--output', output);
    },
  ],
  [
    'images',
    async () => {
      for (const output of ['text', 'json', 'copies'])
        expect((await orrery('images', '--output', output)).code).toBe(0);
    },
  ],
  [
    'explain',
    async () => {
      expect((await orrery('explain', 'ORR4008')).code).toBe(0);
      expect((await orrery('explain', 'none')).code).toBe(1);
    },
  ],
  [
    'diff',
    async () => {
      for (const output of ['text', 'json', 'markdown'])
        expect((await orrery('diff', '--output', output, '--exit-code')).code).toBe(2);
      expect((await orrery('diff', '--no-dry-run')).text).toContain('unverified');
      expect((await orrery('diff', '--target', 'alpha=kubeconfig:missing.yaml')).code).toBe(1);
    },
  ],
  [
    'apply',
    async (stage) => {
      expect((await orrery('apply', '--yes', '--no-wait')).code).toBe(0);
      project.write('objects.yaml', yaml(...stage.objects(stage.other)));
      expect((await orrery('plan', '--app', 'node main.ts', '--out', 'first.json')).code).toBe(0);
      expect((await orrery('apply', 'first.json', '--no-wait', '--output', 'json')).code).toBe(0);
      const invalid = [
        { data: { pin: 4_815_162_342 } },
        { data: { pin: canaries.of('a Secret that is no base64') } },
        { data: { pin: { nested: canaries.of('a Secret that holds an object') } } },
        {
          type: 'kubernetes.io/dockerconfigjson',
          stringData: { '.dockerconfigjson': canaries.of('a type that does not fit') },
        },
        { stringData: { 'no/key': canaries.of('a Secret with a wrong key') } },
      ];
      const refused = invalid.map((more, index) => stage.secret(`invalid-${index}`, more));
      project.write('objects.yaml', yaml(...stage.objects(stage.other), ...refused));
      for (const options of [
        ['--output', 'json', '--app', 'node main.ts'],
        ['--output', 'markdown'],
      ]) {
        const { code, text } = await orrery('apply', '--yes', '--no-wait', ...options);
        expect(code).toBe(1);
        for (const index of invalid.keys()) expect(text).toContain(`invalid-${index}`);
      }
    },
  ],
  [
    'plan',
    async (stage) => {
      for (const output of ['text', 'json', 'markdown'])
        expect((await orrery('plan', '--output', output, '--out', `${output}.json`)).code).toBe(1);
      project.write('objects.yaml', yaml(...stage.objects(stage.data)));
      expect((await orrery('synth')).code).toBe(0);
      const { code, text } = await orrery('plan', '--verify', 'all', '--exit-code', '--out', 'plan.json');
      expect({ code, text }).toEqual({ code: 2, text: expect.stringMatching(/data\.password {2}\(secret/) });
      expect((await orrery('plan', '--exit-code', '--no-dry-run')).code).toBe(2);
      expect((await orrery('apply', 'plan.json', '--no-wait')).code).toBe(0);
    },
  ],
  [
    'status',
    async () => {
      for (const output of ['text', 'json']) expect((await orrery('status', '--output', output)).code).toBe(0);
      expect((await orrery('status', '--target', 'alpha=kubeconfig:missing.yaml')).code).toBe(1);
    },
  ],
  [
    'history',
    async () => {
      for (const output of ['text', 'json']) expect((await orrery('history', '--output', output)).code).toBe(0);
      expect((await orrery('history', '--target', 'alpha=kubeconfig:missing.yaml')).code).toBe(1);
    },
  ],
  [
    'drift',
    async () => {
      const live = { password: base64(canaries.of('drift')), more: base64(canaries.of('a key that somebody added')) };
      const annotations = {
        'kubectl.kubernetes.io/last-applied-configuration': json({ data: { password: canaries.of('last-applied') } }),
      };
      const patch = json({ data: live, metadata: { annotations } });
      await kubectl('alpha', '-n', id, 'patch', 'secret', 'login', '--type', 'merge', '-p', patch);
      for (const output of ['text', 'json'])
        expect((await orrery('drift', '--exit-code', '--output', output)).code).toBe(2);
      expect((await orrery('drift', '--no-dry-run')).code).toBe(0);
      expect((await orrery('drift', '--cluster', 'none')).code).toBe(1);
    },
  ],
  [
    'rollback',
    async () => {
      expect((await orrery('rollback', '--yes', '--no-wait', '--to', '99')).code).toBe(1);
      // What somebody wrote is not taken over by itself.
      expect((await orrery('rollback', '--yes', '--no-wait', '--to', '1')).text).toContain('ORR4005');
      const owning = ['--take-ownership', 'all'];
      expect((await orrery('rollback', '--yes', '--no-wait', '--to', '1', ...owning)).code).toBe(0);
    },
  ],
  [
    'adopt',
    async (stage) => {
      const annotations = {
        'kubectl.kubernetes.io/last-applied-configuration': json({
          data: { a: canaries.of('last-applied of a stranger') },
        }),
      };
      const foreign = stage.secret('foreign', { data: { a: base64(canaries.of('a stranger')) } });
      const theirs = { ...foreign, metadata: { name: 'foreign', namespace: id, annotations } };
      await kubectlWith(json(theirs), 'alpha', 'create', '-f', '-');
      const ours = stage.secret('foreign', { stringData: { a: canaries.of('what replaces a stranger') } });
      project.write('objects.yaml', yaml(...stage.objects(stage.data), ours));
      expect((await orrery('plan', '--app', 'node main.ts')).code).toBe(1);
      expect((await orrery('adopt', 'Secret/nobody', '--yes')).code).toBe(1);
      expect((await orrery('adopt', `Secret/${id}/foreign`, '--yes', '--no-wait', '--output', 'markdown')).code).toBe(
        0,
      );
      expect((await orrery('adopt', '--from-platform', 'nobody', '--yes')).code).toBe(1);
    },
  ],
  [
    'orphan',
    async () => {
      expect((await orrery('orphan', 'Secret/nobody', '--yes')).code).toBe(1);
      expect((await orrery('orphan', `Secret/${id}/foreign`, '--yes', '--output', 'json')).code).toBe(0);
    },
  ],
  [
    'unlock',
    async () => {
      expect((await orrery('unlock', '--output', 'json')).code).toBe(0);
      await orrery('unlock', '--lease-id', 'none');
    },
  ],
  [
    'refresh',
    async () => {
      const shard = ['secret', `orrery.inventory.${id}.0`];
      await kubectl(
        'alpha',
        '-n',
        'orrery-system',
        'patch',
        ...shard,
        '--type',
        'merge',
        '-p',
        json({ data: { 'inventory.json.gz': base64(canaries.of('a damaged inventory')) } }),
      );
      expect((await orrery('plan')).code).toBe(1);
      for (const output of ['text', 'json'])
        expect((await orrery('refresh', '--yes', '--output', output)).code).toBe(0);
    },
  ],
  [
    'import crd',
    async (stage) => {
      const crd = `${json({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'x' }, spec: stage.data })}\n---\n`;
      project.write('broken.yaml', `${crd}stringData:\n  a: "${stage.data}\n`);
      expect((await orrery('import', 'crd', 'objects.yaml')).code).toBe(1);
      expect((await orrery('import', 'crd', 'broken.yaml')).code).toBe(1);
    },
  ],
  [
    'import cluster',
    async () => {
      await orrery('import', 'cluster', 'alpha');
      expect((await orrery('import', 'cluster', 'none')).code).toBe(1);
    },
  ],
  [
    'import helm',
    async (stage) => {
      expect((await orrery('import', 'helm', 'charts/sample')).code).toBe(0);
      writeChart(path.join(project.folder, 'broken/sample'), {}, `password: [${json(stage.helm)}\n`);
      expect((await orrery('import', 'helm', 'broken/sample')).code).toBe(1);
    },
  ],
  [
    'workspace kubeconfig',
    async () => {
      const minted = await orrery('workspace', 'kubeconfig', '--member', 'robot', '--ttl', '10m');
      expect({ ...minted, code: 1 }).toEqual({ code: 1, text: expect.stringContaining('token: ') });
      expect(minted.code).toBe(0);
      canaries.add('a token of a machine', /token: "?([^\s"]+)/.exec(minted.text)?.[1] ?? '');
      // What is printed once is in nothing that is left behind, and in nothing that is said later.
      said = [];
      expect((await orrery('workspace', 'kubeconfig', '--member', 'ann', '--login', 'kubelogin get-token')).code).toBe(
        0,
      );
      expect((await orrery('workspace', 'kubeconfig', '--member', 'nobody')).code).toBe(1);
      expect(
        (await orrery('workspace', 'kubeconfig', '--member', 'robot', '--target', 'alpha=kubeconfig:missing.yaml'))
          .code,
      ).toBe(1);
    },
  ],
  ['workspace audit-policy', async () => expect((await orrery('workspace', 'audit-policy')).code).toBe(0)],
  [
    'backup restore-document',
    async () => {
      expect((await orrery('backup', 'restore-document', '--from', 'alpha', '--to', 'alpha')).code).toBe(1);
    },
  ],
  [
    'pipeline jenkinsfile',
    async () => {
      expect((await orrery('pipeline', 'jenkinsfile')).code).toBe(1);
    },
  ],
  [
    'gpu plan',
    async () => {
      expect((await orrery('gpu', 'plan', '--output', 'json')).code).toBe(0);
      expect((await orrery('gpu', 'plan', '--live')).code).toBe(0);
    },
  ],
  [
    'release status',
    async (stage) => {
      writeReleased(stage);
      expect((await release('plan')).code).toBe(0);
      for (const output of ['text', 'json']) expect((await release('apply', '--yes', '--output', output)).code).toBe(3);
      const more = { data: { password: base64(canaries.of('a hand in the middle of a release')) } };
      await kubectl('alpha', '-n', id, 'patch', 'secret', 'released', '--type', 'merge', '-p', json(more));
      expect((await release('drift', '--exit-code')).code).toBe(2);
      for (const output of ['text', 'json'])
        expect((await release('release', 'status', '--output', output)).code).toBe(3);
      expect((await release('release', 'status', 'none')).code).toBe(1);
    },
  ],
  [
    'release pause',
    async () => {
      expect((await release('release', 'pause')).code).toBe(0);
      expect((await release('release', 'pause')).code).toBe(1);
    },
  ],
  [
    'release resume',
    async () => void expect((await release('release', 'resume', '--output', 'json')).code).not.toBe(0),
  ],
  ['release abort', async () => void (await release('release', 'abort'))],
  [
    'release promote',
    async () => {
      expect((await release('apply', '--yes', '--take-ownership', 'all')).code).not.toBe(0);
      await release('release', 'resume');
      await release('release', 'promote', '--full', '--output', 'json');
    },
  ],
  [
    'sandbox up',
    async () => {
      // Starting one would say nothing of a platform's objects: it never sees them.
      expect((await orrery('sandbox', 'up', '--cluster', 'none')).code).toBe(1);
    },
  ],
  ['sandbox status', async () => void (await orrery('sandbox', 'status', '--output', 'json'))],
  ['sandbox down', async () => void (await orrery('sandbox', 'down'))],
  ['sandbox rig', async () => void (await orrery('sandbox', 'rig', '--status'))],
  [
    'doctor',
    async () => {
      for (const output of ['text', 'json']) await orrery('doctor', '--output', output);
      expect((await orrery('doctor', '--target', 'alpha=kubeconfig:missing.yaml')).code).toBe(1);
    },
  ],
  [
    'destroy',
    async () => {
      expect((await orrery('destroy', '--yes', '--target', 'alpha=kubeconfig:missing.yaml')).code).toBe(1);
      expect((await orrery('destroy', '--yes', '--no-wait', '--output', 'json')).code).toBe(0);
    },
  ],
];

describe.skipIf(inject('rig') === 'missing' || helm === undefined)('values of Secrets', () => {
  beforeEach(() => {
    id = `canary-${randomBytes(4).toString('hex')}`;
    canaries = new Canaries();
    said = [];
    project = new TestProject();
    commands = new CommandInProcess(project);
  });
  afterEach(async () => {
    const namespaces = [id, `${id}-team`, `${id}-team-machines`];
    await kubectl('alpha', 'delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait=false');
    await kubectl('alpha', '-n', 'orrery-system', 'delete', 'secrets', '-l', `orrery.dev/revision=${id}`);
    await kubectl('alpha', '-n', 'orrery-system', 'delete', 'secrets', '-l', `orrery.dev/inventory=${id}`);
  });

  it('are in nothing that any command says or leaves behind', { timeout: 240_000 }, async () => {
    expect(CASES.map(([command]) => command).sort()).toEqual(
      commandTable(commands.surroundings)
        .map(({ name }) => name)
        .sort(),
    );
    const stage = new LeakyPlatform(id, canaries);
    const { kubeconfig } = inject('clusters');
    const token = /token: "?([^\s"]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
    canaries.add('the token of the kubeconfig', token);
    project.write(
      'cdk8s.yaml',
      `app: node main.ts\nhelm: { binary: ${helm?.file} }\ntargets: { alpha: { kubeconfig: ${kubeconfig}, context: alpha } }\n`,
    );
    project.write('objects.yaml', yaml(...stage.objects(stage.data)));
    writeChart(path.join(project.folder, 'charts/native'), { 'native.yaml': NATIVE });
    writeChart(path.join(project.folder, 'charts/sample'), { 'secret.yaml': CHART }, 'password: ""\n');
    for (const [command, run] of CASES) {
      said = [];
      await run(stage);
      expect(
        said.some((one) => one.command.startsWith(command)),
        command,
      ).toBe(true);
      const places = [...said, ...leftBehind()];
      expect(
        places.flatMap(({ command: what, text }) => canaries.seenIn(text).map((place) => `${place} in ${what}`)),
      ).toEqual([]);
    }
    const files = leftBehind().map(({ command }) => command.replace('the file ', ''));
    for (const expected of [
      /^plan\.json$/,
      /^\.orrery\/render\/rendered-/,
      /^\.orrery\/cache\//,
      /^orrery\.lock$/,
      /^imports\//,
    ])
      expect(files).toContainEqual(expect.stringMatching(expected));
  });
});
