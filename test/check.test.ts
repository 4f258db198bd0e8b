import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { helmBinaries } from './helm-binaries.ts';
import { TestProject } from './project.ts';

const [helm] = await helmBinaries();

const PROGRAM = {
  'main.ts': `import { ClusterSet, Include, Placement, Platform } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
const clusters = new ClusterSet(platform, 'clusters');
clusters.add('alpha', {});
clusters.add('beta', {});
new Include(platform, 'objects', { file: 'objects.yaml', placement: Placement.everywhere() });
platform.synth();
`,
  'objects.yaml': `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: baseline } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      hostNetwork: true
      containers: [{ name: main, image: agent, resources: { requests: { cpu: 10m, memory: 16Mi } } }]
`,
};

describe('orrery check', () => {
  it('says what is wrong, where and what to do, once for all clusters, and ends with 1', async () => {
    const project = new TestProject({ ...PROGRAM, 'cdk8s.yaml': 'app: node main.ts\n' });
    const result = await project.orrery('check');
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout).toBe(`error pod-security  objects.yaml:5  objects  cluster alpha, beta  DaemonSet/shop/agent
  spec.template.spec.hostNetwork: Namespace shop enforces the level baseline, which refuses its pods (host namespaces): spec.template.spec.hostNetwork shares a namespace of the node.
  Set what the level demands, or put it into a namespace of a lower level.

warning image-version  objects.yaml:5  objects  cluster alpha, beta  DaemonSet/shop/agent
  spec.template.spec.containers[0].image: Container main runs agent, which names no version.
  Name a tag that is never moved, or a digest.

1 error · 1 warning in 4 objects of 2 clusters
`);
    const plan = await project.orrery('check', '--output', 'json');
    expect(JSON.parse(plan.stdout)).toMatchObject({
      format: 'orrery/checks',
      version: '1.0',
      findings: [
        { check: 'pod-security', severity: 'error', clusters: ['alpha', 'beta'], source: 'objects.yaml:5' },
        {},
      ],
    });
  });

  it('leaves out what cdk8s.yaml waives with a reason; warnings end with 1 when they shall', async () => {
    const project = new TestProject({
      ...PROGRAM,
      'cdk8s.yaml': `app: node main.ts
checks:
  waive:
    pod-security:
      DaemonSet/shop/agent: measures the network of its node
`,
    });
    const result = await project.orrery('check');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('1 warning · 1 waived in 4 objects of 2 clusters\n');
    expect((await project.orrery('check', '--strict')).code).toBe(1);
    const report = JSON.parse((await project.orrery('check', '--output', 'sarif')).stdout);
    expect(report).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'image-version',
              level: 'warning',
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'objects.yaml' }, region: { startLine: 5 } } },
              ],
            },
            {
              ruleId: 'pod-security',
              suppressions: [{ kind: 'external', justification: 'measures the network of its node' }],
            },
          ],
        },
      ],
    });
  });

  it.each([
    [
      'a check that does not exist',
      'checks: { waive: { pod-sec: { all: because } } }\n',
      'there is no check "pod-sec" to waive',
    ],
    ['no reason', 'checks: { waive: { service: { all: } } }\n', '"checks.waive.service.all" gives no reason'],
  ])('refuses a waiver of %s', async (_, config, what) => {
    const project = new TestProject({ ...PROGRAM, 'cdk8s.yaml': `app: node main.ts\n${config}` });
    const result = await project.orrery('check');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('error ORR1002  cdk8s.yaml:2\n');
    expect(result.stderr).toContain(what);
  });

  it('compares custom resources with the CRDs of the program and with those that cdk8s.yaml names', async () => {
    const definition = (kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.example.com }
spec:
  group: example.com
  names: { kind: ${kind}, plural: ${kind.toLowerCase()}s }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer, maximum: 5 } } } }
`;
    const project = new TestProject({
      'main.ts': PROGRAM['main.ts'],
      'objects.yaml': `${definition('Cart')}---
