import type { CanaryFault } from '../canary-step';
import type { MatchRules } from './match-rules';
import { CANARY_ONLY, type DyeRules, type Split, STABLE_ONLY, type StickyVersion } from './split';
import type { StepRules } from './step-rules';

/** What there is of a release at a moment, the same for every back-end. */
export interface Shape {
  /** Whether the stable version is the released one already. */
  readonly released: boolean;
  /** The canary's pods, in percent of the service's; undefined where there is none. */
  readonly scale: number | undefined;
  /** Who gets which requests; undefined where nothing of the release says anything about them. */
  readonly split: Split | undefined;
}

/** What a stage waits for. */
export type StageHold = Extract<StepRules, { readonly type: 'pause' | 'approve' | 'analyse' }>;

/** A stage before any back-end made objects of it. */
export interface PlannedStage {
  readonly name: string;
  /** The step that it comes from, from 1 on; undefined for those that every release has. */
  readonly step?: number;
  readonly shape: Shape;
  /** Share of the requests, where the stage sets it. */
  readonly weight?: number;
  readonly hold?: StageHold;
}

/** What a release goes through. */
export interface PlannedRelease {
  readonly before: Shape;
  readonly stages: readonly PlannedStage[];
  /** Routes go back to the stable version, which is the one before; then nothing is left of the release. Deletes come after all writes of a state. */
  readonly abort: readonly Shape[];
}

/** What holds from the first requests to the last. */
export interface Always {
  readonly sticky?: StickyVersion;
  readonly dye?: DyeRules;
}

/**
 * The stages of a release, each complete in itself. Make before break: pods are there before requests, in a stage of their own; the stable version changes while the canary
 * has all requests; and the canary goes when no route leads to it, neither in its stage nor in the one before.
 */
export function plannedRelease(steps: readonly StepRules[], always: Always = {}): PlannedRelease {
  const before: Shape = { released: false, scale: undefined, split: undefined };
  const planner = new Planner(always);
  planner.begin(steps);
  planner.dye();
  for (const [at, step] of steps.entries()) planner.add(step, at + 1);
  planner.finish();
  return { before, stages: planner.stages, abort: [{ ...before, split: STABLE_ONLY }, before] };
}

class Planner {
  public readonly stages: PlannedStage[] = [];
  private readonly names = new Set<string>();
  private scale = 0;
  private weight = 0;
  private mirror: number | undefined;
  private matches: readonly MatchRules[] = [];
  private fault: CanaryFault | undefined;

  public constructor(private readonly always: Always) {}

  public begin(steps: readonly StepRules[]): void {
    const first = steps.find(({ type }) => type === 'weight' || type === 'scale');
    this.scale = first === undefined || !('percent' in first) ? 0 : first.percent;
    this.push('begin', undefined, {});
  }

  /** Dyed requests go to the canary as soon as it is there. */
  public dye(): void {
    if (this.always.dye !== undefined) this.push('dye', undefined, {});
  }

  public add(step: StepRules, at: number): void {
    if (step.type === 'pause' || step.type === 'approve' || step.type === 'analyse') {
      this.push(`${step.type}-${at}`, at, { hold: step });
      return;
    }
    this.fault = undefined;
    switch (step.type) {
      case 'scale':
        this.scaleTo(step.percent, at);
        break;
      case 'weight':
        this.scaleTo(step.percent, at);
        this.weight = step.percent;
        this.mirror = undefined;
        this.push(`weight-${step.percent}`, at, { weight: step.percent });
        break;
      case 'mirror':
        this.mirror = step.percent === 0 ? undefined : step.percent;
        this.push(`mirror-${step.percent}`, at, {});
        break;
      case 'headerRoute':
        this.matches = step.matches;
        this.push(`route-${at}`, at, {});
        break;
      default:
        this.fault = step.fault;
        this.push(`fault-${at}`, at, {});
    }
  }

  public finish(): void {
    this.fault = undefined;
    this.mirror = undefined;
    if (this.weight < 100) {
      this.scaleTo(100, undefined);
      this.weight = 100;
      this.push('weight-100', undefined, { weight: 100 });
    } else this.scaleTo(100, undefined);
    const add = (name: string, shape: Shape, more: Pick<PlannedStage, 'weight'> = {}) =>
      this.stages.push({ name: this.unique(name), shape, ...more });
    add('promote', { released: true, scale: 100, split: CANARY_ONLY });
    add('return', { released: true, scale: 100, split: STABLE_ONLY }, { weight: 0 });
    add('end', { released: true, scale: undefined, split: undefined });
  }

  /** Pods are only ever added: fewer for a smaller share would be fewer than the share before needs until the routes are everywhere. */
  private scaleTo(percent: number, at: number | undefined): void {
    if (percent <= this.scale) return;
    this.scale = percent;
    this.push(`scale-${percent}`, at, {});
  }

  private push(name: string, step: number | undefined, more: Pick<PlannedStage, 'weight' | 'hold'>): void {
    const { scale, weight, matches, mirror, fault, always } = this;
    const split: Split = {
      weight,
      matches: weight === 100 ? [] : matches,
      ...(mirror === undefined ? {} : { mirror }),
      ...(fault === undefined ? {} : { fault }),
      ...always,
    };
    // Until the canary is there nothing leads to it.
    const shape: Shape = { released: false, scale, split: name === 'begin' ? undefined : split };
    this.stages.push({ name: this.unique(name), ...(step === undefined ? {} : { step }), shape, ...more });
  }

  private unique(name: string): string {
    let found = name;
    for (let count = 2; this.names.has(found); count++) found = `${name}-again-${count}`;
    this.names.add(found);
    return found;
  }
}
