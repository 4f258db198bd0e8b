import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { runChecks } from './run-checks.ts';

const container = (fields: Fields = {}) => ({ name: 'main', image: 'mall/cart:1.2.3', ...fields });

function deployment(pod: Fields = {}, spec: Fields = {}): KubernetesObject {
  const labels = { app: 'cart' };
  return object('apps/v1', 'Deployment', 'cart', {
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container()], ...pod } },
      ...spec,
    },
  });
}

const configMap = (data: Fields) => object('v1', 'ConfigMap', 'cart', { data });
const secret = (data: Fields) => object('v1', 'Secret', 'cart', { data });
const service = (...ports: Fields[]) => object('v1', 'Service', 'cart', { spec: { type: 'ClusterIP', ports } });
const budget = (spec: Fields) => object('policy/v1', 'PodDisruptionBudget', 'cart', { spec });

function findings(objects: readonly KubernetesObject[], kubernetesVersion?: string) {
  const facts = kubernetesVersion === undefined ? {} : { kubernetesVersion };
  return runChecks(state({ alpha: objects }, facts), []).findings.filter(({ check }) => check === 'schema');
}

function said(...objects: KubernetesObject[]): string[] {
  return findings(objects).map(({ severity, field, what, fix }) => `${severity} ${field}: ${what} ${fix}`);
}

