import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { CRDS, DefinitionsServer } from '../accepted/definitions-server.ts';

type Rules = (spec: object) => readonly { readonly what: string }[];
type Build = (kind: string, metadata: object, spec: object) => object;

/** Of the sources, whose imports another compiler resolves. */
const FOLDER = '../../constructs/src/kueue/private';
const checks = (await import(`${FOLDER}/check-rules.ts`)) as Readonly<Record<string, Rules>>;
const queues = (await import(`${FOLDER}/queue-rules.ts`)) as Readonly<Record<string, Rules>>;
const { flatObject, kueueObject } = (await import(`${FOLDER}/cluster-object.ts`)) as Readonly<Record<string, Build>>;

/** What synth says, by kind. */
const RULES: Readonly<Record<string, Rules | undefined>> = {
  AdmissionCheck: checks.admissionCheckProblems,
  ClusterQueue: queues.clusterQueueProblems,
  Cohort: queues.cohortProblems,
  LocalQueue: queues.localQueueProblems,
  MultiKueueCluster: checks.multiKueueClusterProblems,
  MultiKueueConfig: checks.multiKueueConfigProblems,
  ProvisioningRequestConfig: checks.provisioningProblems,
  ResourceFlavor: queues.resourceFlavorProblems,
  Topology: queues.topologyProblems,
  WorkloadPriorityClass: queues.workloadPriorityProblems,
};

/** Right more often than wrong: of an object with twenty fields one that is wrong is enough. */
const mostly = <T>(right: readonly T[], wrong: readonly T[]) =>
  fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 25 }, { arbitrary: fc.constantFrom(...wrong), weight: 1 });
const quantity = mostly(['0', '4', '1.5', '8Gi', '500m', '1e3', '.5'], ['many', '', '4 Gi', '4GiB']);
const name = mostly(['a100', 'gpu.sh', 'a'.repeat(253)], ['A100', '', '-a', 'a'.repeat(254)]);
const word = (...words: string[]) => mostly([undefined, ...words], ['Sometimes']);
const sometimes = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const resources = fc.record({
  covered: fc.uniqueArray(fc.constantFrom('cpu', 'memory', 'nvidia.com/gpu', 'nvidia.com/gpumem'), { maxLength: 3 }),
  flavors: fc.uniqueArray(mostly(['a', 'b', 'c'], ['B']), { maxLength: 3 }),
  // What flavors list too much or too little.
  lists: mostly(
    [{ more: [], without: 0 }],
    [
      { more: ['pods'], without: 0 },
      { more: [], without: 1 },
    ],
  ),
  nominal: quantity,
  borrowing: mostly([undefined, undefined, '2'], ['two']),
});

/** Groups in which no flavor and no resource stands twice: that Kueue's admission refuses, not its definition. */
const groups = fc.array(resources, { maxLength: 2 }).map((all) =>
  all.map(({ covered, flavors, lists: { more, without }, nominal, borrowing }, i) => ({
    coveredResources: covered.map((resource) => `${resource}${i}`),
    flavors: flavors.map((flavor) => ({
      name: `${flavor}${i}`,
      resources: [...covered.slice(without).map((resource) => `${resource}${i}`), ...more].map((resource) => ({
        name: resource,
        nominalQuota: nominal,
        ...(borrowing === undefined ? {} : { borrowingLimit: borrowing }),
      })),
    })),
  })),
);

const toleration = fc.record(
  {
    key: fc.constantFrom('nvidia.com/gpu', ''),
    comparison: fc.constantFrom('Exists', 'Equal', 'Gt'),
    value: fc.constantFrom('true', ''),
    effect: fc.constantFrom('NoSchedule', 'NoExecute', 'Never'),
    tolerationSeconds: fc.constantFrom(0, 60),
  },
  { requiredKeys: [] },
);

