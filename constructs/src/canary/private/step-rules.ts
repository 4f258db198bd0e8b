import type { CanaryAnalysis } from '../canary-analysis';
import type { CanaryFault } from '../canary-step';
import type { MatchRules } from './match-rules';

/** A step as the program wrote it. */
export type StepRules =
  | { readonly type: 'weight'; readonly percent: number }
  | { readonly type: 'mirror'; readonly percent: number }
  | { readonly type: 'scale'; readonly percent: number }
  | { readonly type: 'pause'; readonly duration?: string }
  | { readonly type: 'approve'; readonly message?: string }
  | { readonly type: 'analyse'; readonly analysis: CanaryAnalysis }
  | { readonly type: 'headerRoute'; readonly matches: readonly MatchRules[] }
  | { readonly type: 'fault'; readonly fault: CanaryFault };
