import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import type { KubeSphereWorkspaceProps } from '../kubesphere-props';
import { KubeSphereWorkspace } from '../kubesphere-workspace';
import { BuildContainer } from '../pipeline/build-container';
import { PipelineAgent } from '../pipeline/pipeline-agent';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { assemblyOf, problemsOf, problemsOfProgram, testPlatform } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { DevOpsAgent, type DevOpsAgentProps } from './devops-agent';
import { DevOpsCredential, DevOpsCredentialType } from './devops-credential';
import { DevOpsProject } from './devops-project';

const API = ['tenant', 'iam', 'quota'].map((group) => `${group}.kubesphere.io/v1alpha2`);
const inWorkspace =
  (props: Partial<KubeSphereWorkspaceProps> = {}) =>
  (platform: Platform) => {
    const host = new ClusterSet(platform, 'clusters').add('host', {
      apiVersions: [...API, 'devops.kubesphere.io/v1alpha3'],
    });
    const workspace = new Workspace(platform, 'retail', {
      placement: Placement.everywhere(),
      controllerNamespaces: ['kubesphere-system'],
    });
    const console = new KubeSphereWorkspace(platform, 'console', { workspace, host, ...props });
    new DevOpsProject(platform, 'ci', { workspace: console });
  };

describe('a project of KubeSphere DevOps', () => {
  it('belongs to a workspace of KubeSphere, on its host', () => {
    const assembly = assemblyOf(inWorkspace({ workspaceName: 'shop' }));
    for (const path of ['ci/namespace', 'ci/project'])
      expect(assembly.object('host', path).metadata.labels).toMatchObject({ 'kubesphere.io/workspace': 'shop' });
  });

  it('is made by one of the two', () => {
    expect(problemsOfProgram(inWorkspace({ devopsProjects: ['ci'] })).map(({ code }) => code)).toContain('ORR2004');
  });

  it('says where it is, and names each credential once', () => {
    const nowhere = problemsOfProgram((platform) => {
      new ClusterSet(platform, 'clusters').add('a');
      new DevOpsProject(platform, 'ci', {});
    });
    expect(nowhere).toMatchObject([{ code: 'ORR2013' }]);
    const project = new DevOpsProject(testPlatform(), 'ci', {});
    const credential = DevOpsCredential.existing(DevOpsCredentialType.SECRET_TEXT);
    project.addCredential('git', credential);
    expect(problemsOf(() => project.addCredential('git', credential))).toMatchObject([{ code: 'ORR2004' }]);
    expect(problemsOf(() => project.addCredential('A b', credential))).toMatchObject([{ code: 'ORR2003' }]);
  });
});

describe('an agent of KubeSphere DevOps', () => {
  const program = (id: string, props: Partial<DevOpsAgentProps>) => (platform: Platform) => {
    const host = new ClusterSet(platform, 'clusters').add('host');
    new DevOpsAgent(platform, id, { host, agent: PipelineAgent.pod([BuildContainer.python()]), ...props });
  };

  it('is a PodTemplate by whose label KubeSphere finds it, with the rest of the pod as YAML', () => {
    const { metadata, template } = assemblyOf(program('python', { labels: ['pip', 'slow'], idleMinutes: 5 })).object(
      'host',
      'python/PodTemplate',
    );
    expect(metadata).toMatchObject({
      name: 'python',
      namespace: 'kubesphere-devops-worker',
      labels: { 'jenkins.agent.pod': 'true' },
      annotations: { 'jenkins.agent.labels': 'pip slow', idleMinutes: '5' },
    });
    expect(metadata.annotations['containers.yaml']).toContain('securityContext');
    expect(template.spec.containers[0].name).toBe('python');
  });

  it.each<[string, string, Partial<DevOpsAgentProps>]>([
    ['is no pod', 'a', { agent: PipelineAgent.any() }],
    ['of its own', 'maven', {}],
    ['not a valid label', 'a', { labels: ['b c'] }],
    ['idleMinutes is -1', 'a', { idleMinutes: -1 }],
    ['not a valid namespace', 'a', { namespaceName: 'A' }],
  ])('is refused where it %s', (what, id, props) => {
    expect(problemsOfProgram(program(id, props)).map((one) => one.what)).toEqual([expect.stringContaining(what)]);
  });
});
