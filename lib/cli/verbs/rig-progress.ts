import { oneLine } from '../../report/sanitize.ts';
import { duration } from '../../report/wording.ts';
import type { RigEvent } from '../../sandbox/rig/build-tool.ts';
import type { Screen } from '../surroundings.ts';

/** Tells what the rig builds, one line when a tool's phase changes and one every half minute: a build takes minutes. */
export function rigProgress(screen: Screen): (event: RigEvent) => void {
  const told = new Map<string, { readonly phase: string; readonly seconds: number }>();
  return (event) => {
    if (event.phase === 'found') return;
    const last = told.get(event.tool);
    if (last?.phase === event.phase && event.seconds - last.seconds < 30) return;
    told.set(event.tool, event);
    const time = event.seconds > 0 ? ` ${duration(event.seconds * 1000)}` : '';
    const detail =
      event.phase === 'downloading' && event.detail !== undefined
        ? ` ${oneLine(event.detail)}`
        : event.phase === 'waiting'
          ? ` for process ${oneLine(event.detail ?? '')}`
          : '';
    screen.err(`${event.tool}  ${event.phase}${detail}${screen.talk.dim(time)}\n`);
  };
}
