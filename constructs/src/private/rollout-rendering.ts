import type { GateManifest, RolloutManifest, WaveManifest } from '../assembly-format';
import type { Cluster } from '../cluster';
import type { Platform } from '../platform';
import { type Rollout, RolloutFailure, type RolloutProps, UnreachableClusters, type WaveProps } from '../rollout';
import type { ClusterUnits, Dependencies } from './dependencies';
import { DURATION_RULE, milliseconds } from './gate-settings';
import { DNS_LABEL_RULE, isDnsLabel } from './names';
import { collectProblems, type Problem, type ProblemCode, problemAt } from './problem';

/** Name of the wave of clusters that no wave names. */
const REST = 'rest';

type Report = (code: ProblemCode, what: string, fix: string) => void;

/** The rollout of a platform as the manifest has it; undefined without one. Adds what is wrong with it to the problems. */
export function renderRollout(
  platform: Platform,
  all: readonly ClusterUnits[],
  dependencies: Dependencies,
  problems: Problem[],
): RolloutManifest | undefined {
  const declared = platform._rollout;
  if (declared === undefined) return undefined;
  const { construct, props } = declared;
  const report: Report = (code, what, fix) => problems.push(problemAt(construct, code, what, { fix }));
  checkSettings(props, report);
  const waves = wavesOf(platform, construct, props, report, problems);
  reportBackwardDependencies(construct, waves, all, dependencies, problems);
  const { onFailure, onUnreachable } = props;
  return {
    waves,
    ...(onFailure === RolloutFailure.ROLL_BACK ? { onFailure: 'rollback' } : {}),
    ...(onUnreachable === UnreachableClusters.CONTINUE ? { onUnreachable: 'continue' } : {}),
  };
}

/** A wave as others see it who bring things to clusters. */
export interface DeclaredWave {
  readonly name: string;
  readonly clusters: readonly string[];
  readonly maxParallelClusters?: number;
  /** Whether more is asked than that everything is ready. */
  readonly isGated: boolean;
}

/** The waves of a platform, "rest" included; none without rollout. What is wrong with them is reported with the rollout itself. */
export function declaredWaves(platform: Platform): DeclaredWave[] {
  const declared = platform._rollout;
  if (declared === undefined) return [];
  const waves = wavesOf(platform, declared.construct, declared.props, () => undefined, []);
  return waves.map(({ name, clusters, maxParallelClusters, soakMs, gates }) => ({
    name,
    clusters,
    ...(maxParallelClusters === undefined ? {} : { maxParallelClusters }),
    isGated: soakMs !== undefined || gates !== undefined,
  }));
}

function checkSettings(props: RolloutProps, report: Report): void {
  if (!Array.isArray(props.waves) || props.waves.length === 0)
    report(
      'ORR2012',
      'The rollout has no waves.',
      'Give it the first one: clusters that are written before the others.',
    );
  checkParallel(props.maxParallelClusters, 'The rollout', report);
}

function checkParallel(count: number | undefined, whose: string, report: Report): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= 1)) return;
  report('ORR2011', `${whose} lets ${count} clusters be under way at a time.`, 'Use a whole number from 1 on.');
}

function wavesOf(
  platform: Platform,
  construct: Rollout,
  props: RolloutProps,
  report: Report,
  problems: Problem[],
): WaveManifest[] {
  const waveOf = new Map<Cluster, string>();
  const names = new Set<string>();
  const waves = (props.waves ?? []).map((wave) => {
    if (!isDnsLabel(String(wave.name)))
      report('ORR2003', `"${wave.name}" is not a valid name of a wave.`, `Use ${DNS_LABEL_RULE}.`);
    if (names.has(wave.name)) report('ORR2004', `Two waves are named "${wave.name}".`, 'Rename one.');
    names.add(wave.name);
    const clusters = clustersOf(platform, construct, wave, problems);
    for (const cluster of clusters) {
      const other = waveOf.get(cluster);
      if (other !== undefined) {
        const what = `Cluster "${cluster}" is in wave "${other}" and in wave "${wave.name}".`;
        report('ORR2004', what, 'A cluster is written in one wave: take it out of one of them.');
      } else waveOf.set(cluster, wave.name);
    }
    return renderWave(wave, clusters, props.maxParallelClusters, report);
  });
  const rest = platform.clusters.filter((cluster) => !waveOf.has(cluster));
  if (rest.length === 0) return waves;
  if (names.has(REST)) {
    const what = `Wave "${REST}" leaves out ${rest.map((cluster) => `"${cluster}"`).join(', ')}, which are in no wave and would be a last one of this name.`;
    report('ORR2004', what, 'Add them to a wave, or give yours another name.');
  }
  return [...waves, renderWave({ name: REST }, rest, props.maxParallelClusters, report)];
}

