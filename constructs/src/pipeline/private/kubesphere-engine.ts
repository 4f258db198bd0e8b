import type { DevOpsPipelineProps } from '../../devops/devops-pipeline-props';
import { pipelineMistakes } from '../../devops/private/pipeline-mistakes';
import { devOpsPipeline } from '../../devops/private/pipeline-rendering';
import { pipelineRun } from '../../devops/private/run-rendering';
import { problemAt } from '../../private/problem';
import type { Entry } from '../../private/unit';
import { KUBESPHERE } from './engine-kinds';
import type { EnginePipeline, PipelineEngine } from './pipeline-engine';

/** A Pipeline of KubeSphere DevOps, with its Jenkinsfile or with where that is. */
export function kubeSphereEngine(props: DevOpsPipelineProps): PipelineEngine {
  const { project, runs = [] } = props;
  const nameOf = (pipeline: EnginePipeline) => props.pipelineName ?? pipeline.name;
  return {
    kind: KUBESPHERE,
    id: `kubesphere/${project.node.id}/${props.pipelineName ?? ''}`,
    needs: [project],
    clusters: () => {
      const host = project._host();
      return host === undefined ? [] : [host];
    },
    validate: (pipeline, problems) => {
      for (const { code, what, fix } of pipelineMistakes(props, nameOf(pipeline), pipeline.definition))
        problems.push(problemAt(pipeline.construct, code, what, { fix }));
    },
    render: (pipeline) => {
      const { construct, definition } = pipeline;
      const name = nameOf(pipeline);
      const entry = (id: string, object: object): Entry => ({
        path: `${construct.node.path}/${id}`,
        owner: construct,
        content: { type: 'object', object },
      });
      return {
        entries: [
          entry(`Pipeline/${project.node.id}/${name}`, devOpsPipeline(props, name, definition)),
          ...runs.map((run) => entry(`PipelineRun/${project.node.id}/${run.name}`, pipelineRun(run, name, props))),
        ],
      };
    },
    // A multi-branch pipeline finds its Jenkinsfile in the repository: somebody has to put it there.
    documents: ({ definition }) =>
      props.source === undefined
        ? []
        : [
            {
              type: 'jenkinsfile',
              file: props.source._options().scriptPath ?? 'Jenkinsfile',
              text: definition.toJenkinsfile(),
            },
          ],
  };
}
