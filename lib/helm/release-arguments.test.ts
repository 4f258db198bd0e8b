import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pullArguments, templateArguments } from './release-arguments.ts';

const WHERE = { cluster: 'prod-sh', path: 'mall/shop', source: 'main.ts:12' };

describe('a hostile release', () => {
  const NASTY = [
    '--post-renderer=/bin/sh',
    '-f/etc/passwd',
    '$(id)',
    'a b',
    'a\nb',
    'a,b',
    '..',
    '.',
    '',
    'A',
    'x'.repeat(64),
    '{a}',
    'a=b',
    '`id`',
    'ä',
  ];

  it('is refused: no word of it can be taken for a flag, a list or a path', () => {
    const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 12 }));
    const field = fc.constantFrom('releaseName', 'namespace', 'kubeVersion', 'apiVersion', 'valuesFile');
    fc.assert(
      fc.property(field, nasty, (name, text) => {
        fc.pre(!/^[a-z0-9.-]*[a-z0-9]$|^v?\d+\.\d+|^[a-z0-9.-]+\/[A-Za-z0-9.-]+$/.test(text) || text.startsWith('-'));
        const hostile: HelmReleaseManifest = {
          path: 'r',
          chart: {},
          releaseName: name === 'releaseName' ? text : 'shop',
          namespace: name === 'namespace' ? text : 'mall',
          valuesFiles: name === 'valuesFile' ? [{ sha256: text, source: 'x' }] : [],
        };
        const context = {
          kubeVersion: name === 'kubeVersion' ? text : '1.36',
          apiVersions: name === 'apiVersion' ? [text] : [],
        };
        expect(() => templateArguments(hostile, './chart', context, WHERE)).toThrow(
          expect.objectContaining({ code: 'ORR2304' }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a repository that is a flag', { repository: '--repo', name: 'a', version: '1.0.0' }],
    ['plain http', { repository: 'http://charts.example.com', name: 'a', version: '1.0.0' }],
    ['a file', { repository: 'file:///etc', name: 'a', version: '1.0.0' }],
    ['a password in the address', { repository: 'https://user:pass@charts.example.com', name: 'a', version: '1.0.0' }],
    ['a shell word', { repository: 'https://charts.example.com/;echo', name: 'a', version: '1.0.0' }],
    ['a chart name with a path', { repository: 'https://charts.example.com', name: '../a', version: '1.0.0' }],
    ['a chart name that is a flag', { repository: 'https://charts.example.com', name: '--untar', version: '1.0.0' }],
    ['a version range', { repository: 'https://charts.example.com', name: 'a', version: '^1.0.0' }],
    ['the newest version', { repository: 'https://charts.example.com', name: 'a', version: 'latest' }],
  ])('with %s is refused before anything is fetched', (_, chart) => {
    expect(() => pullArguments(chart, '/charts', WHERE)).toThrow(
      expect.objectContaining({ code: 'ORR2304', where: expect.objectContaining(WHERE) }),
    );
  });

  it('is told from an honest one', () => {
    const release = {
      path: 'r',
      chart: {},
      releaseName: 'shop',
      namespace: 'mall',
      values: {},
      valuesFiles: [{ sha256: 'a'.repeat(64), source: 'x' }],
    };
    expect(
      templateArguments(release, './chart', { kubeVersion: 'v1.36.3', apiVersions: ['a.b/v1', 'a.b/v1/Kind'] }, WHERE),
    ).toEqual([
      'template',
      'shop',
      './chart',
      '--namespace',
      'mall',
      '--include-crds',
      '--kube-version',
      'v1.36.3',
      '--api-versions',
      'a.b/v1',
      '--api-versions',
      'a.b/v1/Kind',
      '--values',
      `./${'a'.repeat(64)}`,
      '--values',
      '-',
    ]);
    expect(
      pullArguments(
        { repository: 'oci://registry.example.com/charts/', name: 'gateway', version: '1.2.3-rc.1+x' },
        '/c',
        WHERE,
      ),
    ).toEqual([
      'pull',
      'oci://registry.example.com/charts/gateway',
      '--version',
      '1.2.3-rc.1+x',
      '--destination',
      '/c',
    ]);
    expect(
      pullArguments({ repository: 'https://charts.example.com', name: 'gateway', version: '1.2.3' }, '/c', WHERE),
    ).toEqual(['pull', 'gateway', '--repo', 'https://charts.example.com', '--version', '1.2.3', '--destination', '/c']);
  });
});
