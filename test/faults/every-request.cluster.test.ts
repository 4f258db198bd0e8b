import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { describeId, type KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, outcomeOf } from '../applied-platform.ts';
import { configMap, deployment, namespace, secret } from '../sample-objects.ts';
import { type Fault, type FaultProxy, type ProxiedRequest, startFaultProxy } from './fault-proxy.ts';

/** Every request of a plan and its apply goes wrong once, each in the same way. */

let platform: AppliedPlatform;
let proxy: FaultProxy;
let ns: string;

beforeEach(async () => {
  platform = new AppliedPlatform('every');
  ns = platform.namespace();
  proxy = await startFaultProxy(inject('clusters').kubeconfig, 'alpha');
  const before = [namespace(ns), configMap(ns, 'a', { key: '1' }), configMap(ns, 'gone'), deployment(ns, 'web')];
  expect(outcomeOf(await platform.apply({ alpha: before }))).toMatchObject({ status: 'done' });
});
afterEach(async () => {
  await proxy.close();
  await platform.cleanUp();
});

const program = (): { alpha: KubernetesObject[] } => ({
  alpha: [
    namespace(ns),
    configMap(ns, 'a', { key: '2' }),
    configMap(ns, 'new'),
    secret(ns, 'login', { password: 'a secret value' }),
    deployment(ns, 'web', {}, 2),
  ],
});

/** A request and its repetitions have the same name; so have not the many writes of the lease and the inventory. */
function nameOf({ method, path, body }: ProxiedRequest): string {
  const [resource, query = ''] = path.split('?');
  const kind = query.includes('watch=true') ? 'WATCH' : query.includes('dryRun=All') ? 'DRYRUN' : method;
  return `${kind} ${resource} ${/leases|secrets/.test(path) && method !== 'GET' ? body : ''}`;
}

/** Each request meets the fault once. @returns the names of those that did */
function onceEach(fault: (request: ProxiedRequest, index: number) => Fault | undefined): ReadonlySet<string> {
  const seen = new Set<string>();
  proxy.fault = (request) => {
    const name = nameOf(request);
    if (seen.has(name)) return undefined;
    const found = fault(request, seen.size);
    if (found !== undefined) seen.add(name);
    return found;
  };
  return seen;
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): Fault {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, message };
  return { answer: { status, headers, body } };
}

function page(status: number): Fault {
  const body = '<html><head><title>Service Unavailable</title></head><body>please wait</body></html>';
  return { answer: { status, headers: { 'content-type': 'text/html' }, body } };
}

async function expectConverged(): Promise<void> {
  proxy.fault = () => undefined;
  expect(await platform.pending(program())).toEqual([]);
  const { entries } = await platform.inventory();
  expect(
    [...entries.values()].map(({ id, uid }) => `${describeId(id)} ${uid === undefined ? 'unknown' : 'known'}`).sort(),
  ).toEqual([
    `ConfigMap/${ns}/a known`,
    `ConfigMap/${ns}/new known`,
    `Deployment/${ns}/web known`,
    `Namespace/${ns} known`,
    `Secret/${ns}/login known`,
  ]);
}

describe.skipIf(inject('rig') === 'missing')('a plan and its apply do all they should, once', () => {
  it.each<[string, (request: ProxiedRequest, index: number) => Fault | undefined]>([
    [
      '429 with a Retry-After',
      (_request, index) =>
        index < 6
          ? refusal(429, 'slow down', { 'retry-after': '1' })
          : refusal(429, 'slow down', { 'retry-after': '0' }),
    ],
    ['429 without one', () => refusal(429, 'too many requests')],
    ['500 because the leader of etcd changed', () => refusal(500, 'etcdserver: leader changed')],
    ['503', () => refusal(503, 'the server is currently unable to handle the request')],
    ['504', () => refusal(504, 'Timeout: request did not complete within the allotted timeout')],
    ['503 as a web page of a load balancer', () => page(503)],
    ['a web page that says 200', () => page(200)],
    ['JSON that ends in the middle', () => ({ answer: { status: 200, body: '{"kind":"Li' } })],
    ['a connection that is cut before the server sees the request', () => ({ cut: 'before' })],
    ['a connection that is cut when the server has executed the request', () => ({ cut: 'after' })],
  ])('although each request is answered once by %s', async (_, fault) => {
    const seen = onceEach(fault);
    const target = await platform.open('alpha', proxy.url);
    const made = await platform.plan(program(), [target]);
    expect(made.plan.clusters[0]?.problem).toBeUndefined();
    const applied = await platform.applyMade(made, program(), [target], { leaseSeconds: 30 });
    expect(outcomeOf(applied)).toMatchObject({ status: 'done', written: 4, deleted: 1, failures: [], skipped: [] });
    // Identity, index, policies, inventory, lists, dry runs, lease, writes, watch, revision: all of them were hit.
    expect(seen.size).toBeGreaterThan(25);
    await expectConverged();
  });
});

describe.skipIf(inject('rig') === 'missing')('a server that takes a request and never answers', () => {
  it.each(['GET', 'write'])(
    'to a %s is given up after the time of a request, and the next run does the rest',
    async (what) => {
      let answer: () => void = () => {};
      const never = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const target = await platform.open('alpha', proxy.url, { requestTimeoutMs: 1_000 });
      try {
        if (what === 'GET') {
          proxy.fault = ({ path }) => (path.includes('/configmaps?') ? { before: () => never } : undefined);
          const made = await platform.plan(program(), [target]);
          expect(made.plan.clusters[0]?.problem).toMatchObject({
            code: 'ORR3004',
            what: expect.stringContaining('within 1 s'),
          });
        } else {
          const made = await platform.plan(program(), [target]);
          proxy.fault = ({ isWrite, path }) =>
            isWrite && path.includes('/configmaps/new') ? { before: () => never } : undefined;
          const outcome = outcomeOf(await platform.applyMade(made, program(), [target]));
          expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'ORR3004' } });
        }
      } finally {
        answer();
        await target.client.close();
      }
      expect(outcomeOf(await platform.apply(program()))).toMatchObject({ status: 'done' });
      await expectConverged();
    },
  );
});
