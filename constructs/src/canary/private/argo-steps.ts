import type { ArgoCanaryStep, ArgoHeaderMatch } from '../../argo/canary-step-props';
import { headersOf, type MatchRules, type TextMatch } from './match-rules';
import type { StepRules } from './step-rules';

/** Routes that the controller puts before the others; a name is there where a step says it. */
const HEADER_ROUTE = 'header';
const MIRROR_ROUTE = 'mirror';

/** Steps as Argo Rollouts takes them, and the routes that it adds for them. */
export interface ArgoSteps {
  readonly steps: ArgoCanaryStep[];
  readonly managedRoutes: string[];
}

/**
 * The steps of a release in the words of Argo Rollouts. What a step of ours ends without saying so is a step of its own there: a mirror, the header route of what gets everything,
 * a number of pods beyond the share.
 *
 * @param templateOf name of the AnalysisTemplate of a step
 */
export function argoSteps(rules: readonly StepRules[], templateOf: (step: number) => string): ArgoSteps {
  const steps: ArgoCanaryStep[] = [];
  const managedRoutes = new Set<string>();
  let scale = 0;
  for (const [at, step] of rules.entries()) {
    switch (step.type) {
      case 'weight':
        if (managedRoutes.delete(MIRROR_ROUTE)) steps.push({ setMirrorRoute: { name: MIRROR_ROUTE } });
        if (scale > 0 && step.percent > scale) {
          steps.push({ setCanaryScale: { matchTrafficWeight: true } });
          scale = 0;
        }
        steps.push({ setWeight: step.percent });
        break;
      case 'scale':
        scale = step.percent;
        steps.push({ setCanaryScale: { weight: step.percent } });
        break;
      case 'pause':
        steps.push({ pause: step.duration === undefined ? {} : { duration: argoDuration(step.duration) } });
        break;
      case 'approve':
        steps.push({ pause: {} });
        break;
      case 'analyse':
        steps.push({ analysis: { templates: [{ templateName: templateOf(at + 1) }] } });
        break;
      case 'mirror':
        if (step.percent === 0) {
          managedRoutes.delete(MIRROR_ROUTE);
          steps.push({ setMirrorRoute: { name: MIRROR_ROUTE } });
        } else {
          managedRoutes.add(MIRROR_ROUTE);
          const match = [{ path: { prefix: '/' } }];
          steps.push({ setMirrorRoute: { name: MIRROR_ROUTE, percentage: step.percent, match } });
        }
        break;
      case 'headerRoute':
        steps.push({ setHeaderRoute: headerRoute(step.matches) });
        break;
      default:
      // Failures on purpose: the construct has refused them.
    }
  }
  return { steps, managedRoutes: routesIn(rules) };
}

/** In the order in which they stand before the others: who is sent to the canary is not copied to it as well. */
function routesIn(rules: readonly StepRules[]): string[] {
  return [
    ...(rules.some(({ type }) => type === 'headerRoute') ? [HEADER_ROUTE] : []),
    ...(rules.some(({ type }) => type === 'mirror') ? [MIRROR_ROUTE] : []),
  ];
}

function headerRoute(matches: readonly MatchRules[]) {
  const match = matches.flatMap((rules): ArgoHeaderMatch[] =>
    Object.entries(headersOf(rules)).map(([headerName, headerValue]) => ({
      headerName,
      headerValue: text(headerValue),
    })),
  );
  return { name: HEADER_ROUTE, ...(match.length === 0 ? {} : { match }) };
}

/** That a header is there is any value of it: the controller wants one of the three. */
function text({ exact, prefix, regex }: TextMatch) {
  if (exact !== undefined) return { exact };
  return prefix === undefined ? { regex: regex ?? '.*' } : { prefix };
}

/** Go knows no days. */
function argoDuration(duration: string): string {
  return duration.replace(/(\d+)d/g, (_, days: string) => `${Number(days) * 24}h`);
}

/** Why a step cannot be said in the words of Argo Rollouts; undefined where it can. */
export function unsayableStep(step: StepRules): string | undefined {
  if (step.type === 'mirror' && !Number.isInteger(step.percent)) {
    return `mirrors ${step.percent} percent, and Argo Rollouts mirrors whole ones`;
  }
  if (step.type !== 'headerRoute') return undefined;
  const several = step.matches.find((match) => Object.keys(headersOf(match)).length > 1);
  return several === undefined
    ? undefined
    : 'compares several headers of a request at once, and Argo Rollouts compares one';
}
