import { describe, expect, it } from 'vitest';
import { releaseId } from '../helm/native-input.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredRelease } from '../render/desired-state.ts';
import { type Fields, object, state } from './desired-state.test-data.ts';
import { type FindingWaiver, runChecks } from './run-checks.ts';

const container = (fields: Fields = {}) => ({
  name: 'main',
  image: 'mall/cart:1.2.3',
  resources: { requests: { cpu: '100m', memory: '64Mi' } },
  readinessProbe: { tcpSocket: { port: 8080 } },
  ...fields,
});

function deployment(
  pod: Fields = {},
  more: { labels?: Fields; selector?: Fields; replicas?: number } = {},
): KubernetesObject {
  const labels = more.labels ?? { app: 'cart' };
  return object('apps/v1', 'Deployment', 'cart', {
    spec: {
      replicas: more.replicas ?? 2,
      selector: more.selector ?? { matchLabels: { app: 'cart' } },
      template: { metadata: { labels }, spec: { containers: [container()], ...pod } },
    },
  });
}

const service = (spec: Fields, metadata: Fields = {}) =>
  object(
    'v1',
    'Service',
    'cart',
    { spec: { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 'http' }], ...spec } },
    metadata,
  );
const withPorts = (...ports: Fields[]) => deployment({ containers: [container({ ports })] });
const autoscaler = (target: string, metrics: readonly Fields[] = []) =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'cart', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target }, maxReplicas: 9, metrics },
  });
const utilization = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
};
const budget = (spec: Fields) =>
  object('policy/v1', 'PodDisruptionBudget', 'cart', { spec: { selector: { matchLabels: { app: 'cart' } }, ...spec } });
const policy = (podSelector: Fields) =>
  object('networking.k8s.io/v1', 'NetworkPolicy', 'cart', { spec: { podSelector } });
const namespace = (level: string, version = 'latest'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'shop',
    labels: { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/enforce-version': version },
  },
});

/** What is found in one cluster: "check severity field". */
function found(...objects: KubernetesObject[]): string[] {
  return runChecks(state({ alpha: objects }), []).findings.map(
    ({ check, severity, field }) => `${check} ${severity} ${field}`,
  );
}

const FIRST = 'spec.template.spec.containers[0]';
const limits = (fields: Fields) =>
  object('v1', 'LimitRange', 'defaults', { spec: { limits: [{ type: 'Container', ...fields }] } });
const http = { name: 'http', containerPort: 8080 };