const SPECS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  ClusterQueue: fc.record(
    {
      cohortName: name,
      resourceGroups: groups,
      queueingStrategy: word('StrictFIFO', 'BestEffortFIFO'),
      stopPolicy: word('None', 'Hold', 'HoldAndDrain'),
      fairSharing: fc.record({ weight: sometimes(quantity) }),
      preemption: fc.record({
        reclaimWithinCohort: word('Never', 'LowerPriority', 'Any'),
        withinClusterQueue: word('Never', 'LowerPriority', 'LowerOrNewerEqualPriority'),
        borrowWithinCohort: sometimes(
          fc.record({ policy: word('Never', 'LowerPriority'), maxPriorityThreshold: sometimes(fc.integer()) }),
        ),
      }),
      flavorFungibility: fc.record({
        preference: word('BorrowingOverPreemption', 'PreemptionOverBorrowing'),
        whenCanBorrow: word('MayStopSearch', 'TryNextFlavor'),
        whenCanPreempt: word('MayStopSearch', 'TryNextFlavor'),
      }),
      admissionChecksStrategy: fc.record({
        admissionChecks: fc.array(
          fc.record({
            name: mostly(['nodes', 'clusters', 'limits'], ['']),
            onFlavors: sometimes(fc.array(name, { maxLength: 2 })),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      admissionScope: fc.record({ admissionMode: mostly(['NoAdmissionFairSharing'], ['Sometimes']) }),
    },
    { requiredKeys: [] },
  ),
  Cohort: fc.record({ parentName: fc.constant('all'), resourceGroups: groups }),
  LocalQueue: fc.record(
    { clusterQueue: name, fairSharing: fc.record({ weight: quantity }), stopPolicy: word('None', 'Hold') },
    { requiredKeys: ['clusterQueue'] },
  ),
  ResourceFlavor: fc.record(
    {
      nodeLabels: fc
        .nat(10)
        .map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'v']))),
      nodeTaints: fc.uniqueArray(
        fc.record({ key: fc.constantFrom('a', 'b'), effect: fc.constantFrom('NoSchedule', 'NoExecute', 'Never') }),
        { maxLength: 3, selector: ({ key, effect }) => `${key}:${effect}` },
      ),
      tolerations: fc.array(toleration, { maxLength: 2 }),
      topologyName: name,
    },
    { requiredKeys: [] },
  ),
  Topology: fc.record({
    levels: fc.array(
      fc.record({ nodeLabel: fc.constantFrom('rack', 'example.com/block', 'kubernetes.io/hostname', '', 'a/b/c') }),
      { maxLength: 3 },
    ),
  }),
  WorkloadPriorityClass: fc.record(
    {
      value: fc.constantFrom(0, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 1.5),
      description: fc.constantFrom('', 'x'.repeat(2048), 'ä'.repeat(2048), 'ä'.repeat(2049)),
    },
    { requiredKeys: ['value'] },
  ),
  AdmissionCheck: fc.record(
    {
      controllerName: fc.constantFrom('kueue.x-k8s.io/multikueue', '', 'x'.repeat(253), 'x'.repeat(254)),
      parameters: fc.record({
        apiGroup: fc.constantFrom('kueue.x-k8s.io', 'kueue.x-k8s.io', 'Kueue', ''),
        kind: fc.constantFrom('MultiKueueConfig', 'MultiKueueConfig', '0', 'a.b', ''),
        name: fc.constantFrom('clusters', 'clusters', 'a.b', '', 'a'.repeat(64)),
      }),
    },
    { requiredKeys: ['controllerName'] },
  ),
  MultiKueueConfig: fc.record({
    clusters: fc.oneof(
      fc.array(fc.constantFrom('sh', 'gz', 'bj', 'x'.repeat(257)), { maxLength: 3 }),
      fc.integer({ min: 18, max: 22 }).map((count) => Array.from({ length: count }, (_, i) => `c${i}`)),
    ),
    quotaManagement: word('Manual', 'Automated'),
  }),
  MultiKueueCluster: fc.record({
    clusterSource: fc.record(
      {
        kubeConfig: fc.record({
          location: fc.constantFrom('gz', '', 'x'.repeat(257)),
          locationType: word('Secret', 'Path'),
        }),
        clusterProfileRef: fc.record({ name: fc.constantFrom('gz', '', 'ä'.repeat(256)) }),
      },
      { requiredKeys: [] },
    ),
  }),
  ProvisioningRequestConfig: fc.record(
    {
      provisioningClassName: name,
      managedResources: fc.array(fc.constantFrom('cpu', 'nvidia.com/gpu'), { maxLength: 2 }),
      parameters: fc.constantFrom({ a: 'b' }, { a: 'x'.repeat(256) }, {}),
      podSetMergePolicy: word('IdenticalPodTemplates'),
      podSetUpdates: fc.record({
        nodeSelector: fc.array(
          fc.record({
            key: fc.constantFrom('a', 'example.com/b', '-'),
            valueFromProvisioningClassDetail: fc.constantFrom('Key', 'Key', ''),
          }),
          { maxLength: 2 },
        ),
      }),
    },
    { requiredKeys: ['provisioningClassName'] },
  ),
};

