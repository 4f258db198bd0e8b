import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ApplyEvent, ClusterOutcome } from '../lib/apply/outcome.ts';
import { openTarget } from '../lib/cluster/open-target.ts';
import type { DirectoryTarget } from '../lib/cluster/target.ts';
import { applyDirectory } from '../lib/directory/apply-directory.ts';
import { type PlanDirectoryOptions, planDirectory } from '../lib/directory/plan-directory.ts';
import { canonicalJson, sha256 } from '../lib/kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../lib/kubernetes/object.ts';
import type { ClusterPlan } from '../lib/plan/plan.ts';
import type { DesiredCluster, DesiredObject } from '../lib/render/desired-state.ts';

/** A target folder of its own per test, with the steps that tests take on it. */
export class DirectoryBench implements Disposable {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'orrery-directory-'));
  readonly folder = path.join(this.root, 'targets', 'prod');
  readonly stateFolder = path.join(this.root, '.orrery');

  async target(secrets: 'refuse' | 'write' = 'refuse'): Promise<DirectoryTarget> {
    const config = { kind: 'directory', directory: this.folder, secrets } as const;
    const opened = await openTarget(config, { cluster: 'prod', env: {} });
    if (opened.kind !== 'directory') throw new Error('no directory');
    return opened;
  }

  async plan(state: DesiredCluster | undefined, { secrets, options }: Run = {}): Promise<ClusterPlan> {
    return planDirectory(await this.target(secrets), state, platform, { stateFolder: this.stateFolder, ...options });
  }

  async apply(made: ClusterPlan, state: DesiredCluster | undefined, { secrets }: Run = {}): Promise<Applied> {
    const events: ApplyEvent[] = [];
    const options = { platform, stateFolder: this.stateFolder };
    const onEvent = (event: ApplyEvent) => void events.push(event);
    const outcome = await applyDirectory(await this.target(secrets), made, state, onEvent, options);
    return { outcome, events };
  }

  /** Plans and applies; throws unless everything was done. */
  async bring(state: DesiredCluster, run: Run = {}): Promise<ClusterOutcome> {
    const { outcome } = await this.apply(await this.plan(state, run), state, run);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome;
  }

  /** All files, sorted, relative to the folder. */
  files(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => path.relative(this.folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .sort();
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }

  remove(file: string): void {
    rmSync(path.join(this.folder, file), { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

interface Run {
  readonly secrets?: 'refuse' | 'write';
  readonly options?: Partial<PlanDirectoryOptions>;
}

interface Applied {
  readonly outcome: ClusterOutcome;
  readonly events: readonly ApplyEvent[];
}

export const platform = { id: 'shop' };

/** "create ConfigMap/a" per item. */
export function summary(made: ClusterPlan): string[] {
  return made.items.map(({ action, id }) => `${action} ${id.kind}/${id.name}`);
}

function desiredObject(object: KubernetesObject, declaredAt = 'app'): DesiredObject {
  const sha = sha256(canonicalJson(object));
  return {
    id: idOf(object),
    object,
    sha256: sha,
    path: `${declaredAt}/${object.metadata.name}`,
    unit: declaredAt,
    dependsOn: [],
  };
}

export function desired(...objects: KubernetesObject[]): DesiredCluster {
  return { name: 'prod', facts: {}, objects: objects.map((object) => desiredObject(object)) };
}

export function configMap(name: string, data: Record<string, string> = { key: 'value' }): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data };
}

export function deployment(replicas: number, image = 'cart:1'): KubernetesObject {
  const template = { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'cart', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { replicas, selector: { matchLabels: { app: 'cart' } }, template },
  };
}

export function secret(password: string): KubernetesObject {
  const data = { password: Buffer.from(password).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, type: 'Opaque', data };
}
