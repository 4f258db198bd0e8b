import type { HttpGateManifest } from '@orrery/constructs/assembly-format';
import type { GateAnswer } from './gate.ts';
import { getText, isUnanswered } from './http-get.ts';

/** A GET; redirects are answers, they are not followed. */
export async function askHttpGate(gate: HttpGateManifest, signal: AbortSignal | undefined): Promise<GateAnswer> {
  const answer = await getText(gate.url, gate.timeoutMs, signal);
  if (isUnanswered(answer)) return { passed: false, detail: answer.reason };
  const { status, text } = answer;
  const wanted = gate.status === undefined ? status >= 200 && status <= 299 : status === gate.status;
  if (!wanted) return { passed: false, detail: `it answered ${status}, not ${gate.status ?? '200 to 299'}` };
  if (gate.contains !== undefined && !text.includes(gate.contains))
    return { passed: false, detail: `it answered ${status}, without the text ${JSON.stringify(gate.contains)}` };
  return { passed: true, detail: `it answered ${status}` };
}
