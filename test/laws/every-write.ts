import { Agent } from 'node:https';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { configMap, namespace } from '../sample-objects.ts';
import type { End, Kill, Recovery } from './killed-apply.ts';

/** Runs at a time; each has its own platform, namespaces and lease. Most of a case is waiting for the lease of the dead. */
const PARALLEL = 8;

/** A platform with an object beside it that is nobody's. */
export interface Site {
  readonly platform: AppliedPlatform;
  readonly target: KubeTarget;
  readonly foreign: KubernetesObject;
}

/** The platforms of a test file. */
export class Sites {
  readonly #platforms: AppliedPlatform[] = [];
  /** Connections of proxies, for one case after the other. */
  readonly agent = new Agent({ keepAlive: true });

  async add(): Promise<Site> {
    const platform = new AppliedPlatform('crash');
    this.#platforms.push(platform);
    const target = await platform.open();
    const ns = platform.namespace('foreign');
    await target.client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(ns) });
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const { body } = await target.client.request({ method: 'POST', path, body: configMap(ns, 'foreign') });
    return { platform, target, foreign: body as KubernetesObject };
  }

  async cleanUp(): Promise<void> {
    this.agent.destroy();
    await Promise.all(this.#platforms.map((platform) => platform.cleanUp()));
  }
}

export interface Told extends Recovery {
  readonly end: End;
}

/**
 * Kills at the first, second, … write, before and after it was executed, until a run is done before so many were sent.
 * @param newWorker makes what deals with one case after the other
 * @returns how many writes a run has, how many were killed, in how many cases the lease of the dead was taken over, and what went wrong
 */
export async function killAtEveryWrite(
  newWorker: () => Promise<(kill: Kill) => Promise<Told>>,
  parallel = PARALLEL,
): Promise<{ writes: number; killed: number; takenOver: number; wrong: string[] }> {
  const wrong: string[] = [];
  let [given, last, killed, takenOver] = [0, Number.POSITIVE_INFINITY, 0, 0];
  const work = async (): Promise<void> => {
    let worker = await newWorker();
    for (;;) {
      const kill: Kill = { write: Math.floor(given / 2) + 1, when: given % 2 === 0 ? 'before' : 'after' };
      if (kill.write > last) return;
      given++;
      let told = await worker(kill);
      for (let again = 0; told.end === 'lost' && again < 5; again++) told = await worker(kill);
      if (told.end === 'lost') wrong.push(`could not be killed ${kill.when} write ${kill.write}`);
      if (told.end === 'done') last = Math.min(last, kill.write - 1);
      else killed++;
      if (told.tookOver) takenOver++;
      wrong.push(...told.wrong.map((text) => `killed ${kill.when} write ${kill.write}: ${text}`));
      if (told.wrong.length > 0) worker = await newWorker();
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return { writes: last, killed, takenOver, wrong };
}

/** Whether the run after the kill wants the same again, or what was there before: then what the killed run created must go. */
export function isForward({ write, when }: Kill): boolean {
  return (write % 2 === 0) === (when === 'after');
}