const RUNS = 120;

const quotas = (quota: object, more: object = {}) => ({
  resourceGroups: [
    {
      coveredResources: ['nvidia.com/gpu'],
      flavors: [{ name: 'a100', resources: [{ name: 'nvidia.com/gpu', nominalQuota: '8', ...quota }] }],
    },
  ],
  ...more,
});
const many = (count: number) => Array.from({ length: count }, (_, i) => `r${i}`);
const groupOf = (covered: readonly string[]) => ({
  coveredResources: covered,
  flavors: [{ name: `f-${covered[0]}`, resources: covered.map((one) => ({ name: one, nominalQuota: '1' })) }],
});

/** Every rule in CEL of the definitions, and limits of counts: what breaks it, and the nearest that does not. */
const BROKEN: readonly (readonly [rule: string, kind: string, broken: object, whole: object])[] = [
  [
    'borrowingLimit needs cohortName',
    'ClusterQueue',
    quotas({ borrowingLimit: '1' }),
    quotas({ borrowingLimit: '1' }, { cohortName: 'all' }),
  ],
  [
    'each flavor lists the covered resources',
    'ClusterQueue',
    { resourceGroups: [{ ...groupOf(['a', 'b']), coveredResources: ['a'] }] },
    { resourceGroups: [groupOf(['a', 'b'])] },
  ],
  [
    'who never reclaims does not stop others while borrowing',
    'ClusterQueue',
    { preemption: { reclaimWithinCohort: 'Never', borrowWithinCohort: { policy: 'LowerPriority' } } },
    { preemption: { reclaimWithinCohort: 'Any', borrowWithinCohort: { policy: 'LowerPriority' } } },
  ],
  [
    'a preference needs a search that goes on',
    'ClusterQueue',
    { flavorFungibility: { preference: 'PreemptionOverBorrowing' } },
    { flavorFungibility: { preference: 'PreemptionOverBorrowing', whenCanBorrow: 'TryNextFlavor' } },
  ],
  [
    'at most 16 groups',
    'ClusterQueue',
    { resourceGroups: many(17).map((one) => groupOf([one])) },
    { resourceGroups: many(16).map((one) => groupOf([one])) },
  ],
  [
    'at most 64 covered resources',
    'Cohort',
    { resourceGroups: [groupOf(many(65))] },
    { resourceGroups: [groupOf(many(64))] },
  ],
  [
    'a topology needs labels of nodes',
    'ResourceFlavor',
    { topologyName: 'racks', nodeLabels: {} },
    { topologyName: 'racks', nodeLabels: { gpu: 'on' } },
  ],
  [
    'a taint has an effect that there is',
    'ResourceFlavor',
    { nodeTaints: [{ key: 'a', effect: 'Never' }] },
    { nodeTaints: [{ key: 'a', effect: 'NoExecute' }] },
  ],
  [
    'a toleration of all keys says Exists',
    'ResourceFlavor',
    { tolerations: [{ effect: 'NoSchedule' }] },
    { tolerations: [{ effect: 'NoSchedule', comparison: 'Exists' }] },
  ],
  [
    'tolerationSeconds is for NoExecute',
    'ResourceFlavor',
    { tolerations: [{ key: 'a', tolerationSeconds: 5 }] },
    { tolerations: [{ key: 'a', tolerationSeconds: 5, effect: 'NoExecute' }] },
  ],
  [
    'a toleration has an operator that there is',
    'ResourceFlavor',
    { tolerations: [{ key: 'a', comparison: 'Gt', value: '1' }] },
    { tolerations: [{ key: 'a', comparison: 'Equal', value: '1' }] },
  ],
  [
    'Exists has no value',
    'ResourceFlavor',
    { tolerations: [{ key: 'a', comparison: 'Exists', value: '1' }] },
    { tolerations: [{ key: 'a', comparison: 'Exists' }] },
  ],
  [
    'a toleration has an effect that there is',
    'ResourceFlavor',
    { tolerations: [{ key: 'a', effect: 'Never' }] },
    { tolerations: [{ key: 'a', effect: 'PreferNoSchedule' }] },
  ],
  [
    'nothing is narrower than a node',
    'Topology',
    { levels: [{ nodeLabel: 'kubernetes.io/hostname' }, { nodeLabel: 'rack' }] },
    { levels: [{ nodeLabel: 'rack' }, { nodeLabel: 'kubernetes.io/hostname' }] },
  ],
  [
    'levels are unique',
    'Topology',
    { levels: [{ nodeLabel: 'rack' }, { nodeLabel: 'rack' }] },
    { levels: [{ nodeLabel: 'rack' }, { nodeLabel: 'block' }] },
  ],
  ['clusters are unique', 'MultiKueueConfig', { clusters: ['gz', 'gz'] }, { clusters: ['gz', 'bj'] }],
  ['at most 20 clusters', 'MultiKueueConfig', { clusters: many(21) }, { clusters: many(20) }],
  [
    'a cluster is reached in one way',
    'MultiKueueCluster',
    { clusterSource: { kubeConfig: { location: 'gz' }, clusterProfileRef: { name: 'gz' } } },
    { clusterSource: { kubeConfig: { location: 'gz' } } },
  ],
];

