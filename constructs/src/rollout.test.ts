import { Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import type { RolloutManifest } from './assembly-format';
import { Environment } from './cluster-facts';
import { ClusterSet } from './cluster-set';
import { HealthGate } from './health-gate';
import { Include } from './include';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import { Rollout, RolloutFailure, type RolloutProps, UnreachableClusters } from './rollout';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

function shop(platform: Platform): ClusterSet {
  const clusters = new ClusterSet(platform, 'clusters');
  clusters.add('prod-sh', { environment: Environment.PRODUCTION });
  clusters.add('prod-gz', { environment: Environment.PRODUCTION });
  clusters.add('ops', { environment: Environment.OPERATIONS });
  new MultiClusterApp(platform, 'mall', { placement: Placement.everywhere() }).addService('cart', { image: 'cart:1' });
  return clusters;
}

function rolloutOf(props: RolloutProps | undefined): RolloutManifest | undefined {
  const { manifest } = assemblyOf((platform) => {
    shop(platform);
    if (props !== undefined) new Rollout(platform, 'rollout', props);
  });
  expect(manifest.version).toBe('1.10');
  return manifest.rollout;
}

function refused(props: RolloutProps): string[] {
  return problemsOfProgram((platform) => {
    shop(platform);
    new Rollout(platform, 'rollout', props);
  }).map(({ code, what }) => `${code} ${what}`);
}

describe('a rollout in the assembly', () => {
  it('is absent when the program declares none', () => {
    expect(rolloutOf(undefined)).toBeUndefined();
  });

  it('has its waves in order, and every other cluster in a last one', () => {
    const canary = { name: 'canary', clusters: Placement.named('prod-gz'), soak: '1h30m' };
    expect(rolloutOf({ waves: [canary], maxParallelClusters: 2 })).toEqual({
      waves: [
        { name: 'canary', clusters: ['prod-gz'], maxParallelClusters: 2, soakMs: 5_400_000 },
        { name: 'rest', clusters: ['prod-sh', 'ops'], maxParallelClusters: 2 },
      ],
    });
  });

  it('has no last wave of its own where the waves hold every cluster', () => {
    const waves = [
      { name: 'rest', clusters: Placement.inEnvironment(Environment.OPERATIONS) },
      { name: 'production', clusters: Placement.inEnvironment(Environment.PRODUCTION), maxParallelClusters: 1 },
    ];
    expect(rolloutOf({ waves })).toEqual({
      waves: [
        { name: 'rest', clusters: ['ops'] },
        { name: 'production', clusters: ['prod-sh', 'prod-gz'], maxParallelClusters: 1 },
      ],
    });
  });

  it('has the gates of its waves with their defaults, and what a failure means where that is not the default', () => {
    const gates = [
      HealthGate.command(['./smoke.sh', 'canary'], { timeout: '90s' }),
      HealthGate.http('https://shop.example.com/healthz', { contains: 'ok', retryFor: '2m' }),
      HealthGate.prometheus('https://prom.example.com', 'rate(errors[5m])', { atMost: 0.01, name: 'errors' }),
    ];
    const rollout = rolloutOf({
      waves: [{ name: 'all', clusters: Placement.everywhere(), gates }],
      onFailure: RolloutFailure.ROLL_BACK,
      onUnreachable: UnreachableClusters.CONTINUE,
    });
    expect(rollout).toEqual({
      waves: [
        {
          name: 'all',
          clusters: ['prod-sh', 'prod-gz', 'ops'],
          gates: [
            { type: 'command', name: './smoke.sh', command: ['./smoke.sh', 'canary'], timeoutMs: 90_000 },
            {
              type: 'http',
              name: 'shop.example.com/healthz',
              url: 'https://shop.example.com/healthz',
              contains: 'ok',
              timeoutMs: 10_000,
              retryMs: 120_000,
            },
            {
              type: 'prometheus',
              name: 'errors',
              url: 'https://prom.example.com',
              query: 'rate(errors[5m])',
              atMost: 0.01,
              timeoutMs: 10_000,
            },
          ],
        },
      ],
      onFailure: 'rollback',
      onUnreachable: 'continue',
    });
  });
});

describe('a rollout is refused', () => {
  const everywhere = Placement.everywhere();

  it.each<[string, RolloutProps, string[]]>([
    ['without waves', { waves: [] }, ['ORR2012 The rollout has no waves.']],
    [
      'with a cluster that does not exist',
      { waves: [{ name: 'canary', clusters: Placement.named('prod-bj') }] },
      ['ORR2005 Wave "canary": The placement names cluster "prod-bj", which does not exist.'],
    ],
    [
      'with a wave that selects no cluster',
      { waves: [{ name: 'canary', clusters: Placement.byLabels({ canary: 'yes' }) }] },
      ['ORR2006 Wave "canary": The placement byLabels(canary=yes) selects no cluster.'],
    ],
    [
      'with a cluster in two waves',
      {
        waves: [
          { name: 'canary', clusters: Placement.named('ops') },
          { name: 'all', clusters: everywhere },
        ],
      },
      ['ORR2004 Cluster "ops" is in wave "canary" and in wave "all".'],
    ],
    [
      'with two waves of one name',
      {
        waves: [
          { name: 'a', clusters: Placement.named('ops') },
          { name: 'a', clusters: Placement.inEnvironment(Environment.PRODUCTION) },
        ],
      },
      ['ORR2004 Two waves are named "a".'],
    ],
    [
      'with a wave that has the name of the last one, and clusters in none',
      { waves: [{ name: 'rest', clusters: Placement.named('ops') }] },
      [
        'ORR2004 Wave "rest" leaves out "prod-sh", "prod-gz", which are in no wave and would be a last one of this name.',
      ],
    ],
    [
      'with numbers and times that are none',
      { waves: [{ name: 'A', clusters: everywhere, maxParallelClusters: 0, soak: '10' }], maxParallelClusters: 1.5 },
      [
        'ORR2011 The rollout lets 1.5 clusters be under way at a time.',
        'ORR2003 "A" is not a valid name of a wave.',
        'ORR2011 Wave "A" lets 0 clusters be under way at a time.',
        'ORR2011 Wave "A" has the soak time "10", which is no duration.',
      ],
    ],
  ])('%s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  it.each<[string, HealthGate, string]>([
    ['a command without a program', HealthGate.command([]), 'The command of a gate names no program.'],
    ['a URL of no web server', HealthGate.http('ftp://a/b'), '"ftp://a/b" is no URL that a gate can ask.'],
    [
      'a URL with a password',
      HealthGate.http('https://me:secret@a.example.com/'),
      'The URL of a gate on a.example.com holds a user or password.',
    ],
    ['a status that is none', HealthGate.http('https://a.example.com', { status: 20 }), '20 is no HTTP status.'],
    [
      'a query without bound',
      HealthGate.prometheus('https://p.example.com', 'up', {}),
      'A Prometheus gate has no bound.',
    ],
    [
      'bounds that exclude each other',
      HealthGate.prometheus('https://p.example.com', 'up', { atLeast: 2, atMost: 1 }),
      'No sample is at least 2 and at most 1.',
    ],
    [
      'a time that is none',
      HealthGate.command(['true'], { retryFor: 'soon' }),
      'The gate "true" has the retryFor "soon", which is no duration.',
    ],
  ])('with %s as a gate', (_, gate, what) => {
    expect(refused({ waves: [{ name: 'all', clusters: everywhere, gates: [gate] }] })).toEqual([
      `ORR2011 Wave "all": ${what}`,
    ]);
  });

  it('with two gates of one name in a wave', () => {
    const gates = [HealthGate.command(['true']), HealthGate.command(['true', '1'])];
    expect(refused({ waves: [{ name: 'all', clusters: everywhere, gates }] })).toEqual([
      'ORR2004 Wave "all" has two gates named "true".',
    ]);
  });

  it('when something of an earlier wave depends on a cluster of a later one, and both are named', () => {
    const problems = problemsOfProgram((platform) => {
      const clusters = shop(platform);
      const base = new Chart(clusters.cluster('ops'), 'base');
      const user = new Chart(clusters.cluster('prod-gz'), 'user');
      for (const chart of [base, user]) new Include(chart, 'file', { file: 'package.json' });
      user.node.addDependency(base);
      const waves = [{ name: 'canary', clusters: Placement.named('prod-gz') }];
      new Rollout(platform, 'rollout', { waves });
    });
    expect(problems).toMatchObject([
      {
        code: 'ORR2012',
        path: 'user',
        cluster: 'prod-gz',
        what: 'user in cluster "prod-gz" (wave "canary") depends on base in cluster "ops", which is in the later wave "rest".',
      },
    ]);
  });

  it('when it is the second of its platform, or stands in a cluster', () => {
    const props = { waves: [{ name: 'all', clusters: everywhere }] };
    const twice = problemsOfProgram((platform) => {
      shop(platform);
      new Rollout(platform, 'one', props);
      new Rollout(platform, 'two', props);
    });
    expect(twice.map(({ what }) => what)).toEqual(['The platform has two rollouts: one and two.']);
    const inside = problemsOfProgram((platform) => {
      new Rollout(shop(platform).cluster('ops'), 'rollout', props);
    });
    expect(inside.map(({ code }) => code)).toEqual(['ORR2017']);
  });
});
