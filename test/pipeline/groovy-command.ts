import { execFileSync, spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Debian's groovy looks for Java in JAVA_HOME, by default in a folder that not every Java makes. */
function javaHome(): string | undefined {
  if (process.env.JAVA_HOME !== undefined) return process.env.JAVA_HOME;
  const found = spawnSync('sh', ['-c', 'command -v java'], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? undefined : path.dirname(path.dirname(realpathSync(found)));
}

const env = { ...process.env, JAVA_HOME: javaHome() };

/** Whether Groovy runs here (apt package groovy). */
export const hasGroovy = spawnSync('groovy', ['--version'], { env }).status === 0;

/** Runs a script and gives what it prints. */
export function groovy(script: string, args: readonly string[]): string {
  return execFileSync('groovy', [script, ...args], { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
