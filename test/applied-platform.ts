import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DependencyManifest } from '@orrery/constructs/assembly-format';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyPlan } from '../lib/apply/apply.ts';
import type { ApplyOptions } from '../lib/apply/apply-options.ts';
import type { ApplyEvent, ClusterOutcome, Outcome } from '../lib/apply/outcome.ts';
import type { KubeClientOptions } from '../lib/cluster/http-client.ts';
import { openTarget } from '../lib/cluster/open-target.ts';
import type { KubeTarget, Target } from '../lib/cluster/target.ts';
import type { Inventory } from '../lib/inventory/inventory.ts';
import { readInventory } from '../lib/inventory/read-inventory.ts';
import { canonicalJson, sha256 } from '../lib/kubernetes/canonical.ts';
import { describeId, idOf, type KubernetesObject } from '../lib/kubernetes/object.ts';
import { type MadePlan, makePlan, planDestroy } from '../lib/plan/make-plan.ts';
import type { ClusterPlan } from '../lib/plan/plan.ts';
import type { PlanOptions } from '../lib/plan/plan-options.ts';
import type { ControllerOwnedField, DesiredObject, DesiredState } from '../lib/render/desired-state.ts';

/** An object of the program, with the dependencies it declares. */
export interface Declared {
  readonly object: KubernetesObject;
  readonly path?: string;
  readonly dependsOn?: readonly DependencyManifest[];
  readonly controllerOwned?: readonly ControllerOwnedField[] | undefined;
}

export type Program = Readonly<Record<string, readonly (KubernetesObject | Declared)[]>>;

export interface Applied {
  readonly outcome: Outcome;
  readonly events: readonly ApplyEvent[];
  readonly made: MadePlan;
}

/** Who wants to do something while an apply runs. */
interface Listening {
  readonly onEvent?: (event: ApplyEvent) => void;
}

/** A platform of its own on the shared clusters: own id, namespaces, inventory and state folder, so that tests can run side by side. */
export class AppliedPlatform {
  readonly id: string;
  readonly stateFolder: string;
  readonly #kubeconfig: string;
  readonly #targets: KubeTarget[] = [];

  /** @param kubeconfig of a sandbox of one's own; default: the shared clusters */
  constructor(name: string, kubeconfig = inject('clusters').kubeconfig) {
    this.#kubeconfig = kubeconfig;
    this.id = `${name}-${randomBytes(3).toString('hex')}`;
    this.stateFolder = mkdtempSync(join(tmpdir(), 'orrery-state-'));
  }

  /** A namespace name of this platform. */
  namespace(name = 'app'): string {
    return `${this.id}-${name}`;
  }

  get inventoryNamespace(): string {
    return this.namespace('inventory');
  }

