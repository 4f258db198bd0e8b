import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { chartFiles } from '../lib/helm/chart-files.ts';
import { readDefinitions, typesOfDefinitions } from '../lib/import/read-definitions.ts';
import { typesOfValues } from '../lib/import/values-types.ts';
import { readYaml } from '../lib/yaml/read.ts';
import { TestProject } from './project.ts';

/** Third-party CRDs and charts (../shared/data/SOURCES.md). */
const DATA = fileURLToPath(new URL('../../shared/data', import.meta.url));
const skipped = !existsSync(DATA) && process.env.CI !== 'true';

const STRICT: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es5.d.ts'],
  module: ts.ModuleKind.NodeNext,
  types: [],
};

/** What the compiler says about files of a folder, one line each. */
function complaints(folder: string, names: readonly string[]): string[] {
  const program = ts.createProgram(
    names.map((name) => path.join(folder, name)),
    STRICT,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${path.relative(folder, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

describe.skipIf(skipped)('types of third-party input', () => {
  it('compile for every CRD, in a package of modules and in one of CommonJS', { timeout: 120_000 }, async () => {
    const { found, problems } = await readDefinitions([path.join(DATA, 'crds')], DATA);
    const imported = typesOfDefinitions(found);
    expect([...problems, ...imported.problems]).toEqual([]);
    expect(imported.files.length).toBeGreaterThan(300);
    const project = new TestProject({
      'esm/package.json': '{ "type": "module" }',
      'cjs/package.json': '{ "type": "commonjs" }',
    });
    const all = imported.files.map(({ path: name, text }) => {
      project.write(`esm/${name}`, text);
      return `esm/${name}`;
    });
    const use = (dialect: string) => {
      for (const name of ['networking.istio.io/VirtualService.ts', 'cert-manager.io/Certificate.ts'])
        project.write(`${dialect}/${name}`, imported.files.find((file) => file.path === name)?.text ?? '');
      project.write(
        `${dialect}/use.ts`,
        `import type { VirtualService } from './networking.istio.io/VirtualService.ts';
import type { Certificate } from './cert-manager.io/Certificate.ts';
export const routes = {
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'cart' },
  spec: { hosts: ['cart'], http: [{ route: [{ destination: { host: 'cart' }, weight: 95 }] }] },
} satisfies VirtualService;
// @ts-expect-error another version
export const version: VirtualService['apiVersion'] = 'networking.istio.io/v7';
// @ts-expect-error a field that the kind does not have
export const misspelt: VirtualService = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { host: ['cart'] } };
// @ts-expect-error what the kind requires is missing
export const missing: Certificate['spec'] = { secretName: 'tls' };
`,
      );
      return `${dialect}/use.ts`;
    };
    expect(complaints(project.folder, [...all, use('esm'), use('cjs')])).toEqual([]);
  });

  it('take the own values of every chart, with a schema and without', { timeout: 120_000 }, async () => {
    const project = new TestProject();
    const charts = path.join(DATA, 'chart-values');
    const checks: string[] = [];
    const withSchema = new Set<string>();
    for (const name of readdirSync(charts).sort()) {
      if (!existsSync(path.join(charts, name, 'values.yaml'))) continue;
      const types = typesOfValues(await chartFiles(path.join(charts, name)), name);
      if (types.about.endsWith('values.schema.json)')) withSchema.add(name);
      const values = readYaml(readFileSync(path.join(charts, name, 'values.yaml')), { source: name })[0]?.value ?? {};
      const type = types.about.split(' ', 1)[0];
      project.write(`${name}/values-type.ts`, types.text);
      project.write(
        `${name}/own-values.ts`,
        `import type { ${type} } from './values-type.ts';\nexport const own: ${type} = ${JSON.stringify(values)};\n`,
      );
      checks.push(`${name}/own-values.ts`);
    }
    expect(checks.length).toBeGreaterThan(50);
    expect(withSchema.size).toBeGreaterThanOrEqual(15);
    expect(complaints(project.folder, checks)).toEqual([]);
  });
});

const CRD = (kind: string, group = 'example.com') => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: ${kind}, plural: ${kind.toLowerCase()}s }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } } }
`;

describe('orrery import', () => {
  it('writes a file per kind, writes nothing again that is the same, and does not let one odd CRD stop the others', async () => {
    const project = new TestProject({
      'crds/good.yaml': `${CRD('Thing')}---\n${CRD('Box')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n`,
      'crds/odd.yaml': CRD('Odd', '../../outside'),
      'crds/broken.yml': 'a: [\n',
      'crds/README.md': 'no YAML',
    });
    const first = await project.orrery('import', 'crd', 'crds');
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('error ORR2501  crds/odd.yaml:1\n');
    expect(first.stderr).toContain('error ORR2201  crds/broken.yml:');
    expect(first.stderr).toContain('2 files of types, 2 written\n');
    expect(Object.keys(project.files('imports'))).toEqual(['example.com/Box.ts', 'example.com/Thing.ts']);
    const again = await project.orrery('import', 'crd', 'crds/good.yaml', '--out', 'imports');
    expect(again).toMatchObject({ code: 0, stderr: '2 files of types, 0 written\n' });
    expect(again.stdout).toBe(
      'imports/example.com/Thing.ts  Thing (example.com: v1)\nimports/example.com/Box.ts  Box (example.com: v1)\n',
    );
  });

  it('writes the types of a chart beside them', async () => {
    const project = new TestProject({
      'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'charts/shop/values.yaml': 'replicas: 2\n',
    });
    const result = await project.orrery('import', 'helm', 'charts/shop');
    expect(result).toMatchObject({ code: 0, stderr: '1 file of types, 1 written\n' });
    expect(project.read('imports/helm/shop.ts')).toContain('export interface ShopValues {\n  replicas?:');
  });

  it.each([
    [['import', 'crd', 'nowhere'], 'ORR1001', 'there is no file or folder nowhere'],
    [['import', 'crd', 'other.yaml'], 'ORR2502', 'other.yaml holds no CustomResourceDefinition'],
    [['import', 'helm', 'nowhere'], 'ORR1001', 'there is no chart nowhere'],
    [['import', 'cluster', 'here'], 'ORR2502', 'here is a folder'],
    [['import', 'cluster', 'there'], 'ORR3001', 'nothing says how cluster "there" is reached'],
  ] as const)('says what is wrong with %j', async (args, code, what) => {
    const project = new TestProject({
      'cdk8s.yaml': 'targets: { here: { directory: here } }\n',
      'other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
    });
    const result = await project.orrery(...args);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`error ${code}`);
    expect(result.stderr).toContain(what);
  });
});
