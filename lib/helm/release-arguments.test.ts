import type { HelmReleaseManifest } from '@orrery/constructs/assembly-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pullArguments, templateArguments, uninstallArguments, upgradeArguments } from './release-arguments.ts';

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
        if (name === 'kubeVersion' || name === 'apiVersion') return;
        const settings = { platformId: 'mall', helmVersion: 'v4.3.1', timeoutMs: 1000 };
        expect(() => upgradeArguments(hostile, './chart', settings, WHERE)).toThrow(
          expect.objectContaining({ code: 'ORR2304' }),
        );
        if (name === 'valuesFile') return;
        expect(() => uninstallArguments(hostile, settings, WHERE)).toThrow(
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

describe('the Kubernetes version that a chart is told', () => {
  it.each([
    ['1.36', '1.36.0'],
    ['v1.36', 'v1.36.0'],
    ['1.36.3', '1.36.3'],
    ['1.36-eks', '1.36.0-eks'],
    ['v1.34.2-gke.7+build', 'v1.34.2-gke.7+build'],
  ])('has a patch number, as that of every cluster: of %s it is %s', (kubeVersion, told) => {
    const release = { path: 'r', chart: {}, releaseName: 'shop', namespace: 'mall' };
    const words = templateArguments(release, './chart', { kubeVersion, apiVersions: [] }, WHERE);
    expect(words[words.indexOf('--kube-version') + 1]).toBe(told);
  });
});

describe('a release that helm installs by itself', () => {
  const release = (
    native: NonNullable<HelmReleaseManifest['native']>,
    more: Partial<HelmReleaseManifest> = {},
  ): HelmReleaseManifest => ({
    ...{ path: 'mall/shop', releaseName: 'shop', namespace: 'mall', chart: {}, native },
    ...more,
  });
  const settings = { platformId: 'mall', helmVersion: 'v4.3.1', timeoutMs: 90_000 };
  const common = ['upgrade', 'shop', './chart', '--install', '--namespace', 'mall', '--reset-values'];
  const label = ['--labels', 'orrery.dev/release=mall'];

  it('gives up values that are given no more, is labelled with its platform, and is waited for', () => {
    const values = { valuesFiles: [{ sha256: 'a'.repeat(64), source: 'x' }], values: { a: 1 }, includeCrds: false };
    expect(upgradeArguments(release({}, values), './chart', { ...settings, wait: true }, WHERE)).toEqual([
      ...[...common, ...label, '--skip-crds', '--timeout', '90000ms', '--wait'],
      ...['--values', `./${'a'.repeat(64)}`, '--values', '-'],
    ]);
  });

  it('is rendered with the cluster at hand and not stored in a dry run', () => {
    expect(upgradeArguments(release({}), './chart', { ...settings, dryRun: true }, WHERE)).toEqual([
      ...[...common, ...label, '--dry-run=server', '--output', 'json'],
    ]);
  });

  it.each([
    ['v3.22.0', '--atomic'],
    ['v4.3.1', '--rollback-on-failure'],
  ])('is undone by helm %s when it fails, where that is wanted', (helmVersion, flag) => {
    const given = { ...settings, helmVersion };
    expect(upgradeArguments(release({ rollbackOnFailure: true }), './chart', given, WHERE)).toContain(flag);
    expect(upgradeArguments(release({}), './chart', given, WHERE)).not.toContain(flag);
  });

  it('is uninstalled by name', () => {
    expect(uninstallArguments(release({}), { wait: true, timeoutMs: 5000 }, WHERE)).toEqual([
      ...['uninstall', 'shop', '--namespace', 'mall', '--timeout', '5000ms', '--wait'],
    ]);
  });
});
