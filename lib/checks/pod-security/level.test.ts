import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { record } from '../../kubernetes/fields.ts';
import { readYaml } from '../../yaml/read.ts';
import { type PodSecurityLevel, violationsOf } from './level.ts';

/** Pods of kubernetes/pod-security-admission, each in the folder of its verdict (../shared/data/SOURCES.md). */
const DATA = fileURLToPath(new URL('../../../../shared/data/pod-security', import.meta.url));
const skipped = !existsSync(DATA) && process.env.CI !== 'true';

function podOf(object: Readonly<Record<string, unknown>>) {
  return { path: 'spec', annotations: record(record(object.metadata).annotations), spec: record(object.spec) };
}

const cases = (['baseline', 'restricted'] as const).flatMap((level) =>
  (['pass', 'fail'] as const).flatMap((verdict) => {
    const folder = path.join(DATA, level, 'v1.36', verdict);
    return skipped ? [] : readdirSync(folder).map((file) => [level, verdict, file] as const);
  }),
);

describe.skipIf(skipped)('the levels of the Pod Security Standards', () => {
  it('are tried on all pods that are there', () => {
    expect(cases.length).toBe(148);
  });

  it.each(cases)('%s %s %s', (level, verdict, file) => {
    const text = readFileSync(path.join(DATA, level, 'v1.36', verdict, file));
    const pod = podOf(record(readYaml(text, { source: file })[0]?.value));
    expect(violationsOf(pod, level, 36).length > 0 ? 'fail' : 'pass').toBe(verdict);
  });
});

const plain = { containers: [{ name: 'main', image: 'a' }] };
const violated = (spec: object, level: PodSecurityLevel, minor = 36, annotations = {}) =>
  violationsOf({ path: 'spec', annotations, spec: { ...plain, ...spec } }, level, minor).map(
    ({ control, path: at }) => `${control}: ${at}`,
  );

describe('a level', () => {
  it('names every field at fault', () => {
    expect(violated({ hostNetwork: true, hostPID: true }, 'baseline')).toEqual([
      'host namespaces: spec.hostNetwork',
      'host namespaces: spec.hostPID',
    ]);
    expect(violated({}, 'restricted')).toEqual([
      'privilege escalation: spec.containers[0].securityContext.allowPrivilegeEscalation',
      'running as non-root: spec.containers[0].securityContext.runAsNonRoot',
      'seccomp: spec.containers[0].securityContext.seccompProfile',
      'capabilities: spec.containers[0].securityContext.capabilities.drop',
    ]);
    expect(violated({ hostNetwork: true, hostPID: true }, 'privileged')).toEqual([]);
  });

  it('asks of old versions what they asked', () => {
    const asked = (minor: number, os?: string) =>
      violated(os === undefined ? {} : { os: { name: os } }, 'restricted', minor).map((one) => one.replace(/:.*/, ''));
    expect(asked(18)).toEqual(['privilege escalation', 'running as non-root']);
    expect(asked(21)).toEqual(['privilege escalation', 'running as non-root', 'seccomp']);
    expect(asked(22)).toEqual(['privilege escalation', 'running as non-root', 'seccomp', 'capabilities']);
    expect([24, 25].map((minor) => asked(minor, 'windows').length)).toEqual([4, 1]);
    const root = { securityContext: { runAsNonRoot: true, runAsUser: 0 } };
    expect(
      [22, 23].map((minor) =>
        violated(root, 'restricted', minor).includes('running as root: spec.securityContext.runAsUser'),
      ),
    ).toEqual([false, true]);
  });

  it('reads profiles of seccomp where its version has them', () => {
    const annotations = {
      'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
      'container.seccomp.security.alpha.kubernetes.io/main': 'localhost/x',
      'container.seccomp.security.alpha.kubernetes.io/other': 'unconfined',
    };
    expect(violated({}, 'baseline', 18, annotations)).toEqual([
      'seccomp: metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]',
    ]);
    expect(violated({}, 'baseline', 19, annotations)).toEqual([]);
    const fields = { securityContext: { seccompProfile: { type: 'Unconfined' } } };
    expect([18, 19].map((minor) => violated(fields, 'baseline', minor).length)).toEqual([0, 1]);
  });

  it('is that of the version that enforces it', () => {
    const sysctl = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } };
    expect([31, 32].map((minor) => violated(sysctl, 'baseline', minor).length)).toEqual([1, 0]);
    const newer = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_notsent_lowat', value: '1' }] } };
    expect([36, 37].map((minor) => violated(newer, 'baseline', minor).length)).toEqual([1, 0]);
    const probe = { containers: [{ name: 'main', livenessProbe: { httpGet: { host: '10.0.0.1' } } }] };
    expect([33, 34].map((minor) => violated(probe, 'baseline', minor).length)).toEqual([0, 1]);
    const engine = { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } };
    expect([30, 31].map((minor) => violated(engine, 'baseline', minor).length)).toEqual([1, 0]);
    const unmasked = { hostUsers: false, containers: [{ name: 'main', securityContext: { procMount: 'Unmasked' } }] };
    expect([34, 35].map((minor) => violated(unmasked, 'baseline', minor).length)).toEqual([1, 0]);
    const root = { hostUsers: false, securityContext: { runAsUser: 0 } };
    const rootRules = (minor: number) =>
      violated(root, 'restricted', minor).filter((text) => text.startsWith('running as'));
    expect([34, 35].map((minor) => rootRules(minor).length)).toEqual([2, 0]);
  });

  it('reads the annotations of AppArmor', () => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' };
    expect(violated({}, 'baseline', 36, annotations)).toEqual([
      'AppArmor: metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]',
    ]);
  });
});
