import { hostname, userInfo } from 'node:os';
import { oneLine } from '../report/sanitize.ts';
import type { Environment } from './surroundings.ts';

/** For the lease, so that others know whom to ask. */
export function whoApplies(env: Environment): string {
  let user = 'somebody';
  try {
    user = userInfo().username;
  } catch {
    // A user id without an entry in the password file, as in many containers.
  }
  const job = env.GITHUB_RUN_ID ?? env.CI_PIPELINE_ID ?? env.BUILD_TAG;
  return oneLine(`${user}@${hostname()}${job === undefined ? '' : ` (${job})`}`);
}
