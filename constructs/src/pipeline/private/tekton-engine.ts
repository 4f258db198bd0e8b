import type { Cluster } from '../../cluster';
import { placedClusters } from '../../private/delivery';
import { problemAt } from '../../private/problem';
import type { Entry } from '../../private/unit';
import type { TektonBackendProps } from '../tekton-backend-props';
import { TEKTON } from './engine-kinds';
import type { EnginePipeline, PipelineEngine } from './pipeline-engine';
import { tektonTranslation } from './tekton/tekton-translation';

/** Tasks, a Pipeline and what starts runs of it, on Tekton. */
export function tektonEngine(props: TektonBackendProps): PipelineEngine {
  const translationOf = ({ name, tree }: EnginePipeline) => tektonTranslation(name, tree, props);
  return {
    kind: TEKTON,
    id: `tekton/${props.namespaceName}`,
    clusters: ({ construct }, problems): readonly Cluster[] => placedClusters(construct, props.placement, problems),
    validate: (pipeline, problems) => {
      // What it has no way to say was reported, and leaves gaps in the translation.
      if (TEKTON.cannot(pipeline.tree).length > 0) return;
      for (const { code, what, fix } of translationOf(pipeline).findings)
        problems.push(problemAt(pipeline.construct, code, what, { fix }));
    },
    render: (pipeline) => {
      const { construct } = pipeline;
      const objects = translationOf(pipeline).objects as readonly {
        readonly kind: string;
        readonly metadata: { readonly name: string };
      }[];
      return {
        entries: objects.map(
          (object): Entry => ({
            path: `${construct.node.path}/tekton/${props.namespaceName}/${object.kind}/${object.metadata.name}`,
            owner: construct,
            content: { type: 'object', object, shared: true },
          }),
        ),
      };
    },
  };
}
