import type { EngineKind } from './pipeline-engine';
import { tektonShortcomings } from './tekton/tekton-shortcomings';

/** Jenkins runs whatever a pipeline says: the tree is that of its Declarative Pipeline. */
export const JENKINSFILE: EngineKind = { label: 'a Jenkinsfile', cannot: () => [] };

/** KubeSphere DevOps gives Jenkinsfiles to its Jenkins. */
export const KUBESPHERE: EngineKind = { label: 'KubeSphere DevOps', cannot: () => [] };

/** Tasks of Tekton know containers and params, and nothing of Jenkins. */
export const TEKTON: EngineKind = { label: 'Tekton', cannot: tektonShortcomings };

/** Every kind of back-end, in the order in which errors name them. */
export const ENGINE_KINDS: readonly EngineKind[] = [JENKINSFILE, KUBESPHERE, TEKTON];