describe('the check of schemas', () => {
  it.each<[string, KubernetesObject]>([
    ['a Deployment', deployment()],
    ['fields whose names nobody fixes', configMap({ anything: 'goes', 'a.b/c': 'x' })],
    ['what is null, as if it were not there', deployment({ nodeSelector: null }, { replicas: null })],
    ['a number or a text where either may stand', budget({ minAvailable: '50%' })],
    ['a whole number where a text may stand', budget({ minAvailable: 1 })],
    [
      'quantities as numbers and as texts',
      deployment({ containers: [container({ resources: { limits: { cpu: 0.5, memory: '1.5Gi', gpu: '1e3' } } })] }),
    ],
    ['an empty word, which means the default', service({ port: 80, protocol: '' })],
    [
      'two items whose keys differ in a default',
      service({ port: 80, name: 'a' }, { port: 80, protocol: 'UDP', name: 'b' }),
    ],
    ['a Secret in base64', secret({ a: 'aHVudGVyMg==', b: '', c: 'YWJj\nYWJj' })],
    ['a kind that nothing is known of', object('example.com/v1', 'Whatever', 'x', { spec: { a: [1] } })],
    ['a status, which nobody applies', { ...deployment(), status: { whatever: 1 } }],
  ])('finds nothing in %s', (_, given) => {
    expect(said(given)).toEqual([]);
  });

  it.each<[string, KubernetesObject, string]>([
    [
      'a misspelt field, and what was meant',
      deployment({ containers: [container({ imagePullPolcy: 'Always' })] }),
      'error spec.template.spec.containers[name=main].imagePullPolcy: Container has no field "imagePullPolcy". Did you mean imagePullPolicy?',
    ],
    [
      'a field that belongs some levels deeper',
      deployment({}, { containers: [] }),
      'error spec.containers: DeploymentSpec has no field "containers". Did you mean template.spec.containers?',
    ],
    [
      'a field of the items of a list below',
      deployment({ env: [] }),
      'error spec.template.spec.env: PodSpec has no field "env". Did you mean containers[].env?',
    ],
    [
      'a field that belongs further out',
      deployment({ containers: [container({ replicas: 2 })] }),
      'error spec.template.spec.containers[name=main].replicas: Container has no field "replicas". It belongs to spec: move it there.',
    ],
    [
      'a field that belongs nowhere near',
      deployment({}, { brandNew: 1 }),
      'error spec.brandNew: DeploymentSpec has no field "brandNew". Remove it, or move it to where it belongs.',
    ],
    [
      'a field one level too high',
      object('v1', 'PersistentVolumeClaim', 'data', { storageClassName: 'fast' }),
      'error storageClassName: PersistentVolumeClaim has no field "storageClassName". Did you mean spec.storageClassName?',
    ],
    [
      'a text for a number',
      deployment({}, { replicas: '3' }),
      'error spec.replicas: A whole number belongs here, not this text. Leave out the quotes.',
    ],
    [
      'a number for a text',
      configMap({ port: 8080 }),
      'error data.port: Text belongs here, not a number. Put it in quotes.',
    ],
    [
      'a fraction for a whole number',
      deployment({}, { replicas: 1.5 }),
      'error spec.replicas: A whole number belongs here, not a fraction. Write a whole number.',
    ],
    [
      'a number that is too big',
      deployment({}, { replicas: 3e9 }),
      'error spec.replicas: The number does not fit into 32 bits. Write a smaller one.',
    ],
    [
      'an object for a list',
      deployment({ containers: container() }),
      'error spec.template.spec.containers: A list belongs here, not an object. Write a list, also for one item.',
    ],
    [
      'a quantity that is none',
      deployment({ containers: [container({ resources: { limits: { memory: '2GB' } } })] }),
      'error spec.template.spec.containers[name=main].resources.limits.memory: A quantity ("500m", "2Gi") belongs here, not this text. Write a quantity ("500m", "2Gi").',
    ],
    [
      'a missing field',
      service({ name: 'http' }),
      'error spec.ports[0].port: ServicePort needs the field "port". Set it.',
    ],
    [
      'what a missing struct would have held',
      object('apps/v1', 'Deployment', 'cart', {}),
      'error spec: Deployment needs the field "spec". Set it.',
    ],
    [
      'a word that is none of those allowed',
      deployment({ restartPolicy: 'always' }),
      'error spec.template.spec.restartPolicy: The value "always" is none of Always, Never, OnFailure. Did you mean Always?',
    ],
    [
      'two items with one key, which server-side apply refuses',
      service({ port: 80 }, { port: 80, protocol: 'TCP', name: 'again' }),
      'error spec.ports[1]: The list has two items with port=80,protocol=TCP, the first at 0; the API server refuses that. Remove one, or give it another key.',
    ],
    [
      'a set with an item twice',
      { ...deployment(), metadata: { name: 'cart', namespace: 'shop', finalizers: ['a/b', 'a/b'] } },
      'error metadata.finalizers[1]: It is in the list twice, first at 0; items of this list are different. Remove one.',
    ],
    [
      'an item of a keyed list that is null',
      deployment({ containers: [container(), null] }),
      'error spec.template.spec.containers[1]: The item is null. Remove it, or write what it shall hold.',
    ],
  ])('finds %s', (_, given, expected) => {
    expect(said(given)).toEqual([expected]);
  });

  it('never shows the value of a Secret', () => {
    const found = said(secret({ password: 'hunter2!' }), object('v1', 'Secret', 'pin', { data: { pin: 1234 } }));
    expect(found).toEqual([
      'error data.password: Text in base64 belongs here, not this text. Write text in base64.',
      'error data.pin: Text in base64 belongs here, not a number. Write text in base64.',
    ]);
  });

  it('knows which release has a field, and how to go on with a cluster that has another', () => {
    const group = deployment({ schedulingGroup: { podGroupName: 'x' } });
    expect(findings([group], '1.36.3')).toEqual([]);
    expect(findings([group])).toEqual([]);
    expect(findings([group], '1.34')).toMatchObject([
      {
        severity: 'error',
        what: 'PodSpec has the field "schedulingGroup" since Kubernetes 1.36 only; this cluster has Kubernetes 1.34.',
        fix: 'Leave it out for this cluster: name it in waivers of cdk8s.yaml.',
      },
    ]);
    expect(findings([deployment({ workloadRef: { name: 'x', podGroup: 'y' } })], '1.36')).toMatchObject([
      { what: 'PodSpec has the field "workloadRef" up to Kubernetes 1.35 only; this cluster has Kubernetes 1.36.' },
    ]);
  });

  it('only warns of fields that a release may have which it does not know', () => {
    const newer = deployment({ brandNew: 1 });
    expect(findings([newer], '1.99')).toMatchObject([{ severity: 'warning' }]);
    expect(findings([deployment({ schedulingGroup: {} })], '1.33')).toMatchObject([
      {
        severity: 'warning',
        what: expect.stringMatching(/since Kubernetes 1.36 only; this cluster has Kubernetes 1.33.$/),
      },
    ]);
    expect(findings([newer], '1.36')).toMatchObject([{ severity: 'error' }]);
  });

  it('finds every misspelling of a field, wherever it stands, and nothing else', () => {
    const pod = {
      containers: [container({ livenessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 } })],
    };
    const paths = [
      ['spec', 'replicas'],
      ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'],
      ['spec', 'template', 'spec', 'containers', 0, 'livenessProbe', 'httpGet', 'scheme'],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.stringMatching(/^[a-z][A-Za-z]{0,12}$/), (path, name) => {
        fc.pre(!['port', 'path', 'host', 'paused', 'os', 'scheme'].includes(name));
        const copy = structuredClone(deployment(pod));
        let at = copy as unknown as Record<string | number, never>;
        for (const step of path.slice(0, -1)) at = at[step] as never;
        (at as Record<string, unknown>)[`${name}Zz`] = 1;
        expect(findings([copy]).map(({ field }) => field?.split('.').at(-1))).toEqual([`${name}Zz`]);
      }),
    );
  });
});