function clustersOf(platform: Platform, construct: Rollout, wave: WaveProps, problems: Problem[]): Cluster[] {
  const add = (code: ProblemCode, what: string, fix: string | undefined) =>
    problems.push(problemAt(construct, code, `Wave "${wave.name}": ${what}`, { fix }));
  if (wave.clusters === undefined) {
    add('ORR2006', 'it has no clusters.', 'Say which, e.g. clusters: Placement.named("…").');
    return [];
  }
  const resolve = () => wave.clusters._resolve(platform.clusters, ({ code, what, fix }) => add(code, what, fix));
  return [...(collectProblems(problems, resolve)?.weights.keys() ?? [])];
}

function renderWave(
  wave: Omit<WaveProps, 'clusters'>,
  clusters: readonly Cluster[],
  defaultParallel: number | undefined,
  report: Report,
): WaveManifest {
  checkParallel(wave.maxParallelClusters, `Wave "${wave.name}"`, report);
  const soakMs = wave.soak === undefined ? 0 : milliseconds(wave.soak);
  if (soakMs === undefined)
    report('ORR2011', `Wave "${wave.name}" has the soak time "${wave.soak}", which is no duration.`, DURATION_RULE);
  const gates = (wave.gates ?? []).flatMap((gate): GateManifest[] => {
    const manifest = gate._manifest((what, fix) => report('ORR2011', `Wave "${wave.name}": ${what}`, fix));
    return manifest === undefined ? [] : [manifest];
  });
  const twice = gates.find(({ name }, at) => gates.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined)
    report('ORR2004', `Wave "${wave.name}" has two gates named "${twice.name}".`, 'Give each a name of its own.');
  const parallel = wave.maxParallelClusters ?? defaultParallel;
  return {
    name: wave.name,
    clusters: clusters.map(({ clusterName }) => clusterName),
    ...(parallel === undefined ? {} : { maxParallelClusters: parallel }),
    ...(soakMs === undefined || soakMs === 0 ? {} : { soakMs }),
    ...(gates.length === 0 ? {} : { gates }),
  };
}

/** What waits for something of a later wave would keep its own wave from ever ending. */
function reportBackwardDependencies(
  construct: Rollout,
  waves: readonly WaveManifest[],
  all: readonly ClusterUnits[],
  dependencies: Dependencies,
  problems: Problem[],
): void {
  const waveOf = new Map(waves.flatMap(({ clusters }, at) => clusters.map((cluster) => [cluster, at] as const)));
  const nameOf = (cluster: string) => waves[waveOf.get(cluster) ?? 0]?.name ?? '';
  for (const { cluster, units } of all) {
    const own = waveOf.get(cluster.clusterName) ?? 0;
    for (const unit of units) {
      for (const { cluster: other, path } of dependencies.ofUnit.get(unit) ?? []) {
        if (other === undefined || (waveOf.get(other) ?? 0) <= own) continue;
        const here = cluster.clusterName;
        problems.push(
          problemAt(
            unit.owner,
            'ORR2012',
            `${unit.path} in cluster "${here}" (wave "${nameOf(here)}") depends on ${path} in cluster "${other}", which is in the later wave "${nameOf(other)}".`,
            {
              fix: `Move "${other}" to an earlier wave of ${construct.node.path}, "${here}" to a later one, or remove the dependency.`,
              cluster: here,
            },
          ),
        );
      }
    }
  }
}
