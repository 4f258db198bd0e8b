import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exposure } from '../exposure';
import { ResilienceBackend } from '../resilience';
import type { AnyObject } from '../synthesis.test-support';
import { GATEWAY, type Objects, type Released, released } from './canary.test-support';
import { CanaryBackend } from './canary-backend';
import { CanaryDye } from './canary-dye';
import { CanaryMatch } from './canary-match';
import type { CanaryReleaseProps } from './canary-release';
import { CanaryStep } from './canary-step';

/** Steps that are not refused: shares that grow, and whatever else between them. */
const someSteps = (backend: CanaryBackend): fc.Arbitrary<CanaryStep[]> => {
  const pauses = fc.constantFrom(
    () => CanaryStep.pause('5m'),
    () => CanaryStep.approve(),
  );
  const matches = fc.constantFrom(
    () => CanaryMatch.header('x-beta', { exact: 'yes' }),
    () => CanaryMatch.cookie('beta', 'yes'),
    () => CanaryMatch.query('beta', { regex: '(yes|true)' }),
    ...(backend === CanaryBackend.ISTIO ? [() => CanaryMatch.client({ app: 'web' })] : []),
  );
  const between = fc.array(
    fc.oneof(
      pauses.map((make) => make()),
      fc
        .array(matches, { minLength: 1, maxLength: 3 })
        .map((made) => CanaryStep.headerRoute(...made.map((make) => make()))),
    ),
    { maxLength: 2 },
  );
  const shares = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 5 });
  return fc
    .tuple(fc.option(fc.integer({ min: 1, max: 100 })), between, shares, fc.boolean(), pauses)
    .map(([mirror, some, weights, sorted, pause]) => [
      ...(mirror === null ? [] : [CanaryStep.mirror(mirror)]),
      ...some,
      pause(),
      ...(sorted ? [...weights].sort((a, b) => a - b) : weights.filter((weight) => weight < 100)).map((weight) =>
        CanaryStep.weight(weight),
      ),
    ]);
};

const someReleases = fc.constantFrom(CanaryBackend.ISTIO, CanaryBackend.GATEWAY_API).chain((backend) =>
  fc.record({
    backend: fc.constant(backend),
    steps: someSteps(backend),
    isSticky: fc.boolean(),
    isDyed: fc.boolean(),
    isExposed: fc.boolean(),
    isResilient: fc.boolean(),
    isScaled: fc.boolean(),
    replicas: fc.integer({ min: 0, max: 7 }),
    ports: fc.constantFrom(1, 2),
  }),
);

type Sample = typeof someReleases extends fc.Arbitrary<infer T> ? T : never;

