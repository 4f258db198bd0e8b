import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The command as it is shipped: built, in a process of its own. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** ORRERY_TEST_CLI: a build in another place, e.g. while several people build. */
export const ORRERY = process.env.ORRERY_TEST_CLI ?? path.join(ROOT, 'lib', 'dist', 'orrery.js');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own that can import the packages of this repository. Removed with the test. */
export class TestProject {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.folder = mkdtempSync(path.join(tmpdir(), 'orrery-cli-'));
    // `go`, which doctor asks for its version, goes on writing its telemetry into the home folder for a moment.
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'));
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(name: string, content: string): void {
    mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
    writeFileSync(path.join(this.folder, name), content);
  }

  read(name: string): string {
    return readFileSync(path.join(this.folder, name), 'utf8');
  }

  exists(name: string): boolean {
    return existsSync(path.join(this.folder, name));
  }

  /** Every file below a folder with its content; empty when there is no such folder. */
  files(name: string): Record<string, string> {
    const folder = path.join(this.folder, name);
    if (!existsSync(folder)) return {};
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      statSync(path.join(folder, file)).isFile(),
    );
    return Object.fromEntries(names.sort().map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  }

  /** Runs the command without a terminal, in the project's folder. */
  orrery(...args: string[]): Promise<CommandResult> {
    return this.run([ORRERY, ...args]);
  }

  run(
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
  ): Promise<CommandResult> {
    const cwd = options.cwd ?? this.folder;
    // Nothing of the machine's own settings reaches the command.
    const env = { PATH: process.env.PATH ?? '', HOME: this.folder, ...options.env };
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        stdout += chunk;
      });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
}

/** A small platform on the clusters "north" and "south". */
export function program(
  options: { readonly replicas?: number; readonly clusters?: readonly string[]; readonly extra?: string } = {},
): string {
  const clusters = options.clusters ?? ['north', 'south'];
  return `import { ClusterSet, Environment, MultiClusterApp, Placement, Platform, Probe } from '@orrery/constructs';

const platform = new Platform({ id: 'cli-test' });
const clusters = new ClusterSet(platform, 'clusters');
${clusters.map((name) => `clusters.add('${name}', { environment: Environment.PRODUCTION, kubernetesVersion: '1.36' });`).join('\n')}
const app = new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() });
app.addService('cart', { image: 'registry.example.com/mall/cart:1.0.0', replicas: ${options.replicas ?? 4}, port: 8080, cpu: '100m', memory: '64Mi', readiness: Probe.tcp() });
${options.extra ?? ''}
platform.synth();
`;
}

export const DIRECTORY_TARGETS = `app: node main.ts
targets:
  north: { directory: targets/north }
  south: { directory: targets/south }
`;

/** A kubeconfig whose only context leads to a port on which nobody listens. */
export async function deadKubeconfig(): Promise<string> {
  const port = await closedPort();
  return `apiVersion: v1
kind: Config
clusters: [{ name: dead, cluster: { server: 'https://127.0.0.1:${port}' } }]
users: [{ name: me, user: { token: none } }]
contexts: [{ name: dead, context: { cluster: dead, user: me } }]
current-context: dead
`;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
