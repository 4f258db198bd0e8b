import { setTimeout as sleep } from 'node:timers/promises';
import type { GateManifest } from '@orrery/constructs/assembly-format';
import { runCommandGate } from './command-gate.ts';
import type { GateAnswer, GateSurroundings } from './gate.ts';
import { askHttpGate } from './http-gate.ts';
import { askPrometheusGate } from './prometheus-gate.ts';

const LONGEST_PAUSE_MS = 10_000;

/**
 * Asks a gate until it passes or its time for trying again is over. A gate that cannot be asked (a program that is missing, a server that does not answer) did
 * not pass.
 * @throws the signal's reason when it aborts
 */
export async function askGate(gate: GateManifest, around: GateSurroundings): Promise<GateAnswer> {
  const { signal } = around;
  const began = performance.now();
  const retryMs = gate.retryMs ?? 0;
  const pause = Math.min(LONGEST_PAUSE_MS, retryMs / 10);
  for (;;) {
    signal?.throwIfAborted();
    const answer = await once(gate, around);
    signal?.throwIfAborted();
    if (answer.passed || performance.now() - began + pause >= retryMs) return answer;
    await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => signal?.throwIfAborted());
  }
}

function once(gate: GateManifest, around: GateSurroundings): Promise<GateAnswer> {
  switch (gate.type) {
    case 'command':
      return runCommandGate(gate, around);
    case 'http':
      return askHttpGate(gate, around.signal);
    case 'prometheus':
      return askPrometheusGate(gate, around.signal);
  }
}