function program(sample: Sample): Released {
  const { backend, steps, isSticky, isDyed, isExposed, isResilient, isScaled, replicas, ports } = sample;
  const props: Omit<CanaryReleaseProps, 'service'> = {
    image: 'mall/cart:4.13.0',
    backend,
    steps,
    meshCallers: backend === CanaryBackend.GATEWAY_API,
    ...(isSticky ? { stickiness: { version: {} } } : {}),
    ...(isDyed ? { dye: CanaryDye.header('x-lane', 'gray', { forwardedByApplications: true }) } : {}),
  };
  return released(props, {
    clusters: { prod: { ...GATEWAY, apiVersions: ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'] } },
    service: {
      ...(isScaled
        ? { replicas: undefined as never, cpu: '1', autoscaling: { minReplicas: 1 + replicas, maxReplicas: 20 } }
        : { replicas }),
      port: undefined as never,
      ports: [
        { name: 'http', port: 80 },
        { name: 'grpc', port: 90 },
      ].slice(0, ports),
    },
    use: (service) => {
      if (isExposed) service.expose(Exposure.httpRoute('shop.example.com', { port: 80 }));
      // Of a route of the Gateway API for callers in the mesh and one of Istio's one is ignored: refused.
      if (isResilient && backend === CanaryBackend.ISTIO)
        service.resilience({ backend: ResilienceBackend.ISTIO, timeout: '1s', circuitBreaker: {} });
    },
  });
}

/** Where a route leads: names of Services. */
interface Lead {
  readonly to: string;
  readonly isMirror: boolean;
}

function leadsOf(objects: Objects): Lead[] {
  return [...objects.values()].flatMap(({ kind, spec }): Lead[] => {
    if (kind === 'VirtualService')
      return spec.http.flatMap(({ route, mirrors = [] }: AnyObject) => [
        ...route.map(({ destination }: AnyObject) => ({ to: nameOf(destination.host), isMirror: false })),
        ...mirrors.map(({ destination }: AnyObject) => ({ to: nameOf(destination.host), isMirror: true })),
      ]);
    if (kind === 'HTTPRoute')
      return spec.rules.flatMap(({ backendRefs, filters = [] }: AnyObject) => [
        ...backendRefs.map(({ name }: AnyObject) => ({ to: name, isMirror: false })),
        ...filters.flatMap(({ requestMirror }: AnyObject) =>
          requestMirror === undefined ? [] : [{ to: requestMirror.backendRef.name, isMirror: true }],
        ),
      ]);
    return [];
  });
}

function nameOf(host: string): string {
  expect(host).toMatch(/^[a-z-]+\.mall\.svc\.cluster\.local$/);
  return host.split('.')[0] as string;
}

/** Names of Services whose selector matches the pods of a Deployment that has some. */
function reachable(objects: Objects): Set<string> {
  const all = [...objects.values()];
  const pods = all.filter(({ kind, spec }) => kind === 'Deployment' && spec.replicas !== 0);
  const found = all.filter(({ kind, spec }) => {
    if (kind !== 'Service') return false;
    return pods.some(({ spec: { template } }) =>
      Object.entries(spec.selector).every(([key, value]) => template.metadata.labels[key] === value),
    );
  });
  return new Set(found.map(({ metadata }) => metadata.name));
}

function templateOf(objects: Objects): string {
  return JSON.stringify(objects.get('mall/cart/Deployment')?.spec.template);
}

function checkWeights(objects: Objects): void {
  for (const { kind, spec } of objects.values()) {
    if (kind === 'VirtualService') {
      for (const { route } of spec.http) checkSum(route);
      const ports = new Map<unknown, number>();
      for (const [at, { match = [{}] }] of spec.http.entries())
        for (const one of match) {
          const { port, ...conditions } = one;
          const isDefault = Object.keys(conditions).length === 0;
          expect(ports.has(port), 'nothing comes after the default of a port').toBe(false);
          if (isDefault) ports.set(port, at);
        }
      expect(ports.size, 'every port has a default').toBeGreaterThan(0);
    }
    if (kind === 'HTTPRoute') for (const { backendRefs } of spec.rules) checkSum(backendRefs);
  }
}

function checkSum(destinations: AnyObject[]): void {
  const sum = destinations.reduce((total, { weight = 100 }) => total + weight, 0);
  expect(sum).toBe(100);
  for (const { weight = 100 } of destinations) expect(weight).toBeGreaterThan(0);
}

describe('every state of a canary release', { timeout: 120_000 }, () => {
  it('is whole in itself, and safe beside the one before it', () => {
    fc.assert(
      fc.property(someReleases, (sample) => {
        const release = program(sample);
        const hasPods = sample.isScaled || sample.replicas > 0;
        const stages = release.stages().map((name) => release.at(name));
        const before = release.before();
        for (const objects of [before, ...stages, ...release.abort()]) {
          checkWeights(objects);
          const there = new Set(
            [...objects.values()].flatMap(({ kind, metadata }) => (kind === 'Service' ? [metadata.name] : [])),
          );
          for (const { to } of leadsOf(objects)) {
            expect(there, to).toContain(to);
            if (hasPods) expect(reachable(objects), to).toContain(to);
          }
        }
        // Writes come in any order, and deletes after all of them: what a route of the next state leads to was there before, or is no route yet.
        const walk = (from: Objects, to: Objects) => {
          const had = reachable(from);
          if (hasPods) for (const lead of leadsOf(to)) expect(had, `${lead.to} was there`).toContain(lead.to);
          // A route that goes with what it leads to may go after it.
          const goes = [...from].filter(
            ([path, { kind }]) => !to.has(path) && /^(VirtualService|HTTPRoute)$/.test(kind),
          );
          const left = new Set(
            [...to.values()].flatMap(({ kind, metadata }) => (kind === 'Service' ? [metadata.name] : [])),
          );
          for (const lead of leadsOf(new Map(goes))) expect(left, `${lead.to} stays`).toContain(lead.to);
        };
        let last = before;
        for (const objects of stages) {
          walk(last, objects);
          // The service changes only while no route leads to it, nor did before.
          if (hasPods && templateOf(last) !== templateOf(objects))
            for (const lead of [...leadsOf(last), ...leadsOf(objects)]) expect(lead.to).toBe('cart-canary');
          last = objects;
        }
        const [back, nothing] = release.abort() as [Objects, Objects];
        for (const objects of [before, ...stages]) {
          walk(objects, back);
          for (const { to } of leadsOf(back)) expect(to).toBe('cart');
        }
        walk(back, nothing);
        expect(nothing).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('has pods for its share before it has the share, and takes none from the service', () => {
    fc.assert(
      fc.property(someReleases, fc.integer({ min: 1, max: 30 }), (sample, replicas) => {
        const release = program({ ...sample, isScaled: false, replicas });
        let pods = 0;
        for (const stage of release.states().stages) {
          const objects = release.at(stage.name);
          expect(objects.get('mall/cart/Deployment')?.spec.replicas).toBe(replicas);
          if (stage.weight !== undefined && stage.weight > 0) {
            expect(pods).toBeGreaterThanOrEqual((replicas * stage.weight) / 100);
            expect(pods).toBeGreaterThanOrEqual(1);
          }
          pods = objects.get('cart-4-13/Deployment')?.spec.replicas ?? 0;
        }
      }),
      { numRuns: 40 },
    );
  });
});
