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

describe('a remote file', () => {
  const DIGEST = createHash('sha256').update(TEXT).digest('hex');
  const problemsOf = (file: string, sha256?: string) =>
    problemsOfProgram((platform) => {
      clusters(platform);
      const digest = sha256 === undefined ? {} : { sha256 };
      new Include(platform, 'operator', { file, ...digest, placement: Placement.everywhere() });
    });

  it('is named with its address and digest, and nothing of it is in the assembly', () => {
    const assembly = assemblyOf((platform) => {
      const file = 'https://files.example.com/operator/v1.yaml?token=a#top';
      const placement = Placement.named('a');
      clusters(platform);
      new Include(platform, 'operator', { file, sha256: DIGEST.toUpperCase(), namespaceName: 'shop', placement });
    });
    expect(assembly.unit('a', 'operator').includes).toEqual([
      {
        path: 'operator',
        file: { sha256: DIGEST, source: 'https://files.example.com/operator/v1.yaml' },
        url: 'https://files.example.com/operator/v1.yaml?token=a',
        namespace: 'shop',
      },
    ]);
    expect(assembly.files().filter((file) => file.startsWith('assets'))).toEqual([]);
  });

  it.each([
    [
      'without a digest',
      'https://files.example.com/a.yaml',
      undefined,
      'The remote file "https://files.example.com/a.yaml" has no sha256.',
    ],
    ['with a short digest', 'https://files.example.com/a.yaml', 'abc', 'The sha256 "abc" is no digest.'],
    [
      'with a prefix',
      'https://files.example.com/a.yaml',
      `sha256:${DIGEST}`,
      `The sha256 "sha256:${DIGEST}" is no digest.`,
    ],
    [
      'over http',
      'http://files.example.com/a.yaml',
      DIGEST,
      'The file "http://files.example.com/a.yaml" is not fetched over https.',
    ],
    [
      'by another scheme',
      'file:///etc/objects.yaml',
      DIGEST,
      'The file "file:///etc/objects.yaml" is not fetched over https.',
    ],
    ['at no address', 'https://', DIGEST, 'The file "https://" is no address.'],
    [
      'with credentials',
      'https://ann:canary@files.example.com/',
      DIGEST,
      'The address of the file on files.example.com holds credentials.',
    ],
  ])('is refused %s, once for all clusters and with its place', (_, file, sha256, what) => {
    const problems = problemsOf(file, sha256);
    expect(problems.map((problem) => [problem.code, problem.path, problem.what])).toEqual([
      ['ORR2011', 'operator', what],
    ]);
    expect(problems[0]?.source).toMatch(/include\.test\.ts:\d+$/);
    expect(problems[0]?.fix).not.toContain('canary');
  });

  it('may be a local one that has to have a digest', () => {
    const file = fileOf(TEXT);
    const assembly = assemblyOf((platform) => {
      new Include(clusters(platform).cluster('a'), 'quota', { file, sha256: DIGEST });
    });
    expect(assembly.text(`assets/${DIGEST}`)).toBe(TEXT);
    const other = DIGEST.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(problemsOf(file, other).map(({ code, what }) => [code, what])).toEqual([
      ['ORR2014', `The included file "${file}" has the sha256 ${DIGEST}, not ${other}.`],
    ]);
    expect(problemsOf(file, 'abc').map(({ code, what }) => [code, what])).toEqual([
      ['ORR2011', 'The sha256 "abc" is no digest.'],
    ]);
  });
});
