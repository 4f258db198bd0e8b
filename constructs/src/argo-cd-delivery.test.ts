import { ApiObject, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ArgoCdDelivery, type ArgoCdDeliveryProps, ArgoCdGrouping } from './argo-cd-delivery';
import { ClusterSet } from './cluster-set';
import { ControllerOwnedFields } from './controller-owned-fields';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { Rollout, type RolloutProps } from './rollout';
import { type AnyObject, assemblyOf, problemsOfProgram } from './synthesis.test-support';

const REPOSITORY = 'https://git.example.com/platform.git';
type Props = Partial<Omit<ArgoCdDeliveryProps, 'hub'>>;

function program(props: Props = {}, rollout?: RolloutProps, more: (platform: Platform) => void = () => undefined) {
  return (platform: Platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    for (const name of ['prod-sh', 'prod-gz', 'prod-bj']) clusters.add(name);
    const hub = clusters.add('ops');
    // Before what it is about: the order of declaration does not matter.
    new ArgoCdDelivery(platform, 'fleet', { hub, repository: REPOSITORY, ...props });
    const placement = Placement.named('prod-sh', 'prod-gz', 'prod-bj');
    const mall = new MultiClusterApp(platform, 'mall', { placement });
    mall.addService('cart', { image: 'cart:1', cpu: '100m', autoscaling: { minReplicas: 3, maxReplicas: 9 } });
    if (rollout !== undefined) new Rollout(platform, 'rollout', rollout);
    more(platform);
  };
}

const WAVES: RolloutProps = {
  waves: [{ name: 'first', clusters: Placement.named('prod-gz') }],
  maxParallelClusters: 2,
};
const SCALED = { group: 'apps', kind: 'Deployment', name: 'cart', namespace: 'mall', jsonPointers: ['/spec/replicas'] };

const set = (...parameters: Parameters<typeof program>): AnyObject =>
  assemblyOf(program(...parameters)).object('ops', 'fleet/ApplicationSet').spec;
const refusals = (...parameters: Parameters<typeof program>): string[] =>
  problemsOfProgram(program(...parameters)).map(({ code, what }) => `${code} ${what}`);