apiVersion: example.com/v1
kind: Cart
metadata: { name: one, namespace: shop }
spec: { sise: 3 }
---
apiVersion: example.com/v1
kind: Basket
metadata: { name: two, namespace: shop }
spec: { size: 7 }
`,
      'crds/basket.yaml': definition('Basket'),
      'cdk8s.yaml': 'app: node main.ts\nchecks: { crds: [crds] }\n',
    });
    const { stdout } = await project.orrery('check');
    expect(stdout).toContain('Cart/shop/one\n  spec.sise: There is no field "sise" here.\n  Did you mean size?\n');
    expect(stdout).toContain('Basket/shop/two\n  spec.size: 7 is too much: at most 5 is allowed.\n  Lower it.\n');
    project.write('cdk8s.yaml', 'app: node main.ts\nchecks: { crds: [nowhere] }\n');
    expect((await project.orrery('check')).stderr).toContain('there is no file or folder nowhere');
  });

  it('is a part of every plan: errors with their places, the number of warnings, and nothing is refused for them', async () => {
    const targets = 'targets: { "*": { directory: "targets/{cluster}" } }\n';
    const project = new TestProject({ ...PROGRAM, 'cdk8s.yaml': `app: node main.ts\n${targets}` });
    for (const verb of ['plan', 'diff']) {
      const planned = await project.orrery(verb);
      expect(planned.code).toBe(0);
      expect(planned.stderr).toMatch(/^error pod-security {2}objects\.yaml:5 {2}objects /m);
      expect(planned.stderr).toMatch(/^1 warning of checks; orrery check shows them\.$/m);
      expect(planned.stderr).not.toContain('image-version');
    }
    expect((await project.orrery('apply', '--yes')).stderr).toContain('error pod-security');
  });

  it('looks again only where something has changed', async () => {
    const project = new TestProject({ ...PROGRAM, 'cdk8s.yaml': 'app: node main.ts\n' });
    const found = async () => (await project.orrery('check')).stdout;
    const first = await found();
    const kept = '.orrery/checks/checks';
    // What is found anew is sealed anew, and never reads the same.
    const before = project.read(kept);
    expect(await found()).toBe(first);
    expect(project.read(kept)).toBe(before);
    project.write('objects.yaml', PROGRAM['objects.yaml'].replaceAll('agent', 'agent-2'));
    expect(await found()).toBe(first.replaceAll(/\bagent\b/g, 'agent-2'));
    expect(project.read(kept)).not.toBe(before);
    project.write(kept, 'nothing that was sealed');
    expect(await found()).toContain('agent-2');
    project.write('cdk8s.yaml', 'app: node main.ts\nchecks: { waive: { image-version: { all: they are ours } } }\n');
    expect(await found()).not.toContain('image-version');
  });

  it('compares clusters with what is declared over them, also when only the declaration has changed', async () => {
    const main = (
      more: string,
    ) => `import { ClusterSet, MultiClusterApp, Placement, Platform, Probe } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
const clusters = new ClusterSet(platform, 'clusters');
clusters.add('alpha', { internetFacing: true });
clusters.add('beta', { internetFacing: false });
const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere(), sensitive: true });
const cart = app.addService('cart', { image: 'cart:1', replicas: 4, cpu: '1', memory: '1Gi' });
cart.overrideIn(clusters.named('beta'), { replicas: 1 });
${more}
platform.synth();
`;
    const project = new TestProject({ 'main.ts': main(''), 'cdk8s.yaml': 'app: node main.ts\n' });
    const exposed = 'error sensitive-app  main.ts:7  mall/cart/Deployment  cluster alpha  Deployment/mall/cart\n';
    const sum = 'Its replicas in all clusters together are 3 (alpha 2, beta 1); the program declares 4.\n';
    const first = await project.orrery('check');
    expect(first).toMatchObject({ code: 1 });
    expect(first.stdout).toContain(exposed);
    expect(first.stdout).toContain(sum);
    project.write(
      'main.ts',
      main("cart.controllerOwnsIn(clusters.all(), { kind: 'Deployment' }, { path: 'spec.replicas' });"),
    );
    const second = await project.orrery('check');
    expect(second.stdout).toContain(exposed);
    expect(second.stdout).not.toContain('replicas');
  });

  it('runs the checks of the project over rendered objects, and reports, waives and shows them as all others', async () => {
    const own = `import type { ProjectCheck } from '@orrery/cli';
