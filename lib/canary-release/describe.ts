import type { HoldManifest, ReleaseStageManifest, ReleaseStateManifest } from '@orrery/constructs/assembly-format';
import { describeId } from '../kubernetes/object.ts';
import type { PlannedCanary } from '../plan/plan.ts';
import type { DesiredCanary, DesiredCluster } from '../render/desired-state.ts';
import { placeStages, touchedPaths } from './place-stage.ts';
import type { ReleaseRecord } from './release-record.ts';
import type { Standing } from './standing.ts';

/**
 * Where a release stands, for plans and people.
 * @param after clusters that have to be through before it begins here
 */
export function describeStanding(
  cluster: DesiredCluster,
  canary: DesiredCanary,
  standing: Standing,
  record: ReleaseRecord | undefined,
  after: readonly string[],
): PlannedCanary {
  const { name, states } = canary;
  const head = { release: name, phase: standing.phase };
  switch (standing.phase) {
    case 'not-begun': {
      const first = states.stages[0] as ReleaseStageManifest;
      const begins = after.length > 0 ? [] : changesBetween(cluster, canary, states.before, first);
      return { ...head, ...(after.length === 0 ? {} : { after }), ...(begins.length === 0 ? {} : { begins }) };
    }
    case 'aborting':
    case 'aborted':
      return { ...head, ...reasonOf(record?.reason) };
    default: {
      const { stage } = standing;
      const at = states.stages.indexOf(stage);
      const place = `${at + 1}/${states.stages.length}`;
      const waits = standing.phase === 'progressing' && record?.approved !== true ? holdWords(stage.hold) : undefined;
      return {
        ...head,
        stage: stage.name,
        place,
        ...(stage.weight === undefined ? {} : { weight: stage.weight }),
        ...reasonOf(record?.reason ?? waits),
      };
    }
  }
}

function reasonOf(reason: string | undefined): Pick<PlannedCanary, 'reason'> {
  return reason === undefined ? {} : { reason };
}

/** "analysis of 2 metrics over 5 min". */
export function holdWords(hold: HoldManifest | undefined): string | undefined {
  switch (hold?.type) {
    case undefined:
      return undefined;
    case 'pause':
      return `pause of ${timeWords(hold.ms)}`;
    case 'approve':
      return hold.message === undefined ? 'approval' : `approval: ${hold.message}`;
    case 'analysis':
      return `analysis of ${hold.metrics.map(({ name }) => name).join(', ')} over ${timeWords(hold.durationMs)}`;
    case 'controller':
      return 'its controller';
  }
}

/** "90 s", "5 min", "2 h". */
function timeWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 100) / 10;
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 6) / 10;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}

/** "create Deployment/shop/cart-canary", one for each object of a release that differs between two states. */
function changesBetween(
  cluster: DesiredCluster,
  { states }: DesiredCanary,
  from: ReleaseStateManifest,
  to: ReleaseStateManifest,
): readonly string[] {
  const touched = touchedPaths(states);
  const placed = [from, to].map(
    (state) =>
      new Map(placeStages(cluster, [state]).objects.flatMap((one) => (touched.has(one.path) ? [[one.path, one]] : []))),
  );
  const [before, after] = placed as [
    Map<string, (typeof cluster.objects)[number]>,
    Map<string, (typeof cluster.objects)[number]>,
  ];
  return [...touched].flatMap((path) => {
    const [old, next] = [before.get(path), after.get(path)];
    if (old === undefined) return next === undefined ? [] : [`create ${describeId(next.id)}`];
    if (next === undefined) return [`delete ${describeId(old.id)}`];
    return old.sha256 === next.sha256 ? [] : [`change ${describeId(next.id)}`];
  });
}
