/** A path of a file that does not leave its repository, and that no tool reads as something else. */
export function isRepositoryPath(file: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  return !/[\u0000-\u001f\u007f\\]/.test(file) && file.split('/').every((part) => !['', '.', '..'].includes(part));
}

export const REPOSITORY_PATH_RULE = 'Write it with forward slashes, from the top of the repository: "ci/Jenkinsfile".';
