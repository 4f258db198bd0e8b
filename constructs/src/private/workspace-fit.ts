import type { IConstruct } from 'constructs';
import type { Workspace } from '../workspace';
import type { Placed } from './placement-rules';
import { type Problem, problemAt } from './problem';

/** Reports what of an app's namespace does not fit into its workspace. */
export function reportNamespaceOutside(
  app: IConstruct,
  workspace: Workspace,
  namespaceName: string,
  createNamespace: boolean | undefined,
  problems: Problem[],
): void {
  const { namespaces } = workspace;
  if (!namespaces.includes(namespaceName)) {
    const what = `Namespace "${namespaceName}" is none of workspace "${workspace.node.path}".`;
    problems.push(problemAt(app, 'ORR2012', what, { fix: `Its namespaces are: ${namespaces.join(', ')}.` }));
  } else if (createNamespace === true) {
    const what = `createNamespace is set, and workspace "${workspace.node.path}" makes namespace "${namespaceName}".`;
    problems.push(problemAt(app, 'ORR2012', what, { fix: 'Leave createNamespace out.' }));
  }
}

/** Reports clusters of an app in which its workspace is not. */
export function reportClustersOutside(
  app: IConstruct,
  workspace: Workspace,
  placed: Placed,
  problems: Problem[],
): void {
  const inside = workspace._clusters();
  const outside = [...placed.weights.keys()].filter((cluster) => !inside.includes(cluster));
  if (outside.length === 0 || inside.length === 0) return;
  const what = `The app goes to ${outside.join(', ')}, where workspace "${workspace.node.path}" is not.`;
  problems.push(problemAt(app, 'ORR2012', what, { fix: `The workspace is in: ${inside.join(', ')}.` }));
}