function found(kind: string, spec: object): string[] {
  const rules = RULES[kind];
  if (rules === undefined) throw new Error(`no rules of ${kind}`);
  return rules(spec).map(({ what }) => what);
}

describe.skipIf(inject('rig') === 'missing' || !existsSync(CRDS))('what synth refuses of objects of Kueue', () => {
  let server: DefinitionsServer;
  beforeAll(async () => {
    server = await DefinitionsServer.start(['kueue.x-k8s.io']);
  });
  afterAll(() => server?.end());

  it.each(Object.keys(SPECS))(
    'is what the API server refuses, CEL included, and nothing else: any %s',
    async (kind) => {
      const verdicts = new Set<boolean>();
      await fc.assert(
        fc.asyncProperty(SPECS[kind] as fc.Arbitrary<object>, async (spec) => {
          const findings = found(kind, spec);
          const answer = await answerTo(kind, spec);
          verdicts.add(answer === '');
          expect({ refused: findings.length > 0, spec, findings, answer }).toEqual({
            refused: answer !== '',
            spec,
            findings,
            answer,
          });
        }),
        { numRuns: RUNS, seed: 8 },
      );
      expect([...verdicts].sort(), 'both kinds of answers were seen').toEqual([false, true]);
    },
  );

  it.each(BROKEN)('knows the rule "%s" of a %s', async (_rule, kind, broken, whole) => {
    expect(found(kind, broken)).not.toEqual([]);
    expect(await answerTo(kind, broken)).not.toBe('');
    expect(found(kind, whole)).toEqual([]);
    expect(await answerTo(kind, whole)).toBe('');
  });

  async function answerTo(kind: string, spec: object): Promise<string> {
    const place = { name: 'tried', ...(kind === 'LocalQueue' ? { inNamespace: 'vision' } : {}) };
    const build = kind === 'WorkloadPriorityClass' ? flatObject : kueueObject;
    const object = JSON.parse(JSON.stringify(build?.(kind, place, spec))) as KubernetesObject;
    return server.answer(object, await server.resource(object));
  }
});
