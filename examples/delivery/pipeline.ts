import {
  BuildContainer,
  BuildTool,
  type Cluster,
  Pipeline,
  PipelineAgent,
  PipelineBackend,
  PipelineCredential,
  PipelineDefinition,
  PipelineInput,
  PipelineOption,
  PipelinePost,
  PipelineStage,
  PipelineStep,
  PipelineWhen,
  Placement,
  type Platform,
  TektonForge,
} from '@orrery/constructs';
import { ApiObject, Chart } from 'cdk8s';

/** The clusters that the pipeline reaches: only to read for a plan, and with the rights to write. */
const reader = PipelineCredential.secretFile('kubeconfig-reader', 'KUBECONFIG');
const writer = PipelineCredential.secretFile('kubeconfig-writer', 'KUBECONFIG');

const node = () => BuildContainer.node({ memory: '2Gi' });
const inPod = {
  agent: PipelineAgent.pod([node()]),
  post: [PipelinePost.failure(PipelineStep.webhook('chat', 'The delivery of the shop failed:'))],
};
const onMain = [PipelineWhen.branch('main')];
const leads = { submitters: ['group:shop-leads'] };

/** A command with the rights to write. 3 is no failure: the release waits for the next approval. */
function withClusters(command: string): PipelineStep {
  return PipelineStep.withCredentials([writer], PipelineStep.sh(`${command} || test $? = 3`));
}

/** Guangzhou, then Shanghai: in each the release waits at 5 % for somebody. */
function goOnIn(place: string): PipelineStage {
  const question = new PipelineInput(`The new version has 5 % of the requests in ${place}. Go on?`, leads);
  const promote = PipelineStage.steps(
    `Promote in ${place}`,
    [withClusters('npx orrery release promote cart-4-13')],
    inPod,
  );
  return PipelineStage.approval(`On in ${place}`, question, [promote], { when: onMain });
}

/**
 * A pull request is tested, and gets the plan as a comment. What comes to main is built, approved, and goes to the clusters as its canary release says. Nothing is held while a person
 * is waited for: the pods are those of the stages.
 */
const delivery = new PipelineDefinition({
  agent: PipelineAgent.none(),
  // People need time to approve.
  options: [PipelineOption.timeout('24h')],
  stages: [
    PipelineStage.stages(
      'Review',
      [
        PipelineStage.steps('Test', [
          PipelineStep.checkout(),
          PipelineStep.buildProject(BuildTool.NODE),
          PipelineStep.testProject(BuildTool.NODE),
        ]),
        PipelineStage.steps('Image', [
          PipelineStep.buildImage({ image: 'registry.example.com/shop/cart', registryCredential: 'registry' }),
        ]),
        PipelineStage.steps('Plan', [PipelineStep.orreryPlan({ credentials: [reader], plan: 'plan.json' })]),
        PipelineStage.steps(
          'Comment',
          [
            PipelineStep.withCredentials(
              [PipelineCredential.secretText('github-comments', 'GITHUB_TOKEN')],
              PipelineStep.sh('node ci/comment-plan.mjs plan.md'),
            ),
          ],
          { when: [PipelineWhen.changeRequest()] },
        ),
      ],
      { agent: PipelineAgent.pod([node(), BuildContainer.buildkit({ memory: '2Gi' })]) },
    ),
    PipelineStage.approval(
      'Deliver',
      new PipelineInput('Apply the plan to both clusters?', leads),
      [
        PipelineStage.steps(
          'Apply',
          [PipelineStep.unstash('plan.json'), withClusters('npx orrery apply plan.json')],
          inPod,
        ),
      ],
      { when: onMain },
    ),
    goOnIn('Guangzhou'),
    goOnIn('Shanghai'),
  ],
});

/** The same pipeline for Tekton in the cluster that builds, and for whoever has Jenkins. */
export function addPipeline(platform: Platform, ops: Cluster): void {
  new ApiObject(new Chart(ops, 'ci'), 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } });
  new Pipeline(platform, 'shop-delivery', {
    definition: delivery,
    backends: [
      PipelineBackend.tekton({
        placement: Placement.named('ops'),
        namespaceName: 'ci',
        source: {
          url: 'https://github.com/example/shop.git',
          credentialSecret: 'github-clone',
          forge: TektonForge.GITHUB,
          webhookSecret: { secret: 'github-webhook', key: 'token' },
          branches: ['main'],
        },
      }),
      PipelineBackend.jenkinsfile(),
    ],
  });
}
