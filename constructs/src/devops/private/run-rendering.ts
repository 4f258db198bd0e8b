import { DEVOPS } from '../../private/kubesphere-rendering';
import { present } from '../../private/present-members';
import { type DevOpsPipelineProps, type DevOpsRun, ScmRefType } from '../devops-pipeline-props';

/** A run of a pipeline. Its controller looks at `pipelineSpec.type` for whether the run needs a branch (controllers/jenkins/pipelinerun). */
export function pipelineRun(run: DevOpsRun, pipeline: string, { project, source }: DevOpsPipelineProps): object {
  const parameters = Object.entries(run.parameters ?? {}).map(([name, value]) => ({ name, value }));
  return {
    apiVersion: DEVOPS,
    kind: 'PipelineRun',
    metadata: {
      name: run.name,
      namespace: project.node.id,
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'devops.kubesphere.io/pipeline': pipeline },
    },
    spec: present({
      pipelineRef: { name: pipeline },
      pipelineSpec: source === undefined ? undefined : { type: 'multi-branch-pipeline' },
      parameters: parameters.length === 0 ? undefined : parameters,
      scm: run.refName === undefined ? undefined : { refName: run.refName, refType: run.refType ?? ScmRefType.BRANCH },
      action: run.action,
    }),
  };
}
