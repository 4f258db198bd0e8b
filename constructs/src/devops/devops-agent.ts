import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import type { PipelineAgent } from '../pipeline/pipeline-agent';
import { podTemplate, podYaml } from '../pipeline/private/pod-template';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel, isLabelValue } from '../private/names';
import { type Problem, problemAt } from '../private/problem';
import { renderLate } from '../private/unit';

/** Of an agent of KubeSphere DevOps. */
export interface DevOpsAgentProps {
  /** The cluster with KubeSphere DevOps. */
  readonly host: Cluster;
  /** The pod: `PipelineAgent.pod([...])`. */
  readonly agent: PipelineAgent;
  /** Labels beside its name that pipelines ask for. @default - none */
  readonly labels?: string[];
  /** Minutes that its pod stays when a build has ended. @default - it goes at once */
  readonly idleMinutes?: number;
  /** Namespace that the pods run in. @default "kubesphere-devops-worker" */
  readonly namespaceName?: string;
}

/**
 * A kind of pod that KubeSphere DevOps runs builds in, beside its own base, maven, nodejs and go: pipelines have it by `PipelineAgent.label("<id>")`. KubeSphere copies it into the
 * settings of its Jenkins (ks-devops controllers/jenkins/config/podtemplate_controller.go).
 */
export class DevOpsAgent extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the label of the agent
   */
  public constructor(scope: Construct, id: string, props: DevOpsAgentProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.host],
      validate: (problems) => validate(this, props, problems),
      render: () => {
        const object = agentObject(id, props);
        const path = `${this.node.path}/PodTemplate`;
        return { entries: object === undefined ? [] : [{ path, owner: this, content: { type: 'object', object } }] };
      },
    });
  }
}

/** Of KubeSphere: another agent of the name would take its place. */
const BUILT_IN = ['base', 'maven', 'nodejs', 'go'];

function validate(construct: Construct, props: DevOpsAgentProps, problems: Problem[]): void {
  const { agent, labels = [], idleMinutes = 0, namespaceName } = props;
  const report = (code: Problem['code'], what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix }));
  if (agent._tree().kind !== 'pod')
    report('ORR2012', 'The agent is no pod.', 'Use PipelineAgent.pod([BuildContainer.…]).');
  if (BUILT_IN.includes(construct.node.id))
    report(
      'ORR2004',
      `KubeSphere DevOps has an agent "${construct.node.id}" of its own.`,
      'Give this one another name.',
    );
  for (const label of labels) {
    if (isLabelValue(label) && label !== '') continue;
    report('ORR2003', `"${label}" is not a valid label of an agent.`, 'Use letters, digits, "-", "_" and ".".');
  }
  if (!Number.isInteger(idleMinutes) || idleMinutes < 0)
    report('ORR2011', `idleMinutes is ${idleMinutes}.`, 'Use a whole number.');
  if (namespaceName !== undefined && !isDnsLabel(namespaceName))
    report('ORR2003', `"${namespaceName}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
}

/**
 * Of the pod KubeSphere takes names, images, commands and resources of containers; the rest reaches Jenkins as YAML in an annotation (jenkins-zh/jenkins-client, pkg/k8s
 * ConvertToJenkinsPodTemplate).
 */
function agentObject(
  name: string,
  { agent, labels, idleMinutes, namespaceName }: DevOpsAgentProps,
): object | undefined {
  const tree = agent._tree();
  if (tree.kind !== 'pod') return undefined;
  const { spec } = podTemplate(tree) as { readonly spec: object };
  return {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: {
      name,
      namespace: namespaceName ?? 'kubesphere-devops-worker',
      labels: { 'app.kubernetes.io/managed-by': 'orrery', 'jenkins.agent.pod': 'true' },
      annotations: {
        'containers.yaml': podYaml(tree),
        ...(labels === undefined || labels.length === 0 ? {} : { 'jenkins.agent.labels': labels.join(' ') }),
        ...(idleMinutes === undefined ? {} : { idleMinutes: String(idleMinutes) }),
        ...(tree.inheritFrom === undefined ? {} : { 'inherit.from': tree.inheritFrom }),
      },
    },
    template: { spec },
  };
}