describe('delivery by Argo CD', () => {
  it('lists the clusters beside the hub, each with its folder', () => {
    const { generators, template, goTemplate, strategy } = set();
    expect(generators).toEqual([
      {
        list: {
          elements: ['prod-sh', 'prod-gz', 'prod-bj'].map((name) => ({
            name: `fleet-${name}`,
            destination: name,
            path: `targets/${name}`,
          })),
        },
      },
    ]);
    expect(goTemplate).toBe(true);
    expect(strategy).toBeUndefined();
    expect(template.spec).toEqual({
      project: 'fleet',
      source: {
        repoURL: REPOSITORY,
        targetRevision: 'HEAD',
        path: '{{.path}}',
        directory: { recurse: true, exclude: '.orrery.json' },
      },
      destination: { name: '{{.destination}}' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true'],
      },
      ignoreDifferences: [SCALED],
    });
  });

  it('makes a project for these clusters and this repository, or uses one that exists', () => {
    const { sourceRepos, destinations } = assemblyOf(program()).object('ops', 'fleet/AppProject').spec;
    expect(sourceRepos).toEqual([REPOSITORY]);
    expect(destinations[1]).toEqual({ name: 'prod-gz', namespace: '*' });
    const given = assemblyOf(program({ project: 'platform' }));
    expect([...given.objects('ops').keys()]).toEqual(['fleet/ApplicationSet']);
    expect(given.object('ops', 'fleet/ApplicationSet').spec.template.spec.project).toBe('platform');
  });

  it('synchronises in the waves of the rollout, as many clusters at a time', () => {
    const { strategy, generators, template } = set({}, WAVES);
    const step = (wave: string) => ({
      matchExpressions: [{ key: 'orrery.dev/wave', operator: 'In', values: [wave] }],
      maxUpdate: 2,
    });
    expect(strategy).toEqual({ type: 'RollingSync', rollingSync: { steps: [step('first'), step('rest')] } });
    expect(generators[0].list.elements.map(({ wave }: AnyObject) => wave)).toEqual(['rest', 'first', 'rest']);
    expect(template.metadata.labels).toEqual({ 'orrery.dev/wave': '{{.wave}}' });
  });

  it('has no step for waves without any of its clusters', () => {
    const { strategy } = set({ clusters: Placement.named('prod-sh') }, { waves: WAVES.waves });
    expect(strategy).toBeUndefined();
  });

  it('ignores fields of controllers only in the clusters that declare them', () => {
    const owned = (platform: Platform) => {
      const [first] = platform.clusters;
      const object = new ApiObject(new Chart(first as NonNullable<typeof first>, 'mesh'), 'route', {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'cart', namespace: 'mall' },
        spec: { http: [{ route: [{ weight: 100, destination: { host: 'cart' } }] }] },
      });
      ControllerOwnedFields.of(object).add(
        { path: 'spec.http[*].route[*].weight' },
        { path: 'spec.http[*].route[weight=100].destination' },
        { path: 'metadata.annotations["example.com/x"]', onlyLive: true },
      );
    };
    const { generators, templatePatch, template } = set({}, undefined, owned);
    const [sh, gz] = generators[0].list.elements;
    expect(gz.ignoreDifferences).toEqual([SCALED]);
    expect(sh.ignoreDifferences).toEqual([
      SCALED,
      {
        group: 'networking.istio.io',
        kind: 'VirtualService',
        name: 'cart',
        namespace: 'mall',
        jsonPointers: ['/metadata/annotations/example.com~1x'],
        jqPathExpressions: [
          '.spec.http[]?.route[]?.weight',
          '.spec.http[]?.route[]? | select((.weight | tostring) == "100") | .destination',
        ],
      },
    ]);
    expect(template.spec).not.toHaveProperty('ignoreDifferences');
    expect(templatePatch).toBe('spec:\n  ignoreDifferences: {{ toJson .ignoreDifferences }}\n');
  });

  it('makes an Application per cluster where that is said', () => {
    const assembly = assemblyOf(
      program({
        grouping: ArgoCdGrouping.APPLICATIONS,
        destinationNames: { 'prod-gz': 'guangzhou' },
        path: 'rendered/{cluster}/live',
        revision: 'main',
        prune: false,
        selfHeal: false,
        deleteWithApplication: true,
        namespaceName: 'gitops',
      }),
    );
    const { metadata, spec } = assembly.object('ops', 'fleet/Application/prod-gz');
    expect(metadata).toEqual({
      name: 'fleet-prod-gz',
      namespace: 'gitops',
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    });
    expect(spec).toMatchObject({
      destination: { name: 'guangzhou' },
      source: { path: 'rendered/prod-gz/live', targetRevision: 'main' },
      syncPolicy: { automated: { prune: false, selfHeal: false } },
      ignoreDifferences: [SCALED],
    });
    expect(assembly.objects('ops').size).toBe(4);
  });

  it('keeps what is in the clusters when the set is deleted, unless told otherwise', () => {
    expect(set().syncPolicy).toEqual({ preserveResourcesOnDeletion: true });
    const deleting = set({ deleteWithApplication: true });
    expect(deleting.syncPolicy).toEqual({ preserveResourcesOnDeletion: false });
    expect(deleting.template.metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io']);
  });

  const GATED: RolloutProps = { waves: [{ name: 'first', clusters: Placement.named('prod-gz'), soak: '10m' }] };

  it.each<[string, Parameters<typeof program>]>([
    ['ORR2011 "platform" is no address of a Git repository.', [{ repository: 'platform' }]],
    ['ORR2011 "../{cluster}" is no folder of a repository.', [{ path: '../{cluster}' }]],
    ['ORR2012 Every cluster would get the folder "targets".', [{ path: 'targets' }]],
    ['ORR2003 "Argo" is not a valid name.', [{ namespaceName: 'Argo' }]],
    ['ORR2005 destinationNames names cluster "gz", which is not served.', [{ destinationNames: { gz: 'a' } }]],
    [
      'ORR2012 The rollout has 2 waves, and single Applications are synchronised all at once.',
      [{ grouping: ArgoCdGrouping.APPLICATIONS }, WAVES],
    ],
    [
      'ORR2012 Wave "first" has a soak time or gates, which are not looked at where clusters pull from Git.',
      [{}, GATED],
    ],
    ['ORR2005 The placement names cluster "prod", which does not exist.', [{ clusters: Placement.named('prod') }]],
  ])('is refused: %s', (expected, parameters) => {
    expect(refusals(...parameters)).toEqual([expected]);
  });

  it('leaves out gates where that is said', () => {
    expect(set({ ignoreGates: true }, GATED).strategy.type).toBe('RollingSync');
  });

  it('is refused without clusters to serve, and with names that are too long', () => {
    const alone = (platform: Platform) => {
      const hub = new ClusterSet(platform, 'clusters').add('ops');
      new ArgoCdDelivery(platform, 'fleet', { hub, repository: REPOSITORY });
    };
    expect(problemsOfProgram(alone).map(({ what }) => what)).toEqual(['The platform has no cluster beside the hub.']);
    const long = (platform: Platform) => {
      const clusters = new ClusterSet(platform, 'clusters');
      clusters.add('c'.repeat(60));
      new ArgoCdDelivery(platform, 'fleet', { hub: clusters.add('ops'), repository: REPOSITORY });
    };
    expect(problemsOfProgram(long).map(({ what }) => what)).toEqual([
      `"fleet-${'c'.repeat(60)}" is too long for an Application.`,
    ]);
  });
});
