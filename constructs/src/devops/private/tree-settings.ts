import type { PipelineTree } from '../../pipeline/private/tree';
import type { DevOpsPipelineProps } from '../devops-pipeline-props';

/** Whether two runs may go on at a time: as said, else as the Jenkinsfile says it. */
export function isConcurrent({ concurrent }: DevOpsPipelineProps, tree: PipelineTree): boolean {
  return concurrent ?? !forbidsConcurrent(tree);
}

export function forbidsConcurrent({ options }: PipelineTree): boolean {
  return options.some(({ name }) => name === 'disableConcurrentBuilds');
}

/** When it is run by itself: as said, else as the Jenkinsfile says it. */
export function cronOf({ cron }: DevOpsPipelineProps, tree: PipelineTree): string | undefined {
  return cron ?? cronTrigger(tree);
}

/** The schedule of the first cron trigger, where it is a text. */
export function cronTrigger({ triggers }: PipelineTree): string | undefined {
  for (const { name, arguments: given } of triggers) {
    if (name !== 'cron') continue;
    const [first] = given.kind === 'none' ? [] : given.values;
    const value =
      first === undefined ? undefined : 'value' in first && typeof first.value === 'object' ? first.value : first;
    if (value !== null && value !== undefined && 'kind' in value && value.kind === 'literal')
      return String(value.value);
  }
  return undefined;
}
