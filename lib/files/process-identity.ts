import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process that cannot be mistaken for a later one with the same number: the kernel gives process ids out again, but
 * not together with the same start time.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; only compared. Linux: boot id and start time in clock ticks since boot. Elsewhere: the start date that `ps` shows. */
  readonly startedAt: string;
}

/** Identity of the process that has this id now; undefined when none has, or when it has ended and only awaits collection. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while this very process runs; false when it has ended, even when its id is in use again. */
export function isSameProcessRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** Fields of /proc/<pid>/stat after the command name, which is in parentheses and may itself hold spaces and parentheses (proc(5)). */
const STATE = 0;
const START_TIME = 19;

function linuxStartTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if ((fields[STATE] === 'Z' || fields[STATE] === 'X') && !hasOtherThreads(pid)) return undefined;
  return `${bootId()}/${fields[START_TIME]}`;
}

/** The first thread of a killed process may be gone while others still hold its sockets and files. */
function hasOtherThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state, ...started] = output.split(/\s+/);
    return state === undefined || state === '' || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
