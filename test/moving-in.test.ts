import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterSet, HelmRelease, Include, Platform } from '@orrery/constructs';
import { Helm as Cdk8sHelm, Include as Cdk8sInclude, Chart } from 'cdk8s';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { type Finding, runChecks } from '../lib/checks/run-checks.ts';
import { describeId } from '../lib/kubernetes/object.ts';
import type { DesiredState } from '../lib/render/desired-state.ts';
import { renderAssembly } from '../lib/render/render-assembly.ts';
import { helmBinaries } from './helm-binaries.ts';

const CHART = fileURLToPath(new URL('../examples/online-shop/charts/status-page', import.meta.url));

const helms = await helmBinaries();

describe.skipIf(helms.length === 0)('a chart with Helm and Include of cdk8s in it', () => {
  const helm = helms[0]?.file as string;

  it('works as it is, is told of both, and what is shown in their place gives the very same objects', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'limits.yaml');
    const limits = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits', namespace: 'status' } };
    writeFileSync(file, JSON.stringify(limits));
    const before = await rendered(folder, helm, (chart) => {
      new Cdk8sHelm(chart, 'page', { chart: CHART, namespace: 'status', helmExecutable: helm });
      new Cdk8sInclude(chart, 'limits', { url: file });
    });
    const found = findings(before);
    expect(found.map(({ severity, path: at, source }) => [severity, at, source?.replace(/^.*\//, '')])).toEqual([
      ['warning', 'shop/page', expect.stringMatching(/^moving-in\.test\.ts:\d+$/)],
      ['warning', 'shop/limits', expect.stringMatching(/^moving-in\.test\.ts:\d+$/)],
    ]);
    expect(found[0]?.fix).toMatch(
      /new HelmRelease\(scope, "page", \{ chart: …, repository: …, version: …, releaseName: "shop-page-[0-9a-f]{8}", namespaceName: "status", values: \{ … \}, includeCrds: false \}\)/,
    );
    expect(found[1]?.fix).toContain('new Include(scope, "limits", { file: …, namespaceName: "status" })');

    const releaseName = /releaseName: "([^"]+)"/.exec(found[0]?.fix ?? '')?.[1] as string;
    const after = await rendered(folder, helm, (chart) => {
      new HelmRelease(chart, 'page', { chart: CHART, releaseName, namespaceName: 'status', includeCrds: false });
      new Include(chart, 'limits', { file, namespaceName: 'status' });
    });
    expect(findings(after)).toEqual([]);
    expect(objectsOf(after)).toEqual(objectsOf(before));
    expect(objectsOf(after).length).toBeGreaterThan(2);
  });

  it('may stay, with a reason', async () => {
    const folder = temporaryFolder();
    const state = await rendered(folder, helm, (chart) => {
      new Cdk8sHelm(chart, 'page', { chart: CHART, namespace: 'status', helmExecutable: helm });
    });
    const waiver = { check: 'program-process', reason: 'until spring', source: 'cdk8s.yaml:3' };
    const [found] = findings(state) as [Finding];
    const result = runChecks(state, [{ ...waiver, objects: describeId(found.id) }]);
    expect(result.waived).toMatchObject([{ check: 'program-process', reason: 'until spring' }]);
    expect(result.findings.filter(({ check }) => check === 'program-process')).toEqual([]);
    expect(result.unused).toEqual([]);
  });
});

async function rendered(folder: string, helm: string, fill: (chart: Chart) => void): Promise<DesiredState> {
  const platform = new Platform({ id: 'shop', outdir: path.join(folder, 'dist') });
  const cluster = new ClusterSet(platform, 'clusters').add('prod', { kubernetesVersion: '1.36' });
  fill(new Chart(cluster, 'shop'));
  platform.synth();
  return renderAssembly(await readAssembly(platform.outdir), { helm: { helmBinary: helm } });
}

function findings(state: DesiredState): readonly Finding[] {
  return runChecks(state, []).findings.filter(({ check }) => check === 'program-process');
}

function objectsOf(state: DesiredState): unknown[] {
  const byName = (object: { kind: string; metadata: { name?: string } }) => `${object.kind}/${object.metadata.name}`;
  const objects = state.clusters.flatMap((cluster) => cluster.objects.map(({ object }) => object));
  return objects.toSorted((a, b) => (byName(a) < byName(b) ? -1 : 1));
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-moving-in-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