const check: ProjectCheck = {
  id: 'team-label',
  title: 'objects that name no team',
  run: ({ name, objects }) =>
    objects
      .filter(({ object }) => (object.metadata.labels as Record<string, string> | undefined)?.team === undefined)
      .map((object) => ({ object, severity: 'error', field: 'metadata.labels', what: name + ': it names no team.', fix: 'Set the label.' })),
};
export default check;
`;
    const config = 'app: node main.ts\nchecks:\n  own: [checks/team.ts]\n';
    const project = new TestProject({ ...PROGRAM, 'checks/team.ts': own, 'cdk8s.yaml': config });
    const result = await project.orrery('check');
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout).toContain(
      'error team-label  objects.yaml:5  objects  cluster beta  DaemonSet/shop/agent\n  metadata.labels: beta: it names no team.\n  Set the label.\n',
    );
    project.write('cdk8s.yaml', `${config}  waive: { team-label: { all: later } }\n`);
    const report = JSON.parse((await project.orrery('check', '--output', 'sarif')).stdout);
    expect(report.runs[0].tool.driver.rules).toContainEqual({
      id: 'team-label',
      shortDescription: { text: 'objects that name no team' },
    });
    expect(report.runs[0].results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'team-label')).toHaveLength(4);
  });

  it('names a check of the project that cannot be loaded, is none, or fails', async () => {
    const project = new TestProject({ ...PROGRAM, 'cdk8s.yaml': 'app: node main.ts\nchecks: { own: [own.ts] }\n' });
    const refused = async (module: string): Promise<string> => {
      project.write('own.ts', module);
      const { code, stderr } = await project.orrery('check');
      expect(code).toBe(1);
      return stderr;
    };
    expect(await refused('throw new Error("no luck");')).toMatch(
      /^error ORR2601 .*own\.ts\n {2}it cannot be loaded: no luck/,
    );
    expect(await refused('export default 1;')).toContain('is no check');
    const check = (id: string, run: string) => `export default { id: '${id}', title: 't', run: ${run} };`;
    expect(await refused(check('image-version', '() => []'))).toContain('there is another check "image-version"');
    expect(await refused(check('Not An Id', '() => []'))).toContain('is no id of a check');
    expect(await refused(check('own', '() => { throw new Error("oh"); }'))).toContain(
      'check "own" failed in cluster alpha: oh',
    );
    expect(await refused(check('own', '() => [{ object: {}, severity: "error" }]'))).toContain('was not given');
  });

  it.skipIf(helm === undefined)('finds nothing in the examples but what they waive with a reason', async () => {
    const folder = path.join(import.meta.dirname, '..', 'examples');
    for (const name of readdirSync(folder)) {
      const project = new TestProject();
      const made = ['node_modules', 'dist', 'targets', '.orrery'].map((one) => path.join(folder, name, one));
      cpSync(path.join(folder, name), project.folder, { recursive: true, filter: (file) => !made.includes(file) });
      project.write('cdk8s.yaml', `${project.read('cdk8s.yaml')}helm: { binary: ${helm?.file} }\n`);
      expect(await project.orrery('check', '--strict')).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringMatching(/^nothing found( · \d waived)? in \d{2,} objects/),
      });
    }
  });
});

describe('orrery plan for services that shall survive the loss of a cluster', () => {
  it('shows what each loss leaves: on the terminal, in a pull request, in the JSON', async () => {
    const project = new TestProject({
      'main.ts': `import { ClusterSet, MultiClusterApp, Placement, Platform, Survive } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
const clusters = new ClusterSet(platform, 'clusters');
for (const name of ['alpha', 'beta', 'gamma']) clusters.add(name, {});
const mall = new MultiClusterApp(platform, 'mall', { namespace: 'mall', placement: Placement.everywhere() });
mall.addService('cart', { image: 'mall/cart:1.0.0', replicas: 6, survive: Survive.ANY_CLUSTER });
mall.addService('mail', { image: 'mall/mail:1.0.0', replicas: 1 });
platform.synth();
`,
      'cdk8s.yaml': `app: node main.ts
targets: ${JSON.stringify(Object.fromEntries(['alpha', 'beta', 'gamma'].map((name) => [name, { directory: `out/${name}` }])))}
`,
    });
    const text = await project.orrery('plan');
    expect(text.stdout).toContain(
      [
        '  headroom     declared  without alpha  without beta  without gamma',
        '    mall/cart         6              6             6              6',
      ].join('\n'),
    );
    expect(text.stdout).not.toMatch(/^ {4}mall\/mail/m);
    const json = JSON.parse((await project.orrery('plan', '--output', 'json')).stdout);
    expect(json.headroom).toMatchObject([{ app: 'mall', service: 'mall/cart', needed: { fewest: 6, most: 6 } }]);
    const one = JSON.parse((await project.orrery('plan', '--output', 'json', '--cluster', 'beta')).stdout);
    expect(one.headroom).toEqual(json.headroom);
    expect((await project.orrery('plan', '--output', 'markdown')).stdout).toContain('| `mall/cart` | 6 | 6 | 6 | 6 |');
  });
});
