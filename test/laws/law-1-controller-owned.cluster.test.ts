import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeTarget } from '../../lib/cluster/target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { AppliedPlatform, clusterPlan, type Declared } from '../applied-platform.ts';
import { ISTIO_FILE, type Routes, virtualService, virtualServices, weightsOf } from '../controller-owned.ts';
import { Random } from '../differential/random.ts';
import { namespace } from '../sample-objects.ts';
import { Somebody } from './somebody.ts';

const STEPS = 24;
const SUBSETS = ['a', 'b', 'c'];

/** What the program says, and what may happen in the cluster, drawn before anything is known of the verdict. */
interface World {
  program: Routes;
  readonly target: KubeTarget;
}

describe.skipIf(inject('rig') === 'missing' || !existsSync(ISTIO_FILE))('law 1 with controller-owned fields', () => {
  let platform: AppliedPlatform;
  let domain: string;
  let ns: string;
  let world: World;
  beforeAll(async () => {
    platform = new AppliedPlatform('law-1-owned');
    domain = `${platform.id}.example.com`;
    ns = platform.namespace();
    world = { program: { weights: { a: 100, b: 0 } }, target: await platform.open() };
    await platform.apply({ alpha: members().slice(0, 2) });
    // The server publishes the schema of the new CRD a moment later; what is proved before that is in doubt afterwards.
    while (!(await world.target.serverState({ fresh: true })).parts?.groupVersions.has(`apis/istio.${domain}/v1`))
      await sleep(100);
    await platform.apply({ alpha: members() });
    world = { ...world, target: await platform.open() };
  });
  afterAll(() => platform.cleanUp());

  const members = (): (KubernetesObject | Declared)[] => [
    namespace(ns),
    virtualServices(domain),
    {
      object: virtualService(domain, ns, world.program),
      controllerOwned: [{ path: 'spec.http[*].route[*].weight', managers: ['flagger'] }],
    },
  ];
  const proofPlan = async () => clusterPlan(await platform.plan({ alpha: members() }, [world.target]));
  const live = () => new Somebody(world.target).get(`istio.${domain}/v1`, 'VirtualService', ns, 'cart');

  const hands: Readonly<Record<string, (random: Random) => Promise<void>>> = {
    'the controller moves weights': (random) => written('flagger', { weights: shaken(random) }),
    'the controller changes a timeout': (random) => written('flagger', { timeout: `${1 + random.below(3)}s` }),
    'the controller applies its list': async (random) => {
      const current = await routesOf();
      const object = virtualService(domain, ns, { ...current, weights: shaken(random, Object.keys(current.weights)) });
      await new Somebody(world.target, 'flagger').apply(object);
    },
    'somebody moves weights': (random) => written('kubectl-edit', { weights: shaken(random) }),
    'somebody changes hosts': (random) => written('kubectl-edit', { hosts: ['cart', `cart-${random.below(3)}`] }),
    'somebody writes what is there already': () => written('kubectl-edit', {}),
    'who owns what is forgotten': async () => {
      await new Somebody(world.target).merge(`istio.${domain}/v1`, 'VirtualService', ns, 'cart', {
        metadata: { managedFields: [{}] },
      });
    },
    'the program changes a timeout': async (random) => {
      world.program = { ...world.program, timeout: `${5 + random.below(3)}s` };
    },
    'the program changes its weights': async (random) => {
      world.program = { ...world.program, weights: shaken(random, Object.keys(world.program.weights)) };
    },
    'the program has other routes': async (random) => {
      const subsets = SUBSETS.filter((_, at) => at === 0 || random.below(2) === 0);
      world.program = { ...world.program, weights: shaken(random, subsets) };
    },
  };

  const routesOf = async (): Promise<Required<Routes>> => {
    const object = await live();
    const { hosts, http } = object.spec as { hosts: string[]; http: { timeout: string }[] };
    return { hosts, timeout: http[0]?.timeout ?? '', weights: weightsOf(object) };
  };
  const written = async (manager: string, change: Partial<Routes>) => {
    const current = await routesOf();
    const known = Object.entries(current.weights).map(([subset, weight]) => [
      subset,
      change.weights?.[subset] ?? weight,
    ]);
    const { apiVersion, spec } = virtualService(domain, ns, {
      ...current,
      ...change,
      weights: Object.fromEntries(known),
    });
    await new Somebody(world.target, manager).merge(apiVersion, 'VirtualService', ns, 'cart', { spec });
  };

  it('what is proved unchanged is so for the server, and no apply moves a weight, whoever writes what before', async () => {
    const random = new Random('controller-owned');
    const names = Object.keys(hands);
    const tally = { proved: 0, dryRun: 0, changed: 0 };
    for (let step = 0; step < STEPS; step++) {
      const hand = names[random.below(names.length)] as string;
      await hands[hand]?.(random);
      const plan = await proofPlan();
      const asked = clusterPlan(await platform.plan({ alpha: members() }, [world.target], { verify: 'all' }));
      const shown = (items: typeof plan.items) => items.map(({ action, changes }) => ({ action, changes }));
      expect([hand, shown(plan.items)]).toEqual([hand, shown(asked.items)]);
      tally[plan.items.length > 0 ? 'changed' : plan.dryRuns > 0 ? 'dryRun' : 'proved']++;
      if (plan.items.length === 0 || random.below(3) === 0) continue;
      const before = weightsOf(await live());
      const forced = await platform.plan({ alpha: members() }, [world.target], { takeOwnership: 'all' });
      await platform.applyMade(forced, { alpha: members() }, [world.target]);
      const after = weightsOf(await live());
      const expected = Object.entries(world.program.weights).map(([subset, weight]) => [
        subset,
        before[subset] ?? weight,
      ]);
      expect([hand, after]).toEqual([hand, Object.fromEntries(expected)]);
      expect([hand, await proofPlan()]).toMatchObject([hand, { items: [], dryRuns: 0 }]);
    }
    // Neither verdict is so rare that nothing was tried.
    expect(tally.proved).toBeGreaterThan(5);
    expect(tally.changed).toBeGreaterThan(10);
  });
});

function shaken(random: Random, subsets: readonly string[] = SUBSETS): Record<string, number> {
  return Object.fromEntries(subsets.map((subset) => [subset, random.below(5) * 20]));
}
