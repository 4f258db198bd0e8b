import type { HoldManifest } from '@orrery/constructs/assembly-format';
import { judgeAnalysis } from './analysis.ts';
import { holdWords } from './describe.ts';
import { measure } from './measure.ts';

/**
 * passed: on to the next stage. until: nothing more can be said before that moment (milliseconds since 1970). somebody: only people can say go on. failed: the release goes back, or asks, as the
 * program says. inconclusive: it pauses and asks.
 */
export type HoldVerdict =
  | { readonly status: 'passed'; readonly detail?: string | undefined }
  | { readonly status: 'until'; readonly time: number; readonly end: number; readonly detail: string }
  | { readonly status: 'somebody'; readonly detail: string }
  | { readonly status: 'failed' | 'inconclusive'; readonly detail: string };

/** How long after an unanswered question Prometheus is asked again. */
const ASK_AGAIN_MS = 5000;

/**
 * What a hold says now.
 * @param since when it began, in milliseconds since 1970
 */
export async function judgeHold(
  hold: Exclude<HoldManifest, { type: 'controller' }> | undefined,
  since: number,
  now: number,
  signal: AbortSignal | undefined,
): Promise<HoldVerdict> {
  switch (hold?.type) {
    case undefined:
      return { status: 'passed' };
    case 'pause': {
      const end = since + hold.ms;
      return now >= end ? { status: 'passed' } : { status: 'until', time: end, end, detail: holdWords(hold) ?? '' };
    }
    case 'approve':
      return { status: 'somebody', detail: holdWords(hold) ?? '' };
    case 'analysis': {
      const { status, detail } = judgeAnalysis(hold, since, now, await measure(hold, since, now, signal));
      const last = since + Math.floor(hold.durationMs / hold.intervalMs) * hold.intervalMs;
      if (status === 'running') {
        const next = since + (Math.floor((now - since) / hold.intervalMs) + 1) * hold.intervalMs;
        return { status: 'until', time: Math.min(next, last), end: last, detail };
      }
      // Its data may still come: the question is the same later, whoever asks it.
      if (status === 'unknown')
        return {
          status: 'until',
          time: now + Math.min(ASK_AGAIN_MS, hold.intervalMs),
          end: Math.max(last, now + ASK_AGAIN_MS),
          detail,
        };
      return { status, detail };
    }
  }
}
