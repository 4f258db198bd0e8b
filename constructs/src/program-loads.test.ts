import * as fs from 'node:fs';
import * as path from 'node:path';
import { ApiObject, Helm as Cdk8sHelm, Include as Cdk8sInclude, Chart, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster';
import { Include } from './include';
import { assemblyOf, temporaryFolder } from './synthesis.test-support';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';

/** A folder with a YAML file, and a program that answers like helm. */
function outside(): { readonly file: string; readonly helm: string } {
  const folder = temporaryFolder();
  const file = path.join(folder, 'objects.yaml');
  fs.writeFileSync(file, CONFIG_MAP.replace('settings', 'limits'));
  const helm = path.join(folder, 'helm');
  fs.writeFileSync(helm, `#!/bin/sh\ncat <<'END'\n${CONFIG_MAP}END\n`, { mode: 0o755 });
  return { file, helm };
}

describe('constructs of cdk8s that load objects in the program', () => {
  it('are named in the assembly, and their objects are the same as ever', () => {
    const { file, helm } = outside();
    let releaseName: string | undefined;
    const assembly = assemblyOf((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop', { namespace: 'shop' });
      ({ releaseName } = new Cdk8sHelm(chart, 'gateway', { chart: 'gateway', helmExecutable: helm }));
      new Cdk8sInclude(new Construct(chart, 'inner'), 'quota', { url: file });
    });
    expect(releaseName).toMatch(/^shop-gateway-/);
    expect(assembly.unit('prod', 'shop').loads).toEqual([
      { path: 'shop/gateway', type: 'helm', releaseName },
      { path: 'shop/inner/quota', type: 'include' },
    ]);
    const metadata = { namespace: 'shop', name: 'settings' };
    expect(assembly.object('prod', 'shop/gateway/settings-configmap').metadata).toEqual(metadata);
    expect(assembly.object('prod', 'shop/inner/quota/limits-configmap').metadata).toEqual({
      ...metadata,
      name: 'limits',
    });
  });

  it('have the place where they are made, also below classes of the program', () => {
    const { file } = outside();
    class Quota extends Cdk8sInclude {
      public constructor(scope: Construct, id: string) {
        super(scope, id, { url: file });
      }
    }
    class Shop extends Chart {
      public constructor(scope: Construct, id: string) {
        super(scope, id);
        new Quota(new Construct(this, 'inner'), 'quota'); // the place
      }
    }
    const assembly = assemblyOf((platform) => {
      new Shop(new Cluster(platform, 'prod'), 'shop');
    });
    const lines = fs.readFileSync(__filename, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('// the place')) + 1;
    expect(JSON.parse(assembly.text('locations.json'))).toMatchObject({
      'shop/inner/quota': expect.stringMatching(new RegExp(`program-loads\\.test\\.ts:${line}$`)),
    });
    expect(assembly.unit('prod', 'shop').loads).toEqual([{ path: 'shop/inner/quota', type: 'include' }]);
  });

  it('are no others: neither ours of the same name nor charts without them', () => {
    const { file } = outside();
    const assembly = assemblyOf((platform) => {
      const chart = new Chart(new Cluster(platform, 'prod'), 'shop');
      new Include(chart, 'quota', { file });
      new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    });
    expect(assembly.unit('prod', 'shop')).not.toHaveProperty('loads');
  });
});

describe('documents that a program loads by Yaml.load of cdk8s', () => {
  const made = (fill: (chart: Chart) => void) =>
    assemblyOf((platform) => fill(new Chart(new Cluster(platform, 'prod'), 'shop')));

  it('are named by their objects in the assembly, once for each call, with the place of the call', () => {
    const { file } = outside();
    fs.appendFileSync(file, `---\n${CONFIG_MAP}`);
    const assembly = made((chart) => {
      for (const [at, document] of Yaml.load(file).entries()) new ApiObject(chart, `all-${at}`, document); // the call
      const [copied] = Yaml.load(file);
      new ApiObject(chart, 'copied', { ...copied, metadata: { ...copied.metadata, namespace: 'shop' } });
      new ApiObject(chart, 'other', { apiVersion: 'v1', kind: 'ConfigMap' });
    });
    expect(assembly.unit('prod', 'shop').loads).toEqual([
      { path: 'shop/all-0', type: 'yaml', objects: ['shop/all-0', 'shop/all-1'] },
    ]);
    expect(assembly.object('prod', 'shop/all-1').metadata).toEqual({ name: 'settings' });
    const lines = fs.readFileSync(__filename, 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('// the call')) + 1;
    expect(JSON.parse(assembly.text('locations.json'))['shop/all-1']).toMatch(
      new RegExp(`program-loads\\.test\\.ts:${line}$`),
    );
  });

  it('are known by a member that is still the same', () => {
    const { file } = outside();
    fs.appendFileSync(file, 'data:\n  a: b\n');
    const assembly = made((chart) => {
      const [loaded] = Yaml.load(file);
      new ApiObject(chart, 'copied', { ...loaded, metadata: { name: 'mine' } });
    });
    expect(assembly.unit('prod', 'shop').loads).toEqual([
      { path: 'shop/copied', type: 'yaml', objects: ['shop/copied'] },
    ]);
  });

  it('have the file with them where it is in the working folder, also of an Include', () => {
    const folder = fs.mkdtempSync(path.join(process.cwd(), '.loads-'));
    try {
      const file = path.join(folder, 'limits.yaml');
      fs.writeFileSync(file, `${CONFIG_MAP}data:\n  a: b\n`);
      const from = `${path.basename(folder)}/limits.yaml`;
      const assembly = made((chart) => {
        new ApiObject(chart, 'one', { ...Yaml.load(file)[0], metadata: { name: 'one' } });
        new Cdk8sInclude(chart, 'limits', { url: file });
      });
      expect(assembly.unit('prod', 'shop').loads).toEqual([
        { path: 'shop/one', type: 'yaml', objects: ['shop/one'], from },
        { path: 'shop/limits', type: 'include', from },
      ]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
