import { problemAt } from '../../private/problem';
import type { JenkinsfileProps } from '../pipeline-backend';
import { JENKINSFILE } from './engine-kinds';
import type { PipelineEngine } from './pipeline-engine';
import { isRepositoryPath, REPOSITORY_PATH_RULE } from './repository-path';

/** A Jenkinsfile as a document of the assembly. */
export function jenkinsfileEngine({ file = 'Jenkinsfile' }: JenkinsfileProps): PipelineEngine {
  return {
    kind: JENKINSFILE,
    id: `jenkinsfile/${file}`,
    validate: ({ construct }, problems) => {
      if (isRepositoryPath(file)) return;
      const what = `"${file}" is no path inside a repository.`;
      problems.push(problemAt(construct, 'ORR2011', what, { fix: REPOSITORY_PATH_RULE }));
    },
    documents: ({ definition }) => [{ type: 'jenkinsfile', file, text: definition.toJenkinsfile() }],
  };
}
