import path from 'node:path';
import type { Assembly } from '../assembly/assembly.ts';
import type { ProjectConfig } from '../config/project-config.ts';
import { DEFAULT_OUTPUT, DEFAULT_PLAN_EXPIRES_IN_MS } from '../config/project-config.ts';
import { readConfig } from '../config/read-config.ts';
import { OrreryError } from '../errors.ts';
import type { GlobalOptions, SourceOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** A project as the command finds it. */
export interface Project {
  readonly config: ProjectConfig;
  /** `.orrery` beside cdk8s.yaml: what belongs to this working copy and to no repository. */
  readonly stateFolder: string;
  /** `orrery.lock` beside cdk8s.yaml: who each target is, and the digests of charts; belongs into the repository. */
  readonly lockFile: string;
}

/** Reads cdk8s.yaml; without one, whatever is not said on the command line is missing. */
export function loadProject(surroundings: Surroundings, options: GlobalOptions): Project {
  const { cwd, home } = surroundings;
  const config = readConfig({ cwd, home, file: options.config }) ?? {
    folder: cwd,
    output: path.resolve(cwd, DEFAULT_OUTPUT),
    targets: new Map(),
    credentialPlugins: [],
    planExpiresInMs: DEFAULT_PLAN_EXPIRES_IN_MS,
    privateHosts: [],
    limits: {},
    waivers: [],
    waivedFindings: [],
    definitions: [],
    ownChecks: [],
  };
  return {
    config,
    stateFolder: path.join(config.folder, '.orrery'),
    lockFile: path.join(config.folder, 'orrery.lock'),
  };
}

/**
 * The assembly: the given one, or what the program writes now. What reads it is loaded while the program runs.
 * @throws OrreryError ORR1002 when nothing says how the program is run; ProgramFailure (ORR1003); what `readAssembly` throws
 */
export async function projectAssembly(
  project: Project,
  surroundings: Surroundings,
  options: SourceOptions,
): Promise<Assembly> {
  const load = () => import('../assembly/read-assembly.ts');
  const { assembly: given } = options;
  if (given !== undefined) return (await load()).readAssembly(path.resolve(surroundings.cwd, given));
  await runProgram(project, surroundings, options, load);
  return (await load()).readAssembly(project.config.output);
}

async function runProgram(
  { config }: Project,
  { cwd, env }: Surroundings,
  options: SourceOptions,
  whileItRuns: () => Promise<unknown>,
): Promise<void> {
  const command = options.app ?? config.app;
  if (command === undefined) {
    throw new OrreryError(
      'ORR1002',
      config.file === undefined
        ? `there is no cdk8s.yaml in ${cwd}`
        : '"app" is missing: nothing says how the program is run',
      {
        source: config.file === undefined ? undefined : path.basename(config.file),
        fix: 'Write `app: node main.ts` into cdk8s.yaml, give --app or --assembly, or make a new project with `orrery init`.',
      },
    );
  }
  const { runApp } = await import('./run-app.ts');
  await runApp({ command, folder: config.folder, output: config.output, env, whileItRuns });
}

/** Everything of the sandbox of this project. */
export function sandboxFolder(project: Project): string {
  return path.join(project.stateFolder, 'sandbox');
}
