import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violationsOf } from '../lib/checks/pod-security/level.ts';
import type { KubeTarget } from '../lib/cluster/target.ts';
import { AppliedPlatform } from './applied-platform.ts';
import { namespace } from './sample-objects.ts';

/** Our verdict on random pods beside that of a real API server whose namespaces enforce the levels. */

const LEVELS = ['baseline', 'restricted'] as const;
type Fields = Record<string, unknown>;

/** A pod that every level takes. */
function restricted(): {
  containers: Fields[];
  initContainers: Fields[];
  securityContext: Fields;
  volumes: Fields[];
  [field: string]: unknown;
} {
  const container = (name: string) => ({
    name,
    image: 'example.com/main:1',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } as Fields },
  });
  return {
    containers: [container('one'), container('two')],
    initContainers: [container('first')],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    volumes: [{ name: 'v0', emptyDir: {} }],
  };
}

const profile = fc.constantFrom<Fields | undefined>(
  undefined,
  { type: 'RuntimeDefault' },
  { type: 'Unconfined' },
  { type: 'Localhost', localhostProfile: 'mine' },
);
const capabilities = fc.uniqueArray(fc.constantFrom('ALL', 'NET_BIND_SERVICE', 'CHOWN', 'NET_ADMIN'), { maxLength: 2 });
const seLinux = fc.record(
  { type: fc.constantFrom('', 'container_t', 'container_engine_t', 'spc_t'), user: fc.constantFrom('', 'system_u') },
  { requiredKeys: [] },
);
const host = fc.constantFrom(undefined, '', '10.0.0.1');

/** One field of a security context, of the pod or of a container. */
const contextField = fc.oneof(
  fc.record({ name: fc.constant('runAsNonRoot'), value: fc.constantFrom(true, false, undefined) }),
  fc.record({ name: fc.constant('runAsUser'), value: fc.constantFrom(0, 1000) }),
  fc.record({ name: fc.constantFrom('seccompProfile', 'appArmorProfile'), value: profile }),
  fc.record({ name: fc.constant('seLinuxOptions'), value: seLinux }),
);
const containerContextField = fc.oneof(
  contextField,
  fc.record({ name: fc.constant('allowPrivilegeEscalation'), value: fc.constantFrom(true, false, undefined) }),
  fc.record({ name: fc.constant('procMount'), value: fc.constantFrom('Default', 'Unmasked') }),
  fc.record({
    name: fc.constant('capabilities'),
    value: fc.record({ add: capabilities, drop: capabilities }, { requiredKeys: [] }),
  }),
);
const containerField = fc.oneof(
  fc.record({
    name: fc.constant('ports'),
    value: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 80, hostPort: 80 }]),
  }),
  fc.record({ name: fc.constant('livenessProbe'), value: host.map((at) => ({ httpGet: { port: 80, host: at } })) }),
  fc.record({ name: fc.constant('readinessProbe'), value: host.map((at) => ({ tcpSocket: { port: 80, host: at } })) }),
  fc.record({
    name: fc.constant('lifecycle'),
    value: host.map((at) => ({ preStop: { httpGet: { port: 80, host: at } } })),
  }),
);
const podField = fc.oneof(
  fc.record({ name: fc.constantFrom('hostNetwork', 'hostPID', 'hostIPC', 'hostUsers'), value: fc.boolean() }),
  fc.record({
    name: fc.constant('volumes'),
    value: fc
      .constantFrom<Fields>(
        {},
        { configMap: { name: 'x' } },
        { secret: { secretName: 'x' } },
        { hostPath: { path: '/x' } },
        { nfs: { server: 'x', path: '/x' } },
        { image: { reference: 'example.com/x:1' } },
      )
      .map((volume) => [{ name: 'v0', ...volume }]),
  }),
);
const sysctl = fc.constantFrom('net.ipv4.tcp_rmem', 'kernel.msgmax', 'kernel.shm_rmid_forced');

/** A change of a pod that every level takes. */
const change = fc.oneof(
  contextField.map(
    ({ name, value }) =>
      (pod: ReturnType<typeof restricted>) =>
        set(pod.securityContext, name, value),
  ),
  sysctl.map(
    (name) => (pod: ReturnType<typeof restricted>) => set(pod.securityContext, 'sysctls', [{ name, value: '1' }]),
  ),
  podField.map(
    ({ name, value }) =>
      (pod: ReturnType<typeof restricted>) =>
        set(pod, name, value),
  ),
  fc
    .tuple(fc.constantFrom('containers', 'initContainers'), containerContextField)
    .map(([list, { name, value }]) => (pod: ReturnType<typeof restricted>) => {
      for (const one of (pod[list] as Fields[]).slice(0, 1)) set(one.securityContext as Fields, name, value);
    }),
  containerField.map(
    ({ name, value }) =>
      (pod: ReturnType<typeof restricted>) =>
        set(pod.containers[1] as Fields, name, value),
  ),
);

function set(fields: Fields, name: string, value: unknown): void {
  if (value === undefined) delete fields[name];
  else fields[name] = value;
}

const spec = fc.array(change, { maxLength: 3 }).map((changes) => {
  const pod = restricted();
  for (const one of changes) one(pod);
  return pod;
});

describe.skipIf(inject('rig') === 'missing')('the check of pod security', () => {
  const platform = new AppliedPlatform('podsec');
  let target: KubeTarget;
  beforeAll(async () => {
    target = await platform.open();
    for (const level of LEVELS) {
      const body = namespace(platform.namespace(level));
      const labels = { 'pod-security.kubernetes.io/enforce': level };
      await target.client.request({
        method: 'POST',
        path: '/api/v1/namespaces',
        body: { ...body, metadata: { ...body.metadata, labels } },
      });
    }
  });
  afterAll(() => platform.cleanUp());

  it('agrees with the API server about every pod that is valid, and names what the server names', async () => {
    const verdicts = { pass: 0, fail: 0, invalid: 0 };
    await fc.assert(
      fc.asyncProperty(spec, fc.constantFrom(...LEVELS), async (pod, level) => {
        const answer = await target.client.request({
          method: 'POST',
          path: `/api/v1/namespaces/${platform.namespace(level)}/pods`,
          query: { dryRun: 'All' },
          body: {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'one' },
            spec: { ...pod, serviceAccountName: 'default' },
          },
        });
        const { message = '' } = answer.body as { message?: string };
        const refused = message.includes('violates PodSecurity');
        if (answer.status >= 300 && !refused) {
          // Before the service account of a new namespace is there nothing is judged.
          expect(message).not.toContain('service account');
          verdicts.invalid++;
          return;
        }
        const violations = violationsOf({ path: 'spec', annotations: {}, spec: pod }, level, 36);
        expect(violations.length > 0, `${message}\n${JSON.stringify(violations)}`).toBe(refused);
        verdicts[refused ? 'fail' : 'pass']++;
      }),
      { numRuns: 600 },
    );
    process.stdout.write(`pod security beside the API server: ${JSON.stringify(verdicts)}\n`);
    expect(verdicts.pass).toBeGreaterThan(100);
    expect(verdicts.fail).toBeGreaterThan(100);
  });
});
