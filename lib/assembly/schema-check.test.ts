import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a plain script without types
import { assemblyCheckFile, assemblyCheckSource } from '../../tasks/assembly-check.mjs';

describe('the compiled check of the assembly’s schema', () => {
  it('is the one that assembly.schema.json gives (else run: node tasks/assembly-check.mjs)', () => {
    expect(readFileSync(assemblyCheckFile as string, 'utf8')).toBe((assemblyCheckSource as () => string)());
  });

  it('names every field of the assembly format, and no other', () => {
    const types = readFileSync(new URL('../../constructs/src/assembly-format.ts', import.meta.url), 'utf8');
    const interfaces = [...types.matchAll(/^export interface (\w+) \{([\s\S]*?)^\}/gm)].map(
      ([, name = '', body = '']): [string, string[]] => {
        const fields = [...body.matchAll(/^ {2}readonly (\w+)(\??):/gm)].map(
          ([, field, optional]) => `${field}${optional}`,
        );
        return [name, fields.sort()];
      },
    );
    const definitions = new Map(
      Object.entries(
        JSON.parse(readFileSync(new URL('assembly.schema.json', import.meta.url), 'utf8')).$defs as Record<
          string,
          Definition
        >,
      ).map(([name, { properties = {}, required = [] }]): [string, string[]] => [
        name,
        Object.keys(properties)
          .map((field) => (required.includes(field) ? field : `${field}?`))
          .sort(),
      ]),
    );
    const definitionOf: Record<string, string> = {
      AssemblyManifest: 'manifest',
      PlatformManifest: 'platform',
      ClusterManifest: 'cluster',
      ClusterFactsManifest: 'facts',
      UnitManifest: 'unit',
      DependencyManifest: 'dependency',
      ObjectManifest: 'object',
      ControllerOwnedManifest: 'controllerOwned',
      AssetManifest: 'asset',
      HelmReleaseManifest: 'helmRelease',
      HelmChartManifest: 'helmChart',
      NativeReleaseManifest: 'nativeRelease',
      ReleasePatchManifest: 'releasePatch',
      ReleasePatchTarget: 'releasePatchTarget',
      PatchOperation: 'patchOperation',
      IncludeManifest: 'include',
      AppManifest: 'app',
      EntryPointManifest: 'entryPoint',
      NodePoolManifest: 'nodePool',
      MirroredImageManifest: 'mirroredImage',
      DocumentManifest: 'document',
      AppServiceManifest: 'appService',
      LoadManifest: 'load',
      RolloutManifest: 'rollout',
      WaveManifest: 'wave',
      CommandGateManifest: 'commandGate',
      HttpGateManifest: 'httpGate',
      PrometheusGateManifest: 'prometheusGate',
      CanaryReleaseManifest: 'canaryRelease',
      ReleaseInClusterManifest: 'releaseInCluster',
      ReleaseStateManifest: 'releaseState',
      ReleaseFieldManifest: 'releaseField',
      ReleaseStageManifest: 'releaseStage',
      PauseHoldManifest: 'pauseHold',
      ApproveHoldManifest: 'approveHold',
      AnalysisHoldManifest: 'analysisHold',
      AnalysisMetricManifest: 'analysisMetric',
      ControllerHoldManifest: 'controllerHold',
    };
    const written = interfaces.filter(([name]) => name !== 'AssemblyLocations');
    expect(written.map(([name]) => name).sort()).toEqual(Object.keys(definitionOf).sort());
    for (const [name, fields] of written)
      expect([name, definitions.get(definitionOf[name] ?? '')]).toEqual([name, fields]);
  });
});

interface Definition {
  readonly properties?: Record<string, unknown>;
  readonly required?: readonly string[];
}
