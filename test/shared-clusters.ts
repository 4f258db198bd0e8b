import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';

/** The clusters that all tests share, as an administrator with kubectl and a project of its own sees them. */

/** Runs kubectl as an administrator of a shared cluster. */
export function kubectl(cluster: string, ...args: string[]): Promise<string> {
  return run(inject('tools').kubectl ?? 'kubectl', [...administrator(cluster), ...args]);
}

/** The same with a manifest on stdin: `kubectlWith(yaml, 'alpha', 'apply', '-f', '-')`. */
export function kubectlWith(input: string, cluster: string, ...args: string[]): Promise<string> {
  return run(inject('tools').kubectl ?? 'kubectl', [...administrator(cluster), ...args], input);
}

/** Runs a helm against a shared cluster, with folders of its own. */
export async function helm(file: string, cluster: string, ...args: string[]): Promise<string> {
  const home = mkdtempSync(path.join(tmpdir(), 'orrery-helm-'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
    KUBECONFIG: inject('clusters').kubeconfig,
  };
  try {
    return await run(file, [...args, '--kube-context', cluster], '', env);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs a program and gives its stdout; what it fails with is an error. */
async function run(command: string, args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(env === undefined ? {} : { env }) });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.end(input ?? '');
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function administrator(cluster: string): string[] {
  return ['--kubeconfig', inject('clusters').kubeconfig, '--context', cluster];
}

/** A program whose clusters all get the objects of one file. */
export function platformOf(
  id: string,
  objects: string,
  clusters: readonly string[] = ['alpha'],
): Record<string, string> {
  return {
    'main.ts': `import { ClusterSet, Include, Placement, Platform } from '@orrery/constructs';
const platform = new Platform({ id: '${id}' });
const clusters = new ClusterSet(platform, 'clusters');
${clusters.map((name) => `clusters.add('${name}', {});`).join('\n')}
new Include(platform, 'objects', { file: 'objects.yaml', placement: Placement.everywhere() });
platform.synth();
`,
    'objects.yaml': objects,
    'cdk8s.yaml': `app: node main.ts
targets:
  '*': { kubeconfig: ${inject('clusters').kubeconfig}, context: '{cluster}' }
`,
  };
}
