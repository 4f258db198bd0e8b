import type { ClusterProps } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { Placement } from './placement';
import type { Platform } from './platform';
import { type Assembly, assemblyOf, problemsOfProgram } from './synthesis.test-support';
import { Workspace } from './workspace';
import type { WorkspaceProps } from './workspace-props';

interface Setting {
  /** @default one, `prod`, without facts */
  readonly clusters?: Record<string, ClusterProps>;
  readonly use?: (workspace: Workspace, platform: Platform) => void;
}

const build =
  (props: Partial<WorkspaceProps>, { clusters = { prod: {} }, use }: Setting) =>
  (platform: Platform): void => {
    const set = new ClusterSet(platform, 'clusters');
    for (const [name, facts] of Object.entries(clusters)) set.add(name, facts);
    const workspace = new Workspace(platform, 'retail', { placement: Placement.everywhere(), ...props });
    use?.(workspace, platform);
  };

/** The assembly of a platform `test` with a workspace `retail`. */
export function withWorkspace(props: Partial<WorkspaceProps>, setting: Setting = {}): Assembly {
  return assemblyOf(build(props, setting));
}

/** What such a workspace is refused for: code and text. */
export function workspaceRefusals(props: Partial<WorkspaceProps>, setting: Setting = {}): string[] {
  return problemsOfProgram(build(props, setting)).map((problem) => `${problem.code} ${problem.what}`);
}
