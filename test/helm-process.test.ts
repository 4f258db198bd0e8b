import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Assets } from '../lib/assembly/assets.ts';
import { HelmRenderer } from '../lib/helm/render-release.ts';
import { STOREFRONT, type TarEntry, tarArchive, writeChart } from './chart-fixtures.ts';
import { helmBinaries } from './helm-binaries.ts';
import { CONTEXT, recordingHelm, releaseOf, render, WHERE } from './helm-release-fixtures.ts';
import { TemporaryFolders, textAsset } from './write-assembly.ts';

const helms = await helmBinaries();
const folders = new TemporaryFolders();
// Real programs run here: on a busy machine each may take seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(() => folders.removeAll());

function fakeHelm(script: string): string {
  const file = path.join(folders.make(), 'helm');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(helms.length === 0)('a hostile release', () => {
  const helmBinary = helms[0]?.file ?? '';

  it('never reaches helm', async () => {
    const helm = recordingHelm(folders, helmBinary);
    const one = releaseOf(folders, STOREFRONT, { namespace: '--post-renderer=/bin/sh' });
    await expect(render(one, { helmBinary: helm.file })).rejects.toMatchObject({ code: 'ORR2304', where: WHERE });
    expect(helm.calls().filter((call) => !call.startsWith('version|'))).toEqual([]);
  });

  const chartFile: TarEntry = { name: 'sample/Chart.yaml', content: 'apiVersion: v2\nname: sample\nversion: 0.1.0\n' };

  it('as an archive is refused before helm sees it', async () => {
    const helm = recordingHelm(folders, helmBinary);
    const one = releaseOf(folders, STOREFRONT);
    const asset = textAsset(one.assembly, 'sample.tgz', tarArchive([chartFile, { name: '../evil', content: 'x' }]));
    const hostile = { ...one, release: { ...one.release, chart: { asset } } };
    await expect(render(hostile, { helmBinary: helm.file })).rejects.toMatchObject({
      code: 'ORR2304',
      message: expect.stringContaining('sample.tgz'),
    });
    expect(helm.calls().filter((call) => call.startsWith('template'))).toEqual([]);
  });

  it('whose subchart archive is hostile is refused too', async () => {
    const chart = writeChart(folders.make(), { 'charts-note.txt': '' });
    const inner = tarArchive([{ name: '../evil', content: 'x' }]);
    const assembly = folders.make();
    const asset = textAsset(
      assembly,
      'outer.tgz',
      tarArchive([chartFile, { name: 'sample/charts/inner-1.0.0.tgz', content: inner }]),
    );
    const one = releaseOf(folders, chart);
    await expect(
      render(
        { assembly, release: { ...one.release, chart: { asset } } },
        { helmBinary, cacheFolder: path.join(folders.make(), 'cache') },
      ),
    ).rejects.toMatchObject({
      code: 'ORR2304',
      message: expect.stringContaining('subchart'),
    });
  });
});

describe('helm itself', () => {
  const anyRelease = () => releaseOf(folders, STOREFRONT);

  it('missing is an error that names it and says how to get it', async () => {
    await expect(render(anyRelease(), { searchPath: folders.make() })).rejects.toMatchObject({
      code: 'ORR2301',
      message: expect.stringContaining('helm'),
      fix: expect.stringContaining('helm.sh'),
    });
    await expect(render(anyRelease(), { helmBinary: '/nowhere/helm' })).rejects.toMatchObject({ code: 'ORR2301' });
  });

  it.each(['v2.17.0', 'v3.9.4', 'v3.13.9'])('of version %s is too old', async (version) => {
    await expect(render(anyRelease(), { helmBinary: fakeHelm(`echo ${version}`) })).rejects.toMatchObject({
      code: 'ORR2301',
      message: expect.stringContaining(version),
    });
  });

  it('that is something else is not used', async () => {
    await expect(render(anyRelease(), { helmBinary: fakeHelm('echo hello') })).rejects.toMatchObject({
      code: 'ORR2301',
    });
  });

  it('that hangs is ended', async () => {
    const helmBinary = fakeHelm('[ "$1" = version ] && echo v4.0.0 && exit 0\nexec /bin/sleep 60');
    await expect(render(anyRelease(), { helmBinary, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'ORR2302',
      message: expect.stringContaining('did not finish'),
    });
  });

  it('never runs more processes at a time than allowed', async () => {
    const log = path.join(folders.make(), 'log');
    const helmBinary = fakeHelm(
      `[ "$1" = version ] && echo v4.0.0 && exit 0\necho start >> '${log}'; /bin/sleep 0.4; echo end >> '${log}'`,
    );
    const one = anyRelease();
    const renderer = new HelmRenderer(new Assets(one.assembly), { helmBinary, concurrency: 2 });
    await Promise.all(
      Array.from({ length: 5 }, (_, i) => renderer.render({ ...one.release, releaseName: `r${i}` }, CONTEXT, WHERE)),
    );
    await renderer.close();
    const steps = readFileSync(log, 'utf8').trim().split('\n');
    let running = 0;
    const counts = steps.map((step) => (running += step === 'start' ? 1 : -1));
    expect(steps).toHaveLength(10);
    expect(Math.max(...counts)).toBe(2);
  });
});
