import { BASELINE, type Rule } from './baseline.ts';
import type { DeclaredPod, Violation } from './pod.ts';
import { RESTRICTED } from './restricted.ts';

/** A level of the Pod Security Standards. */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

export interface LevelViolation extends Violation {
  /** Name of the control that is violated. */
  readonly control: string;
}

const RULES: Readonly<Record<PodSecurityLevel, Readonly<Record<string, Rule>>>> = {
  privileged: {},
  baseline: BASELINE,
  restricted: RESTRICTED,
};

/** What a level says against a pod. @param minor of the Kubernetes version whose rules count: 36 for 1.36 */
export function violationsOf(pod: DeclaredPod, level: PodSecurityLevel, minor: number): LevelViolation[] {
  return Object.entries(RULES[level]).flatMap(([control, rule]) =>
    rule(pod, minor).map((violation) => ({ control, ...violation })),
  );
}

export function isLevel(text: unknown): text is PodSecurityLevel {
  return typeof text === 'string' && Object.hasOwn(RULES, text);
}
