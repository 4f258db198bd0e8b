import type { FlaggerAnalysis, FlaggerAnalysisMatch } from '../../flagger/analysis-props';
import { milliseconds } from '../../private/gate-settings';
import type { CanaryAnalysis } from '../canary-analysis';
import { headersOf, type MatchRules } from './match-rules';
import type { StickyVersion } from './split';
import type { StepRules } from './step-rules';

/** The steps of a release as Flagger goes through them: one way or the other, one time between all checks, one look. */
export interface FlaggerPlan {
  /** Time between two checks, in milliseconds. */
  readonly intervalMs: number;
  readonly shape: Pick<FlaggerAnalysis, 'stepWeights' | 'iterations' | 'match' | 'mirror' | 'mirrorWeight'>;
  /** What each check looks at. */
  readonly analysis: CanaryAnalysis | undefined;
}

/** Why Flagger cannot go through steps so. */
export class Unplannable {
  /** @param what one sentence, with the step */
  public constructor(
    public readonly what: string,
    public readonly fix: string,
  ) {}
}

/** Shorter ones are made that long (pkg/apis/flagger/v1beta1/canary.go: GetAnalysisInterval). */
const LEAST_INTERVAL = 10_000;

const OTHERS = 'Say it otherwise, or use another back-end: plain Istio, Argo Rollouts.';

/**
 * Flagger (fluxcd/flagger pkg/controller/scheduler.go, 1.44) has one time between all of its checks, and looks at the same measures at each. It moves by shares, or it sends chosen requests to the canary for a number
 * of checks (A/B), or all of them at once after some (blue-green). Copies of requests it makes once, before the first share.
 */
export function flaggerPlan(steps: readonly StepRules[]): FlaggerPlan | Unplannable {
  const waits = waitsOf(steps);
  if (waits instanceof Unplannable) return waits;
  const { intervalMs, analysis, count } = waits;
  const weights = steps.flatMap((step) => (step.type === 'weight' ? [step.percent] : []));
  const routes = steps.flatMap((step) => (step.type === 'headerRoute' ? [step.matches] : []));
  const mirror = steps.findIndex(({ type }) => type === 'mirror');
  const [first] = steps;
  if (first?.type === 'scale' || routes.length > 0) {
    const chosen = routes[0] ?? [];
    const what = first?.type === 'scale' ? 'pods without requests (blue-green)' : 'chosen requests';
    if (routes.length > 1 || steps.filter(({ type }) => type === 'scale').length > 1 || mirror >= 0) {
      return new Unplannable(`Flagger tries ${what} once, and the release does so several times.`, OTHERS);
    }
    if (weights.some((weight) => weight < 100)) {
      return new Unplannable(`The release has shares beside ${what}, and Flagger does one or the other.`, OTHERS);
    }
    const match = chosen.length === 0 ? {} : { match: chosen.map(flaggerMatch) };
    return { intervalMs, analysis, shape: { iterations: Math.max(1, count), ...match } };
  }
  if (weights.length === 0) {
    return new Unplannable('The release has no share of requests, which Flagger goes by.', 'Add CanaryStep.weight(5).');
  }
  const falling = weights.findIndex((weight, at) => weight <= (weights[at - 1] ?? 0));
  if (falling >= 0) {
    const what = `The share ${weights[falling]} comes after ${weights[falling - 1] ?? 0}, and those of Flagger grow.`;
    return new Unplannable(what, OTHERS);
  }
  if (mirror > 0) {
    return new Unplannable(
      `Step ${mirror + 1} mirrors, which Flagger does before the first share.`,
      'Make it the first.',
    );
  }
  const copies = first?.type === 'mirror' ? { mirror: true, mirrorWeight: first.percent } : {};
  return { intervalMs, analysis, shape: { stepWeights: weights, ...copies } };
}

/** The time that all waits have in common, and what they look at. */
function waitsOf(
  steps: readonly StepRules[],
): { intervalMs: number; analysis: CanaryAnalysis | undefined; count: number } | Unplannable {
  let intervalMs: number | undefined;
  let analysis: CanaryAnalysis | undefined;
  let count = 0;
  for (const [at, step] of steps.entries()) {
    if (step.type !== 'pause' && step.type !== 'analyse') continue;
    count++;
    const duration = step.type === 'pause' ? step.duration : step.analysis.during;
    if (duration === undefined) {
      const what = `Step ${at + 1} waits for a person, whom Flagger can only ask by a webhook server.`;
      return new Unplannable(what, OTHERS);
    }
    const ms = milliseconds(duration) ?? 0;
    if (intervalMs !== undefined && ms !== intervalMs) {
      const what = `Step ${at + 1} takes ${duration}, and Flagger has one time between all checks.`;
      return new Unplannable(what, 'Let all pauses and analyses take the same time.');
    }
    if (ms < LEAST_INTERVAL) {
      return new Unplannable(
        `Step ${at + 1} takes ${duration}, and Flagger checks at most every 10 s.`,
        'Use "10s" or more.',
      );
    }
    intervalMs = ms;
    if (step.type === 'pause') continue;
    if (analysis !== undefined && measures(analysis) !== measures(step.analysis)) {
      const what = `Step ${at + 1} looks at something else than the analysis before it, and Flagger looks at the same every time.`;
      return new Unplannable(what, 'Let all analyses look at the same.');
    }
    analysis = step.analysis;
  }
  return { intervalMs: intervalMs ?? 60_000, analysis, count };
}

function measures({ during: _during, metrics = [], ...analysis }: CanaryAnalysis): string {
  return JSON.stringify([analysis, metrics.map(({ _rules }) => _rules)]);
}

function flaggerMatch(rules: MatchRules): FlaggerAnalysisMatch {
  const { queries = {}, clients = {} } = rules;
  const headers = headersOf(rules);
  return {
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(queries).length === 0 ? {} : { queryParams: queries }),
    ...(Object.keys(clients).length === 0 ? {} : { sourceLabels: clients }),
  };
}

/** A cookie by which clients stay with the version that they got. */
export function flaggerStickiness(sticky: StickyVersion | undefined): Pick<FlaggerAnalysis, 'sessionAffinity'> {
  if (sticky === undefined) return {};
  return { sessionAffinity: { cookieName: sticky.cookie, maxAge: sticky.maxAgeSeconds } };
}
