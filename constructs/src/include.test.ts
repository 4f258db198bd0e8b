import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { Include } from './include';
import { Placement } from './placement';
import type { Platform } from './platform';
import { assemblyOf, problemsOfProgram, temporaryFolder } from './synthesis.test-support';

const TEXT =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {when: 2024-04-01, octal: 0o17}\n---\n# broken on purpose: [\n';

function fileOf(text: string): string {
  const file = path.join(temporaryFolder(), 'objects.yaml');
  fs.writeFileSync(file, text);
  return file;
}

function clusters(platform: Platform): ClusterSet {
  const set = new ClusterSet(platform, 'clusters');
  for (const name of ['a', 'b', 'c']) set.add(name);
  return set;
}

describe('an included file', () => {
  it('is copied byte for byte and listed in its clusters, unread', () => {
    const file = fileOf(TEXT);
    const assembly = assemblyOf((platform) => {
      clusters(platform);
      new Include(platform, 'quota', { file, namespaceName: 'shop', placement: Placement.named('a', 'c') });
    });
    const sha256 = createHash('sha256').update(TEXT).digest('hex');
    const include = { path: 'quota', file: { sha256, source: path.relative(process.cwd(), file) }, namespace: 'shop' };
    expect(assembly.manifest.clusters.map((cluster) => cluster.units)).toEqual([
      [{ path: 'quota', objects: [], includes: [include] }],
      [],
      [{ path: 'quota', objects: [], includes: [include] }],
    ]);
    expect(assembly.text(`assets/${sha256}`)).toBe(TEXT);
    expect(assembly.objects('a').size).toBe(0);
  });

  it('takes the namespace of the chart around it', () => {
    const file = fileOf(TEXT);
    const assembly = assemblyOf((platform) => {
      const cluster = clusters(platform).cluster('a');
      new Include(new Chart(cluster, 'shop', { namespace: 'shop' }), 'quota', { file });
      new Include(cluster, 'alone', { file });
    });
    expect(
      assembly.units('a').map((unit) => unit.includes?.map((include) => [include.path, include.namespace])),
    ).toEqual([[['shop/quota', 'shop']], [['alone', undefined]]]);
  });

  it('is read again at every synth', () => {
    const file = fileOf('one: 1\n');
    const digests = ['one: 1\n', 'two: 2\n'].map((text) => {
      fs.writeFileSync(file, text);
      const assembly = assemblyOf((platform) => new Include(clusters(platform).cluster('a'), 'x', { file }));
      return assembly.unit('a', 'x').includes?.[0]?.file.sha256;
    });
    expect(digests).toEqual(['one: 1\n', 'two: 2\n'].map((text) => createHash('sha256').update(text).digest('hex')));
  });

  it.each([
    ['is missing', () => 'nowhere.yaml', 'The included file "nowhere.yaml" does not exist.'],
    ['is a folder', () => '.', 'The included file "." is a folder.'],
    ['has no name', () => '', 'The included file "" is no path.'],
    ['has a zero byte in its name', () => 'a\0b', 'The included file "a\0b" is no path.'],
  ])('is refused where it %s, once for all clusters', (_, file, what) => {
    const problems = problemsOfProgram((platform) => {
      clusters(platform);
      new Include(platform, 'quota', { file: file(), placement: Placement.everywhere() });
    });
    expect(problems.map((problem) => [problem.code, problem.path, problem.what])).toEqual([['ORR2014', 'quota', what]]);
    expect(problems[0]?.source).toMatch(/include\.test\.ts:\d+$/);
  });

  it('is refused with an invalid namespace', () => {
    const problems = problemsOfProgram(
      (platform) => new Include(clusters(platform).cluster('a'), 'x', { file: fileOf(''), namespaceName: 'a/b' }),
    );
    expect(problems.map((problem) => problem.code)).toEqual(['ORR2003']);
  });
});
