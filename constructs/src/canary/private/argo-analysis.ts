import type { ArgoAnalysisSpec, ArgoMetric } from '../../argo/analysis-props';
import type { HoldManifest } from '../../assembly-format';

type AnalysisManifest = Extract<HoldManifest, { readonly type: 'analysis' }>;

/**
 * An analysis as the controller of Argo Rollouts makes it: every sample of an answer is within the bounds, or one is outside. An answer without samples, or of such that are no
 * numbers, is neither, which the controller calls inconclusive and never a success (argoproj/argo-rollouts docs/features/analysis.md).
 */
export function argoAnalysis({ durationMs, intervalMs, metrics }: AnalysisManifest): ArgoAnalysisSpec {
  const count = Math.max(1, Math.floor(durationMs / intervalMs));
  return {
    metrics: metrics.map(
      ({ name, url, query, atLeast, atMost, failureLimit = 0, inconclusiveLimit = 0 }): ArgoMetric => {
        const bounds = [
          ...(atLeast === undefined ? [] : [['>=', '<', atLeast] as const]),
          ...(atMost === undefined ? [] : [['<=', '>', atMost] as const]),
        ];
        const within = bounds.map(([is, , bound]) => `# ${is} ${bound}`).join(' && ');
        const outside = bounds.map(([, not, bound]) => `# ${not} ${bound}`).join(' || ');
        return {
          name,
          count,
          interval: `${Math.max(1, Math.round(intervalMs / 1000))}s`,
          failureLimit: Math.min(failureLimit, count),
          inconclusiveLimit: Math.min(inconclusiveLimit, count),
          successCondition: `len(result) > 0 && all(result, {${within}})`,
          failureCondition: `any(result, {${outside}})`,
          provider: { prometheus: { address: url, query } },
        };
      },
    ),
  };
}