  /** Kubeconfig with one context "it", which reaches the cluster through another address. */
  kubeconfigFor(cluster: string, server?: string): string {
    const config = parse(readFileSync(this.#kubeconfig, 'utf8')) as {
      clusters: { name: string; cluster: Record<string, string> }[];
      contexts: { name: string; context: { cluster: string; user: string } }[];
    };
    const context = config.contexts.find(({ name }) => name === cluster);
    const entry = config.clusters.find(({ name }) => name === context?.context.cluster);
    if (context === undefined || entry === undefined) throw new Error(`no context ${cluster}`);
    if (server !== undefined) entry.cluster = { server };
    const file = join(this.stateFolder, `${cluster}-${randomBytes(3).toString('hex')}.kubeconfig`);
    writeFileSync(file, stringify({ ...config, contexts: [context], 'current-context': cluster }), { mode: 0o600 });
    return file;
  }

  async open(cluster = 'alpha', server?: string, client: KubeClientOptions = {}): Promise<KubeTarget> {
    const config = {
      kind: 'kubeconfig',
      kubeconfig: this.kubeconfigFor(cluster, server),
      context: cluster,
      inventoryNamespace: this.inventoryNamespace,
    } as const;
    const target = await openTarget(config, { cluster, env: {}, client });
    if (target.kind !== 'kube') throw new Error('not a cluster');
    this.#targets.push(target);
    return target;
  }

  desired(program: Program): DesiredState {
    return desiredState(this.id, program);
  }

  planOptions(more: Partial<PlanOptions> = {}): PlanOptions {
    return { now: () => new Date(), stateFolder: this.stateFolder, allowDeletes: true, allowEmpty: true, ...more };
  }

  plan(program: Program, targets: readonly KubeTarget[], options: Partial<PlanOptions> = {}): Promise<MadePlan> {
    return makePlan(this.desired(program), targets, this.planOptions(options));
  }

  applyMade(
    made: MadePlan,
    program: Program,
    targets: readonly KubeTarget[],
    options: Partial<ApplyOptions> & Listening = {},
  ): Promise<Applied> {
    return this.applyDesired(made, this.desired(program), targets, options);
  }

  async applyDesired(
    made: MadePlan,
    desired: DesiredState,
    targets: readonly Target[],
    { onEvent, ...options }: Partial<ApplyOptions> & Listening = {},
  ): Promise<Applied> {
    const events: ApplyEvent[] = [];
    const outcome = await applyPlan(
      made.plan,
      desired,
      targets,
      {
        who: 'test',
        stateFolder: this.stateFolder,
        leaseSeconds: 5,
        timeoutMs: 60_000,
        failureMs: 3_000,
        renewals: made.renewals,
        ...options,
      },
      (event) => {
        events.push(event);
        onEvent?.(event);
      },
    );
    return { outcome, events, made };
  }

  /** Plans and applies with fresh targets, as a run of its own would. */
  async apply(
    program: Program,
    options: Partial<ApplyOptions> = {},
    planOptions: Partial<PlanOptions> = {},
  ): Promise<Applied> {
    const targets = await Promise.all(Object.keys(program).map((cluster) => this.open(cluster)));
    const made = await this.plan(program, targets, planOptions);
    return this.applyMade(made, program, targets, { inventories: made.inventories, ...options });
  }

  async destroy(clusters: readonly string[] = ['alpha'], program: Program = {}): Promise<Applied> {
    const targets = await Promise.all(clusters.map((cluster) => this.open(cluster)));
    return this.applyMade(await this.planDestroyed(targets), program, targets);
  }

  planDestroyed(targets: readonly KubeTarget[]): Promise<MadePlan> {
    return planDestroy(targets, { id: this.id }, this.planOptions());
  }

  /** What a new run would do, one line per object: "create ConfigMap/x/y". */
  async pending(program: Program, cluster = 'alpha'): Promise<string[]> {
    return itemsOf(clusterPlan(await this.plan(program, [await this.open(cluster)]), cluster));
  }

  async inventory(cluster = 'alpha'): Promise<Inventory> {
    return readInventory(await this.open(cluster), this.id, { stateFolder: this.stateFolder });
  }

  /** Deletes every namespace and CRD of this platform, and closes what was opened. */
  async cleanUp(clusters: readonly string[] = ['alpha']): Promise<void> {
    for (const cluster of clusters) {
      const { client } = await this.open(cluster);
      const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      for (const path of ['/api/v1/namespaces', definitions]) {
        const { body } = await client.request({ method: 'GET', path });
        for (const { metadata } of (body as { items: KubernetesObject[] }).items) {
          const { name = '' } = metadata;
          const ours = name.startsWith(`${this.id}-`) || name.endsWith(`.${this.id}.example.com`);
          if (ours) await client.request({ method: 'DELETE', path: `${path}/${name}` });
        }
      }
    }
    await Promise.all(this.#targets.map(({ client }) => client.close()));
    rmSync(this.stateFolder, { recursive: true, force: true });
  }
}

function desiredState(platformId: string, program: Program): DesiredState {
  const clusters = Object.entries(program).map(([name, members]) => ({
    name,
    facts: {},
    objects: members.map((member): DesiredObject => {
      const declared =
        'object' in member && !('kind' in member) ? (member as Declared) : { object: member as KubernetesObject };
      const { object } = declared;
      const path = declared.path ?? describeId(idOf(object)).replaceAll('/', '-');
      return {
        id: idOf(object),
        object,
        sha256: sha256(canonicalJson(object)),
        path,
        unit: path,
        dependsOn: declared.dependsOn ?? [],
        ...(declared.controllerOwned === undefined ? {} : { controllerOwned: declared.controllerOwned }),
      };
    }),
  }));
  const holdsSecrets = clusters.some(({ objects }) => objects.some(({ object }) => object.kind === 'Secret'));
  return { platform: { id: platformId }, assemblyDigest: sha256(canonicalJson(program)), holdsSecrets, clusters };
}

export function clusterPlan(made: MadePlan, cluster = 'alpha'): ClusterPlan {
  const found = made.plan.clusters.find((one) => one.cluster === cluster);
  if (found === undefined) throw new Error(`no plan for ${cluster}`);
  return found;
}

export function itemsOf(plan: ClusterPlan): string[] {
  if (plan.problem !== undefined) return [`${plan.problem.code} ${plan.problem.what}`];
  return plan.items.map(({ action, id }) => `${action} ${describeId(id)}`);
}

export function outcomeOf({ outcome }: Applied, cluster = 'alpha'): ClusterOutcome {
  const found = outcome.clusters.find((one) => one.cluster === cluster);
  if (found === undefined) throw new Error(`no outcome for ${cluster}`);
  return found;
}

/** Events of some type, as "type Kind/namespace/name". */
export function happened(applied: Applied, ...types: ApplyEvent['type'][]): string[] {
  return applied.events.flatMap((event) =>
    types.includes(event.type) && 'id' in event ? [`${event.type} ${describeId(event.id)}`] : [],
  );
}
