import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterSet, Platform } from '@orrery/constructs';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { build, constructFor, readManifest, type TypedCall } from './from-manifest.ts';

/** What became of one object of a file. */
export interface Verdict {
  readonly file: string;
  /** "Rollout/rollout-canary" */
  readonly object: string;
  readonly outcome: 'equal' | 'refused' | 'missing' | 'different';
  /** Its router, where that is none of the back-ends of CanaryRelease: such objects are counted apart. */
  readonly foreignRouter: string | undefined;
  readonly details: readonly string[];
}

/** The objects of a file whose kinds the typed API has. @throws where it is no YAML */
export function objectsOf(file: string): KubernetesObject[] {
  return readYaml(readFileSync(file), { source: file }).flatMap(({ value }) => {
    const object = value as unknown as KubernetesObject | null;
    return object !== null && constructFor(object) !== undefined ? [object] : [];
  });
}

/** Builds an object by the typed API, synthesizes, and compares what the assembly holds. */
export function judge(file: string, object: KubernetesObject): Verdict {
  const verdict = {
    file,
    object: `${object.kind}/${object.metadata?.name ?? '(without name)'}`,
    foreignRouter: foreignRouterOf(object),
  };
  const call = readManifest(object);
  if ('unsayable' in call) {
    return { ...verdict, outcome: 'missing', details: call.unsayable.map(({ path, why }) => `${path}: ${why}`) };
  }
  const made = synthesized(call);
  if (Array.isArray(made)) return { ...verdict, outcome: 'refused', details: made };
  const same = JSON.stringify(sorted(made)) === JSON.stringify(sorted(object));
  return { ...verdict, outcome: same ? 'equal' : 'different', details: same ? [] : [JSON.stringify(made)] };
}

/** The only object of a program that makes this call, or what synth says against it. */
function synthesized(call: TypedCall): object | string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'orrery-judge-'));
  try {
    const platform = new Platform({ id: 'judge', outdir });
    build(new ClusterSet(platform, 'clusters').add('one'), 'object', call);
    platform.synth();
    const [object, ...others] = JSON.parse(readFileSync(join(outdir, 'clusters/one/objects.json'), 'utf8')) as object[];
    if (object === undefined || others.length > 0) throw new Error('the assembly does not hold one object');
    return object;
  } catch (error) {
    const { problems } = error as { problems?: readonly { code: string; what: string }[] };
    if (problems === undefined) throw error;
    return problems.map(({ code, what }) => `${code} ${what}`);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const ROUTERS = ['alb', 'ambassador', 'apisix', 'appMesh', 'nginx', 'smi', 'traefik'];

function foreignRouterOf({ kind, spec, metadata }: KubernetesObject): string | undefined {
  const { strategy, provider } = (spec ?? {}) as {
    strategy?: { canary?: { trafficRouting?: object } };
    provider?: string;
  };
  if (kind === 'Rollout') {
    const routing = Object.keys(strategy?.canary?.trafficRouting ?? {});
    return routing.find((name) => ROUTERS.includes(name));
  }
  if (kind !== 'Canary') return undefined;
  const named =
    provider ??
    (Object.keys(metadata?.annotations ?? {}).some((key) => key.startsWith('kuma.io/')) ? 'kuma' : undefined);
  return named === undefined || /^(istio|kubernetes|gatewayapi)/.test(named) ? undefined : named;
}

/** Keys in order and without nulls, which mean "not set" to an API server. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
