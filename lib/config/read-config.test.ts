import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isOrreryError, type OrreryError } from '../errors.ts';
import {
  CDK8S_KEYS,
  CHECK_KEYS,
  HELM_KEYS,
  KUSTOMIZE_KEYS,
  LIMIT_KEYS,
  PLAN_KEYS,
  parseConfig,
  REMOTE_FILE_KEYS,
  readConfig,
  TARGET_KEYS,
  TOP_KEYS,
} from './read-config.ts';

function parse(text: string) {
  return parseConfig(text, { file: '/work/shop/cdk8s.yaml', name: 'cdk8s.yaml', home: '/home/mina' });
}

function refusal(text: string): OrreryError {
  try {
    parse(text);
  } catch (error) {
    if (isOrreryError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('cdk8s.yaml', () => {
  it('says how the program is run, where its output goes, and how clusters are reached', () => {
    const config = parse(`
app: node main.ts
output: out/assembly
targets:
  prod-sh: { context: prod-sh, kubeconfig: ~/.kube/prod, inventoryNamespace: platform }
  prod-gz: { kubeconfig: kube/gz.yaml }
  ops: { directory: targets/ops, secrets: write }
  trial: sandbox
plan: { expiresIn: 1h30m }
helm: { binary: tools/helm }
limits: { requestsPerCluster: 8, connectTimeout: 5s, requestTimeout: 250ms }
`);
    expect(config).toMatchObject({
      folder: '/work/shop',
      app: 'node main.ts',
      output: '/work/shop/out/assembly',
      planExpiresInMs: 5_400_000,
      helmBinary: '/work/shop/tools/helm',
      limits: { requestsPerCluster: 8, connectTimeoutMs: 5000, requestTimeoutMs: 250 },
    });
    expect(Object.fromEntries(config.targets)).toEqual({
      'prod-sh': {
        target: {
          kind: 'kubeconfig',
          kubeconfig: '/home/mina/.kube/prod',
          context: 'prod-sh',
          inventoryNamespace: 'platform',
        },
        source: 'cdk8s.yaml:5',
      },
      'prod-gz': { target: { kind: 'kubeconfig', kubeconfig: '/work/shop/kube/gz.yaml' }, source: 'cdk8s.yaml:6' },
      ops: {
        target: { kind: 'directory', directory: '/work/shop/targets/ops', secrets: 'write' },
        source: 'cdk8s.yaml:7',
      },
      trial: { target: { kind: 'sandbox' }, source: 'cdk8s.yaml:8' },
    });
  });

  it('has defaults for everything', () => {
    for (const text of ['', '# nothing', '---\n', 'targets:\n', '{}']) {
      expect(parse(text)).toMatchObject({
        app: undefined,
        output: '/work/shop/dist',
        targets: new Map(),
        planExpiresInMs: 86_400_000,
        helmBinary: undefined,
      });
    }
    expect(parse('helm: { binary: helm4 }').helmBinary).toBe('helm4');
  });

  it('tolerates the keys of cdk8s', () => {
    for (const key of CDK8S_KEYS) expect(() => parse(`${key}: { anything: [goes] }`)).not.toThrow();
  });

  it.each([
    ['app: node main.ts\noutptu: x', 2, 'Did you mean "output"?'],
    ['targets:\n  a: { contxt: x }', 2, 'Did you mean "context"?'],
    ['targets:\n  a:\n    directory: x\n    context: y', 4, 'Keep one of them.'],
    ['targets:\n  a: { inventoryNamespace: x }', 2, 'context'],
    ['targets:\n  a: {}', 2, 'directory'],
    ['targets:\n  a:\n', 2, 'directory'],
    ['targets:\n  a: sandbx', 2, 'Did you mean "sandbox"?'],
    ['targets:\n  a: { directory: x, secrets: maybe }', 2, 'Choose refuse or write.'],
    ['targets:\n  a: { context: x, secrets: write }', 2, 'Remove it'],
    ['targets: [a, b]', 1, undefined],
    ['app: [node, main.ts]', 1, 'quotes'],
    ['app: 5', 1, 'quotes'],
    ['\n\nplan:\n  expiresIn: tomorrow', 4, 'Write it like 90s'],
    ['plan:\n  expiresIn: 0s', 2, 'Write it like 90s'],
    ['plan: 7d', 1, undefined],
    ['credentialPlugins: aws', 1, 'list'],
    ['credentialPlugins:\n  - 5', 1, 'quotes'],
    ['limits:\n\n  requestsPerCluster: 0', 3, undefined],
    ['limits:\n  requestsPerCluster: 2.5', 2, undefined],
    ['helm:\n  path: x', 2, 'Known keys: binary.'],
    ['app: a\napp: b', 2, undefined],
    ['a: b: c', 1, undefined],
    ['app: x\n---\napp: y', 3, undefined],
    ['- app', 1, undefined],
  ])('names the line of what is wrong: %j', (text, line, hint) => {
    const error = refusal(text);
    expect(error.code).toBe('ORR1002');
    expect(error.where.source).toMatch(
      new RegExp(`^cdk8s\\.yaml${line === 1 && /^(\[|-)/.test(text) ? '' : `:${line}`}`),
    );
    if (hint !== undefined) expect(`${error.message} ${error.fix}`).toContain(hint);
  });

  it('never fails with anything but a located ORR1002, whatever the text', () => {
    const word = fc.constantFrom(
      'app',
      'targets',
      'plan',
      'limits',
      ':',
      ' ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '- ',
      '"',
      "'",
      '&a',
      '*a',
      '!x',
      'sandbox',
      '7d',
      '5',
      '__proto__',
      'null',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        try {
          parse(words.join(''));
        } catch (error) {
          expect(isOrreryError(error) && error.code).toBe('ORR1002');
          expect((error as OrreryError).where.source).toMatch(/^cdk8s\.yaml/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is optional, unless it is named', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'orrery-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(readConfig({ cwd: folder })).toBeUndefined();
    expect(() => readConfig({ cwd: folder, file: 'other.yaml' })).toThrow('there is no file other.yaml');
    writeFileSync(path.join(folder, 'other.yaml'), 'app: x');
    expect(readConfig({ cwd: folder, file: 'other.yaml' })).toMatchObject({ folder, app: 'x' });
  });

  it('is described by its JSON Schema key by key', () => {
    const schema = JSON.parse(readFileSync(new URL('./cdk8s-yaml.schema.json', import.meta.url), 'utf8'));
    const keys = (value: { properties: object }): string[] => Object.keys(value.properties).sort();
    const sorted = (names: readonly string[]): string[] => [...names].sort();
    expect(keys(schema)).toEqual(sorted([...TOP_KEYS, ...CDK8S_KEYS]));
    expect(keys(schema.properties.plan)).toEqual(sorted(PLAN_KEYS));
    expect(keys(schema.properties.helm)).toEqual(sorted(HELM_KEYS));
    expect(keys(schema.properties.kustomize)).toEqual(sorted(KUSTOMIZE_KEYS));
    expect(keys(schema.properties.remoteFiles)).toEqual(sorted(REMOTE_FILE_KEYS));
    expect(keys(schema.properties.limits)).toEqual(sorted(LIMIT_KEYS));
    expect(keys(schema.properties.checks)).toEqual(sorted(CHECK_KEYS));
    const [, directory, kubeconfig] = schema.$defs.target.oneOf;
    expect([...keys(directory), ...keys(kubeconfig)].sort()).toEqual(sorted(TARGET_KEYS));
  });
});
