import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Environment, runProgram } from './run-program.ts';
import { TOOLS, type ToolDefinition, type ToolName } from './tool-catalogue.ts';

/** File name of an executable on this platform. */
export function executableName(name: string, platform: string): string {
  return platform === 'win32' ? `${name}.exe` : name;
}

/** What the kubebuilder assets folder holds (`setup-envtest`), by our names. */
const ASSETS: Partial<Record<ToolName, string>> = {
  etcd: 'etcd',
  'kube-apiserver': 'kube-apiserver',
  'kube-apiserver-1.35': 'kube-apiserver',
  'kube-apiserver-1.34': 'kube-apiserver',
  kubectl: 'kubectl',
};

const ON_PATH: Partial<Record<ToolName, string>> = { helm4: 'helm', helm3: 'helm' };

/** The tool in the folder that `KUBEBUILDER_ASSETS` names, when its version fits. */
export async function findInAssets(
  tool: ToolName,
  assetsFolder: string,
  environment: Environment,
): Promise<string | undefined> {
  const name = ASSETS[tool];
  if (name === undefined) return undefined;
  const path = join(assetsFolder, executableName(name, process.platform));
  return isFile(path) && (await fits(path, TOOLS[tool], environment)) ? path : undefined;
}

/** Helm on the PATH, when its version fits. */
export async function findOnPath(tool: ToolName, environment: Environment): Promise<string | undefined> {
  const name = ON_PATH[tool];
  if (name === undefined) return undefined;
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const path = join(folder, executableName(name, process.platform));
    if (folder !== '' && isFile(path) && (await fits(path, TOOLS[tool], environment))) return path;
  }
  return undefined;
}

/** Version that a binary reports, e.g. "1.36.3"; undefined when it does not run or says nothing like a version. */
async function reportedVersion(
  path: string,
  tool: ToolDefinition,
  environment: Environment,
): Promise<string | undefined> {
  try {
    const result = await runProgram(path, tool.versionArguments, { environment });
    return /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout || result.stderr)?.[1];
  } catch {
    return undefined;
  }
}

/** The same minor release serves as well: patches do not change an API or a rendering. */
async function fits(path: string, tool: ToolDefinition, environment: Environment): Promise<boolean> {
  const minor = (version: string): string => version.split('.').slice(0, 2).join('.');
  const version = await reportedVersion(path, tool, environment);
  return version !== undefined && minor(version) === minor(tool.version);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
