import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Go reads in one text: JSON of its first document, or the error. */
export interface OracleAnswer {
  readonly json: string;
  readonly error?: string;
  /** Something stands behind the first document. Go never looks at it; we refuse what cannot be read. */
  readonly more: boolean;
}

const FOLDER = path.dirname(fileURLToPath(import.meta.url));

/** Whether Go is there to build the oracle. In CI it must be. */
export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0;
}

/** Builds the oracle into a folder: sigs.k8s.io/yaml over the go-yaml that kubectl and helm are built with. */
export function buildOracle(into: string): (texts: readonly string[]) => OracleAnswer[] {
  const binary = path.join(into, 'yaml-oracle');
  execFileSync('go', ['build', '-trimpath', '-o', binary, '.'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return (texts) =>
    JSON.parse(
      execFileSync(binary, { input: JSON.stringify(texts), maxBuffer: 1024 ** 3 }).toString('utf8'),
    ) as OracleAnswer[];
}
