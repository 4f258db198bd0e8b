import type { CanaryReleaseManifest } from '@orrery/constructs/assembly-format';
import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryFolders, writeAssembly } from '../../test/write-assembly.ts';
import { readAssembly } from './read-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

// biome-ignore lint/suspicious/noExplicitAny: tests break the manifest in every way
type Release = any;

const stable = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: { replicas: 2, template: {} },
};
const route = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'cart' },
  spec: { hosts: ['cart'], http: [] },
};

function release(): Release {
  const states = {
    before: { absent: ['mall/route'] },
    stages: [
      { name: 'weight-5', weight: 5, fields: [{ object: 'mall/route', field: 'spec.http', value: [] }] },
      {
        name: 'analyse-1',
        hold: {
          type: 'analysis',
          durationMs: 60_000,
          intervalMs: 10_000,
          metrics: [{ name: 'errors', url: 'http://prometheus', query: 'up', atMost: 1 }],
        },
      },
      { name: 'end', fields: [{ object: 'mall/cart', field: 'spec.template', value: { metadata: {} } }] },
    ],
    abort: [{ absent: ['mall/route'] }],
  };
  return {
    path: 'mall/canary',
    name: 'cart',
    backend: 'istio',
    waves: [['sh'], ['gz']],
    revision: 'a'.repeat(64),
    clusters: { sh: states, gz: structuredClone(states) },
  };
}

function assemblyWith(...releases: Release[]): Promise<unknown> {
  const folder = folders.make();
  const unit = {
    path: 'mall',
    objects: [
      { path: 'mall/cart', object: stable },
      { path: 'mall/route', object: route },
    ],
  };
  const clusters = ['sh', 'gz'].map((name) => ({ name, units: [unit] }));
  writeAssembly(folder, clusters, undefined, releases as CanaryReleaseManifest[]);
  return readAssembly(folder);
}

describe('canary releases of an assembly', () => {
  it('are read as they were written', async () => {
    await expect(assemblyWith(release())).resolves.toMatchObject({ canaryReleases: [release()] });
  });

  it.each<[string, (one: Release) => void, RegExp]>([
    [
      'a cluster that the assembly lacks',
      (one) => (one.clusters.bj = one.clusters.sh),
      /"bj".* is not in the assembly|no wave/,
    ],
    ['a cluster without a wave', (one) => one.waves.pop(), /"gz" is in no wave/],
    ['a cluster in two waves', (one) => one.waves.push(['sh']), /"sh" stands twice in the waves/],
    ['a wave with a stranger', (one) => one.waves.push(['bj']), /"bj" is no cluster/],
    ['no wave', (one) => (one.waves = []), /waves/],
    ['a name that is no DNS label', (one) => (one.name = 'Cart'), /name/],
    ['an unknown backend', (one) => (one.backend = 'nginx'), /backend/],
    ['no stage', (one) => (one.clusters.sh.stages = []), /stages/],
    ['two stages of one name', (one) => (one.clusters.sh.stages[1].name = 'end'), /"end" stands twice/],
    [
      'an object that is not there',
      (one) => (one.clusters.gz.before.absent = ['mall/other']),
      /"mall\/other".*not in its cluster/,
    ],
    [
      'a field of an object that is not there',
      (one) => (one.clusters.gz.stages[2].fields[0].object = 'mall/other'),
      /"mall\/other".*not in its cluster/,
    ],
    [
      'a field in a list',
      (one) => (one.clusters.sh.stages[0].fields[0].field = 'spec.http[*].route'),
      /leads into a list/,
    ],
    ['a field below nothing', (one) => (one.clusters.sh.stages[0].fields[0].field = 'spec.tls.x.y'), /leads nowhere/],
    ['a path that is none', (one) => (one.clusters.sh.stages[0].fields[0].field = 'spec..http'), /"spec..http"/],
    [
      'a field that is decided twice',
      (one) => one.clusters.sh.stages[2].fields.push({ object: 'mall/cart', field: 'spec.template.metadata' }),
      /decided twice/,
    ],
    [
      'fields of an absent object',
      (one) => (one.clusters.sh.stages[0].absent = ['mall/route']),
      /is absent and has fields/,
    ],
    ['no way back', (one) => (one.clusters.sh.abort = []), /what an abort brings back/],
    [
      'an interval longer than its analysis',
      (one) => (one.clusters.sh.stages[1].hold.intervalMs = 70_000),
      /no measurement/,
    ],
    ['an interval of nothing', (one) => (one.clusters.sh.stages[1].hold.intervalMs = 0), /no measurement/],
    [
      'a metric without bounds',
      (one) => {
        delete one.clusters.sh.stages[1].hold.metrics[0].atMost;
      },
      /hold/,
    ],
    [
      'bounds that exclude everything',
      (one) => (one.clusters.sh.stages[1].hold.metrics[0].atLeast = 2),
      /at least 2 and at most 1/,
    ],
    [
      'two metrics of one name',
      (one) => one.clusters.sh.stages[1].hold.metrics.push(one.clusters.sh.stages[1].hold.metrics[0]),
      /"errors" stands twice/,
    ],
    [
      'a controller’s object that is not there',
      (one) => (one.clusters.sh.stages[1].hold = { type: 'controller', object: 'mall/x' }),
      /"mall\/x"/,
    ],
    ['an unknown field', (one) => (one.speed = 'fast'), /speed/],
  ])('are refused with %s', async (_, breakIt, what) => {
    const broken = release();
    breakIt(broken);
    await expect(assemblyWith(broken)).rejects.toMatchObject({ code: 'ORR2103', message: expect.stringMatching(what) });
  });

  it('are refused when two have one name, or one object', async () => {
    await expect(assemblyWith(release(), release())).rejects.toThrow('"cart" stands twice');
    await expect(assemblyWith(release(), { ...release(), name: 'other' })).rejects.toThrow(
      'belongs to two canary releases, "cart" and "other"',
    );
  });
});