describe('checks', () => {
  it.each<[string, readonly KubernetesObject[], readonly string[]]>([
    ['nothing where all is well', [deployment()], []],
    [
      'a selector that matches its own pods by expression',
      [deployment({}, { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart'] }] } })],
      [],
    ],
    [
      'a selector that does not match its own pods',
      [deployment({}, { labels: { app: 'card' } })],
      ['selector error spec.selector'],
    ],
    ['a Service whose named port a container has', [withPorts(http), service({})], []],
    [
      'a Service whose numbered port nobody declares, where no port is declared',
      [deployment(), service({ ports: [{ port: 80 }] })],
      [],
    ],
    ['a Service without a selector', [service({ selector: {} })], []],
    ['a Service that is another name', [service({ type: 'ExternalName' })], []],
    ['a Service without pods', [service({})], ['service warning spec.selector']],
    [
      'a Service of another namespace than its pods',
      [withPorts(http), service({}, { namespace: 'other' })],
      ['service warning spec.selector'],
    ],
    [
      'a Service whose named port no container has',
      [withPorts({ ...http, name: 'web' }), service({})],
      ['service error spec.ports[0].targetPort'],
    ],
    [
      'a Service whose port has another protocol',
      [withPorts({ ...http, protocol: 'UDP' }), service({})],
      ['service error spec.ports[0].targetPort'],
    ],
    [
      'a Service whose number is none of the declared',
      [withPorts(http), service({ ports: [{ port: 80 }] })],
      ['service warning spec.ports[0].port'],
    ],
    [
      'an autoscaler of a workload that requests what is measured',
      [deployment(), autoscaler('cart', [utilization])],
      [],
    ],
    [
      'an autoscaler of a workload that requests nothing',
      [
        deployment({ containers: [container({ resources: { limits: { memory: '1Gi' } } })] }),
        autoscaler('cart', [utilization]),
      ],
      ['autoscaler warning spec.metrics[0]', `resources warning ${FIRST}.resources.requests`],
    ],
    ['an autoscaler of nothing', [deployment(), autoscaler('card')], ['autoscaler warning spec.scaleTargetRef']],
    [
      'a budget for pods that nothing makes',
      [deployment(), budget({ selector: { matchLabels: { app: 'card' } }, maxUnavailable: 1 })],
      ['idle-selector warning spec.selector'],
    ],
    [
      'a network policy for pods that nothing makes',
      [deployment(), policy({ matchExpressions: [{ key: 'app', operator: 'In', values: ['card'] }] })],
      ['idle-selector warning spec.podSelector'],
    ],
    ['a network policy for pods that somebody makes', [deployment(), policy({ matchLabels: { app: 'cart' } })], []],
    ['a network policy for every pod', [deployment(), policy({})], []],
    ['a network policy where somebody else makes the pods', [policy({ matchLabels: { app: 'card' } })], []],
    [
      'a secret in clear in a ConfigMap',
      [
        object('v1', 'ConfigMap', 'cart', {
          data: { 'db.password': 'hunter2', 'token-lifetime': '5m', password: '$(PASSWORD)' },
        }),
      ],
      ['plain-secret warning data["db.password"]'],
    ],
    [
      'containers that do not say what they need',
      [deployment({ containers: [container({ resources: {} }), container({ name: 'log' })] })],
      [`resources warning ${FIRST}.resources.requests`],
    ],
    [
      'containers that a LimitRange says it for',
      [
        deployment({ containers: [container({ resources: {} })] }),
        limits({ defaultRequest: { cpu: '1' }, default: { memory: '1Gi' } }),
      ],
      [],
    ],
    [
      'containers that a LimitRange says half of it for',
      [deployment({ containers: [container({ resources: {} })] }), limits({ defaultRequest: { cpu: '1' } })],
      [`resources warning ${FIRST}.resources.requests`],
    ],
    ['init containers, which need not say it', [deployment({ initContainers: [container({ resources: {} })] })], []],
    [
      'a pod that says it as a whole',
      [
        deployment({
          resources: { requests: { cpu: '1', memory: '1Gi' } },
          containers: [container({ resources: {} })],
        }),
      ],
      [],
    ],
    [
      'a workload behind a Service that does not say when it is ready',
      [deployment({ containers: [container({ ports: [http], readinessProbe: undefined })] }), service({})],
      [`probe warning ${FIRST}.readinessProbe`],
    ],
    [
      'a workload behind a Service that wants no answer to that',
      [
        deployment({ containers: [container({ ports: [http], readinessProbe: undefined })] }),
        service({ publishNotReadyAddresses: true }),
      ],
      [],
    ],
    ['a workload that no Service asks', [deployment({ containers: [container({ readinessProbe: undefined })] })], []],
    [
      'a workload whose sidecar says it',
      [
        deployment({
          initContainers: [container({ name: 'proxy', restartPolicy: 'Always' })],
          containers: [container({ ports: [http], readinessProbe: undefined })],
        }),
        service({}),
      ],
      [],
    ],
    ['a budget that lets one pod go', [deployment(), budget({ minAvailable: 1 })], []],
    [
      'a budget that lets none go, by number',
      [deployment(), budget({ minAvailable: 2 })],
      ['disruption-budget warning spec.minAvailable'],
    ],
    [
      'a budget that lets none go, by share',
      [deployment(), budget({ minAvailable: '100%' })],
      ['disruption-budget warning spec.minAvailable'],
    ],
    [
      'a budget of zero',
      [deployment(), budget({ maxUnavailable: 0 })],
      ['disruption-budget warning spec.maxUnavailable'],
    ],
    ['an image by digest', [deployment({ containers: [container({ image: `cart@sha256:${'0'.repeat(64)}` })] })], []],
    [
      'an image of a registry with a port',
      [deployment({ containers: [container({ image: 'registry:5000/cart' })] })],
      ['image-version warning spec.template.spec.containers[0].image'],
    ],
    [
      'the newest image, whatever it is',
      [deployment({ initContainers: [container({ image: 'cart:latest' })] })],
      ['image-version warning spec.template.spec.initContainers[0].image'],
    ],
    [
      'a secret that comes from a Secret',
      [
        deployment({
          containers: [
            container({ env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] }),
          ],
        }),
      ],
      [],
    ],
    [
      'a secret in clear',
      [deployment({ containers: [container({ env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] })] })],
      ['plain-secret warning spec.template.spec.containers[0].env[0].value'],
    ],
    [
      'a pod that takes the node',
      [deployment({ hostNetwork: true })],
      ['pod-security warning spec.template.spec.hostNetwork'],
    ],
    [
      'a pod that its namespace refuses',
      [namespace('baseline'), deployment({ hostNetwork: true })],
      ['pod-security error spec.template.spec.hostNetwork'],
    ],
    ['a pod that its namespace lets do anything', [namespace('privileged'), deployment({ hostNetwork: true })], []],
    [
      'a pod in the version of the level that its namespace names',
      [
        namespace('baseline', 'v1.33'),
        deployment({ containers: [container({ livenessProbe: { httpGet: { host: 'x', port: 1 } } })] }),
      ],
      [],
    ],
  ])('find %s', (_, objects, expected) => {
    expect(found(...objects)).toEqual(expected);
  });

  it('never show a value that they call secret', () => {
    const env = [{ name: 'API_TOKEN', value: 'hunter2' }];
    expect(
      JSON.stringify(runChecks(state({ alpha: [deployment({ containers: [container({ env })] })] }), [])),
    ).not.toContain('hunter2');
  });

  it('take the pods of a CronJob where they lie', () => {
    const template = { spec: { containers: [container({ image: 'job' })] } };
    expect(
      found(
        object('batch/v1', 'CronJob', 'report', {
          spec: { schedule: '0 1 * * *', jobTemplate: { spec: { template } } },
        }),
      ),
    ).toEqual(['image-version warning spec.jobTemplate.spec.template.spec.containers[0].image']);
  });

  it('say the same finding of several clusters once, errors first', () => {
    const bad = deployment({ containers: [container({ image: 'cart' })] });
    const { findings, clusters, objects } = runChecks(
      state({ alpha: [bad], beta: [bad, autoscaler('card')], gamma: [deployment({}, { labels: {} })] }),
      [],
    );
    expect(findings.map(({ check, clusters: where }) => [check, where])).toEqual([
      ['selector', ['gamma']],
      ['image-version', ['alpha', 'beta']],
      ['autoscaler', ['beta']],
    ]);
    expect([clusters, objects]).toEqual([3, 4]);
  });

  const waive = (check: string, objects: string): FindingWaiver => ({
    check,
    objects,
    reason: 'because',
    source: 'cdk8s.yaml:9',
  });

  it('leave out what is waived, and say which waivers concern nothing any more', () => {
    const bad = deployment({ containers: [container({ image: 'cart' })] });
    const stale = waive('service', '*');
    const result = runChecks(state({ alpha: [bad], beta: [bad] }), [
      waive('image-version', 'alpha:Deployment/shop/*'),
      stale,
    ]);
    expect(result.findings.map(({ clusters }) => clusters)).toEqual([['beta']]);
    expect(result.waived).toMatchObject([{ check: 'image-version', clusters: ['alpha'], reason: 'because' }]);
    expect(result.unused).toEqual([stale]);
  });

  it('find nothing to be missing where helm installs releases by itself: nobody knows what they bring', () => {
    const web = deployment({}, { labels: { app: 'web' }, selector: { matchLabels: { app: 'web' } } });
    const objects = [web, service({}), autoscaler('other'), policy({ matchLabels: { app: 'cart' } })];
    const missing = ['service', 'autoscaler', 'idle-selector'];
    const found = (namespace: string) => {
      const [alpha] = state({ alpha: objects }).clusters;
      const release = { id: releaseId(namespace, 'shop') } as DesiredRelease;
      const clusters = [{ ...(alpha as DesiredCluster), releases: [release] }];
      const { findings } = runChecks({ ...state({}), clusters }, []);
      return findings.map(({ check }) => check).filter((check) => missing.includes(check));
    };
    expect(found('elsewhere').sort()).toEqual([...missing].sort());
    expect(found('shop')).toEqual([]);
  });

  it('refuse a waiver of a check that does not exist, with its line', () => {
    expect(() => runChecks(state({}), [waive('imgae-version', 'all')])).toThrow(
      expect.objectContaining({ code: 'ORR1002', where: expect.objectContaining({ source: 'cdk8s.yaml:9' }) }),
    );
  });
});
