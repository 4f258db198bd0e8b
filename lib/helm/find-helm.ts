import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { OrreryError } from '../errors.ts';
import { findExecutable, isExecutable, isPath } from '../files/find-executable.ts';

/** Older releases lack flags that we use, and fixes that we need (CVE-2024-25620, CVE-2024-26147). */
const OLDEST_HELM = [3, 14] as const;

const GET_HELM =
  'Install helm 3.14 or newer (https://helm.sh/docs/intro/install), or set helm.binary in cdk8s.yaml to where it is.';

export interface HelmBinary {
  /** Absolute path. */
  readonly file: string;
  /** "v4.3.1". */
  readonly version: Promise<string>;
  /** Whether the version was known without asking. */
  readonly isKnown: boolean;
}

/**
 * The helm to use.
 * @throws OrreryError ORR2301 when there is none
 */
export async function locateHelm(binary: string | undefined, searchPath: string | undefined): Promise<string> {
  if (binary !== undefined && isPath(binary)) {
    const file = path.resolve(binary);
    if (await isExecutable(file)) return realpath(file);
    throw new OrreryError('ORR2301', `${binary} is no executable helm`, { fix: GET_HELM });
  }
  const name = binary ?? 'helm';
  const found = await findExecutable(searchPath ?? '', name);
  if (found === undefined)
    throw new OrreryError('ORR2301', `${name} is not on the PATH, and the platform has Helm releases`, {
      fix: GET_HELM,
    });
  return realpath(found);
}

/**
 * Checks what `helm version --template {{.Version}}` said.
 * @throws OrreryError ORR2301 when helm is too old or is no helm
 */
export function checkHelmVersion(file: string, output: string): string {
  // A helm built by "go install" says "v4.3".
  const match = /^v(\d+)\.(\d+)(\.\d+\S*)?$/.exec(output.trim());
  if (match === null)
    throw new OrreryError('ORR2301', `${file} does not say its version as helm does`, { fix: GET_HELM });
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < OLDEST_HELM[0] || (major === OLDEST_HELM[0] && minor < OLDEST_HELM[1])) {
    throw new OrreryError('ORR2301', `${file} is helm ${output.trim()}, which is too old`, { fix: GET_HELM });
  }
  return output.trim();
}
