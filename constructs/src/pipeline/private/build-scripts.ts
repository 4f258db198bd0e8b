import { BuildTool } from '../pipeline-step-props';
import { shellCommand } from './shell-words';

/** Commands that build without tests. The arguments given go to the last of them. */
const BUILDS: { readonly [tool in BuildTool]: readonly (readonly string[])[] } = {
  [BuildTool.MAVEN]: [['mvn', '-B', '-ntp', '-DskipTests', 'package']],
  [BuildTool.GRADLE]: [['gradle', '--no-daemon', 'assemble']],
  [BuildTool.NODE]: [
    ['npm', 'ci'],
    ['npm', 'run', 'build', '--if-present'],
  ],
  [BuildTool.GO]: [['go', 'build', './...']],
  [BuildTool.PYTHON]: [
    ['python', '-m', 'venv', '.venv'],
    ['.venv/bin/pip', 'install', '-r', 'requirements.txt'],
  ],
  [BuildTool.DOTNET]: [['dotnet', 'build', '--configuration', 'Release']],
};

const TESTS: { readonly [tool in BuildTool]: readonly string[] } = {
  [BuildTool.MAVEN]: ['mvn', '-B', '-ntp', 'verify'],
  [BuildTool.GRADLE]: ['gradle', '--no-daemon', 'check'],
  [BuildTool.NODE]: ['npm', 'test'],
  [BuildTool.GO]: ['go', 'test', './...'],
  [BuildTool.PYTHON]: ['.venv/bin/python', '-m', 'pytest', '--junitxml=report.xml'],
  [BuildTool.DOTNET]: ['dotnet', 'test', '--configuration', 'Release'],
};

/** Scanners that come with a build tool; the others use SonarQube's own. */
const SCANS: { readonly [tool in BuildTool]?: readonly string[] } = {
  [BuildTool.MAVEN]: ['mvn', '-B', '-ntp', 'org.sonarsource.scanner.maven:sonar-maven-plugin:sonar'],
  [BuildTool.GRADLE]: ['gradle', '--no-daemon', 'sonar'],
};

export function buildScript(tool: BuildTool, args: readonly string[]): string {
  const commands = BUILDS[tool];
  return commands
    .map((words, index) => shellCommand(...words, ...(index === commands.length - 1 ? args : [])))
    .join('\n');
}

export function testScript(tool: BuildTool, args: readonly string[]): string {
  return shellCommand(...TESTS[tool], ...args);
}

export function sonarScript(tool: BuildTool | undefined, args: readonly string[]): string {
  const scan = tool === undefined ? undefined : SCANS[tool];
  return shellCommand(...(scan ?? ['sonar-scanner']), ...args);
}
