import type { JenkinsPlugins } from '../jenkins-plugins';
import type { PipelineModel } from './jenkins-model';
import { PIPELINE_SHAPE } from './jenkins-shape';
import { shapeOffence } from './json-shape';
import type { ModelFinding } from './model-finding';
import { modelFindings } from './pipeline-rules';
import { pipelineTree } from './raising';
import type { PipelineTree } from './tree';

/** A pipeline that was read, or what is wrong with it. */
type PipelineReading = { readonly tree: PipelineTree } | { readonly findings: readonly ModelFinding[] };

/** Reads the tree that Jenkins' editor and KubeSphere write. */
export function readPipelineJson(json: string, plugins?: JenkinsPlugins): PipelineReading {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    return refused('', `is no JSON: ${(error as Error).message}`);
  }
  const offence = shapeOffence(PIPELINE_SHAPE, data);
  if (offence !== undefined) return refused(offence.path.join('.'), offence.what);
  const { pipeline } = data as { readonly pipeline: PipelineModel };
  const findings = modelFindings(pipeline, plugins);
  return findings.length > 0 ? { findings } : { tree: pipelineTree(pipeline) };
}

function refused(where: string, offence: string): PipelineReading {
  const what = `The tree is none of a pipeline: it ${offence}.`;
  const fix = 'Give it a tree as the editor of Jenkins writes it.';
  return { findings: [{ code: 'ORR2011', where, what, fix }] };
}
