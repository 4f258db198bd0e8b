import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pluralOf } from './plural-names';

const CRDS = path.resolve('../shared/data/crds');

/** Names that only their authors know. */
const OTHERS = {
  'HTTPChaos.chaos-mesh.org': 'httpchaos',
  'IOChaos.chaos-mesh.org': 'iochaos',
  'NetworkChaos.chaos-mesh.org': 'networkchaos',
  'PodChaos.chaos-mesh.org': 'podchaos',
  'StressChaos.chaos-mesh.org': 'stresschaos',
  'Redis.redis.redis.opstreelabs.in': 'redis',
};

describe('the name of a resource', () => {
  it.each([
    ['', 'Endpoints', 'endpoints'],
    ['', 'ConfigMap', 'configmaps'],
    ['', 'ServiceAccount', 'serviceaccounts'],
    ['networking.k8s.io', 'Ingress', 'ingresses'],
    ['networking.k8s.io', 'NetworkPolicy', 'networkpolicies'],
    ['networking.k8s.io', 'IPAddress', 'ipaddresses'],
    ['storage.k8s.io', 'StorageClass', 'storageclasses'],
    ['autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
    ['admissionregistration.k8s.io', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
    ['gateway.networking.k8s.io', 'Gateway', 'gateways'],
  ])('of %s %s is %s', (group, kind, expected) => {
    expect(pluralOf(group, kind, {})).toBe(expected);
  });

  it('is the one that is given, where one is', () => {
    expect(pluralOf('redis.redis.opstreelabs.in', 'Redis', OTHERS)).toBe('redis');
  });

  it.skipIf(!fs.existsSync(CRDS))('follows the rule for every definition at hand but six', () => {
    const files = fs.globSync('*/*.yaml', { cwd: CRDS });
    expect(files.length).toBeGreaterThan(300);
    const wrong: Record<string, string> = {};
    for (const file of files) {
      const text = fs.readFileSync(path.join(CRDS, file), 'utf8');
      const names = /^ {2}names:\n((?: {4}.*\n| {2}- .*\n)+)/m.exec(text)?.[1] ?? '';
      const [group, kind, plural] = [
        /^ {2}group: (\S+)/m.exec(text),
        /^ {4}kind: (\S+)/m.exec(names),
        /^ {4}plural: (\S+)/m.exec(names),
      ].map((match) => match?.[1] ?? '');
      if (pluralOf(group as string, kind as string, {}) !== plural) wrong[`${kind}.${group}`] = plural as string;
    }
    expect(wrong).toEqual(OTHERS);
  });
});
