import type { ScalingRules } from '../../scaling-props';

/** Requests that wait, for each replica, above which there are more. */
export const WAITING_PER_REPLICA = 5;

/** A new pod takes minutes to start: it is not given up for a short rest. */
export const SHRINKING: ScalingRules = { stabilization: '10m', policies: [{ pods: 1, period: '5m' }] };
