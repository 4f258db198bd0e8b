import { present } from '../../private/present-members';
import type {
  GitBranchOptions,
  GitCloneOptions,
  GitSourceOptions,
  SingleSvnSourceOptions,
  SvnSourceOptions,
} from '../devops-source-props';
import { addressMistakes, type SourceFields } from './source-fields';

export function gitSource(options: GitSourceOptions): SourceFields {
  const { url, discoverBranches = true, discoverTags, credential, sourceId } = options;
  return {
    member: 'git_source',
    value: present({
      scm_id: sourceId,
      url,
      credential_id: credential,
      discover_branches: discoverBranches,
      discover_tags: discoverTags,
      ...gitFields(options),
    }),
    mistakes: [
      ...addressMistakes('url', url),
      ...gitMistakes(options),
      ...(discoverBranches || discoverTags === true ? [] : ['neither its branches nor its tags are built']),
    ],
  };
}

export function svnSource({ url, includes, excludes, credential, sourceId }: SvnSourceOptions): SourceFields {
  return {
    member: 'svn_source',
    value: present({
      scm_id: sourceId,
      remote: url,
      credential_id: credential,
      includes: includes ?? 'trunk,branches/*',
      excludes,
    }),
    mistakes: addressMistakes('url', url),
  };
}

export function singleSvnSource({ url, credential, sourceId }: SingleSvnSourceOptions): SourceFields {
  return {
    member: 'single_svn_source',
    value: present({ scm_id: sourceId, remote: url, credential_id: credential }),
    mistakes: addressMistakes('url', url),
  };
}

/** What sources in Git have in common. */
export function gitFields({ clone, regexFilter }: GitBranchOptions): object {
  return present({ git_clone_option: clone === undefined ? undefined : cloneOption(clone), regex_filter: regexFilter });
}

/** A depth is only looked at when the clone is shallow. */
function cloneOption({ depth, timeoutMinutes }: GitCloneOptions): object {
  return present({ shallow: depth !== undefined, depth, timeout: timeoutMinutes ?? 10 });
}

export function gitMistakes({ clone = {}, regexFilter }: GitBranchOptions): string[] {
  const counts = Object.entries(clone).filter(
    ([, count]) => !Number.isInteger(count) || count < 1 || count > 2 ** 31 - 1,
  );
  return [
    ...counts.map(([name, count]) => `${name} of its clone is ${count}, and has to be a whole number from 1 on`),
    ...(regexFilter === undefined || /^.+$/.test(regexFilter)
      ? []
      : ['its regexFilter is no regular expression of one line']),
  ];
}
