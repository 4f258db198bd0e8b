import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import type { Workspace } from '../workspace';
import type { WorkspaceProps } from '../workspace-props';
import type { Placed } from './placement-rules';
import { type Problem, problemAt } from './problem';
import { isOlderThan, servedVersion } from './served-apis';
import { whyNotEnforced } from './workspace-network';
import { EXTERNAL_SECRETS, externalSecrets, registriesOf } from './workspace-rendering';

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

/** Reports what a cluster lacks for the guards of a workspace. */
export function reportUnfitCluster(
  workspace: IConstruct,
  props: WorkspaceProps,
  cluster: Cluster,
  problems: Problem[],
): void {
  const { clusterName, facts } = cluster;
  if (isOlderThan(cluster, 30)) {
    const what = `Cluster "${clusterName}" has Kubernetes ${facts.kubernetesVersion}, and the guards of a workspace need validating admission policies, which came with 1.30.`;
    problems.push(
      problemAt(workspace, 'ORR2012', what, { fix: 'Upgrade the cluster, or leave it out.', cluster: clusterName }),
    );
  }
  const unenforced = props.network === undefined ? undefined : whyNotEnforced(cluster);
  if (unenforced !== undefined) {
    problems.push(problemAt(workspace, 'ORR2013', unenforced.what, { fix: unenforced.fix, cluster: clusterName }));
  }
  if (externalSecrets(props).length > 0 && servedVersion(cluster, EXTERNAL_SECRETS) === undefined) {
    const what = `Credentials of the workspace are fetched by External Secrets Operator, and no fact of cluster "${clusterName}" says that it serves ${EXTERNAL_SECRETS.join(' or ')}.`;
    const fix = `Add apiVersions: ['${EXTERNAL_SECRETS[0]}'] to the facts of the cluster.`;
    problems.push(problemAt(workspace, 'ORR2013', what, { fix, cluster: clusterName }));
  }
  if (registriesOf({ props, cluster })?.length === 0) {
    const what = 'imageRegistries is empty: no image may come from anywhere.';
    problems.push(
      problemAt(workspace, 'ORR2012', what, { fix: 'Name a registry, or leave it out.', cluster: clusterName }),
    );
  }
}
