import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { ensureTools, rigOptionsFromEnvironment } from '../../lib/sandbox/rig/ensure-tools.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { sandboxUp } from '../../lib/sandbox/sandbox-up.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { AppliedPlatform } from '../applied-platform.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';

const CRDS = join(import.meta.dirname, '../../../shared/data/crds');
/** What the tests with real controllers cannot do without. */
export const lacksControllers = inject('rig') === 'missing' || !existsSync(CRDS);

/** A controller of somebody else that runs against a cluster of the sandbox. */
export type ControllerName = 'argo-rollouts' | 'flagger';

const DEFINITIONS: Readonly<Record<ControllerName, readonly string[]>> = {
  'argo-rollouts': ['rollouts', 'analysistemplates', 'clusteranalysistemplates', 'analysisruns', 'experiments'].map(
    (plural) => `argoproj.io/${plural}.argoproj.io`,
  ),
  flagger: ['canaries', 'metrictemplates', 'alertproviders'].map((plural) => `flagger.app/${plural}.flagger.app`),
};

/** A cluster of its own with Istio's definitions and a real controller beside it. */
export class ControlledCluster {
  readonly kubeconfig: string;
  readonly names = ['north'] as const;
  readonly #folder: string;
  readonly #controller: ChildProcess;

  private constructor(folder: string, kubeconfig: string, controller: ChildProcess) {
    this.#folder = folder;
    this.kubeconfig = kubeconfig;
    this.#controller = controller;
  }

  static async start(name: ControllerName, more: readonly string[] = []): Promise<ControlledCluster> {
    const tools = await ensureTools([name], rigOptionsFromEnvironment(process.env, homedir()));
    const folder = ownSandboxFolder();
    const { kubeconfig } = await sandboxUp({ folder, clusters: [{ name: 'north' }], tools: inject('tools') });
    const istio = ['destinationrules', 'virtualservices'].map(
      (plural) => `networking.istio.io/${plural}.networking.istio.io`,
    );
    const installer = new AppliedPlatform('definitions', kubeconfig);
    await installer.apply({ north: [...istio, ...DEFINITIONS[name]].map(definition) });
    const [metrics, health] = await Promise.all([freePort(), freePort()]);
    const flags =
      name === 'argo-rollouts'
        ? ['--leader-elect=false', `--metricsPort=${metrics}`, `--healthzPort=${health}`, '--loglevel=warn']
        : [`-port=${metrics}`, '-mesh-provider=istio', '-log-level=info'];
    const log = openSync(join(folder, `${name}.log`), 'a');
    const kube =
      name === 'argo-rollouts' ? ['--kubeconfig', kubeconfig, '--context', 'north'] : [`-kubeconfig=${kubeconfig}`];
    const controller = spawn(tools[name], [...kube, ...flags, ...more], { stdio: ['ignore', log, log] });
    return new ControlledCluster(folder, kubeconfig, controller);
  }

  /** What the controller has said. */
  log(name: ControllerName): string {
    return readFileSync(join(this.#folder, `${name}.log`), 'utf8');
  }

  async end(): Promise<void> {
    if (this.#controller.exitCode === null) {
      this.#controller.kill('SIGKILL');
      await once(this.#controller, 'exit');
    }
    await sandboxDown({ folder: this.#folder });
  }
}

function definition(name: string): KubernetesObject {
  const file = join(CRDS, `${name}.yaml`);
  return readYaml(readFileSync(file), { source: file })[0]?.value as unknown as KubernetesObject;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Answers every question with one sample, or with none. */
export class FakePrometheus {
  value: string | undefined;
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (_request, response) => {
      const result = this.value === undefined ? [] : [{ metric: {}, value: [1, this.value] }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  }

  static async start(): Promise<FakePrometheus> {
    const server = createHttpServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakePrometheus(server);
  }

  end(): void {
    this.#server.close();
  }
}
