import { describe, expect, it } from 'vitest';
import { ClusterSet } from './cluster-set';
import { KarmadaTaintEffect } from './karmada-delivery';
import { KarmadaTaintPolicy, type KarmadaTaintPolicyProps } from './karmada-taint-policy';
import type { Platform } from './platform';
import { assemblyOf, problemsOfProgram } from './synthesis.test-support';

const program = (props: Omit<KarmadaTaintPolicyProps, 'hub'>) => (platform: Platform) => {
  const hub = new ClusterSet(platform, 'clusters').add('hub');
  new KarmadaTaintPolicy(platform, 'lost', { hub, ...props });
};
const spec = (props: Omit<KarmadaTaintPolicyProps, 'hub'>) =>
  assemblyOf(program(props)).object('hub', 'lost/ClusterTaintPolicy').spec;

describe('a taint policy of Karmada', () => {
  it('taints clusters that are not ready, and takes the taint away when they are', () => {
    expect(spec({})).toEqual({
      addOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['False', 'Unknown'] }],
      removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
      taints: [{ key: 'orrery.dev/lost', effect: 'NoExecute' }],
    });
  });

  it('is about the clusters, conditions and taint that are said', () => {
    const addOn = [{ conditionType: 'Storage', statuses: ['False'] }];
    expect(
      spec({ members: ['gz'], addOn, taintKey: 'storage', taintValue: 'gone', effect: KarmadaTaintEffect.NO_SCHEDULE }),
    ).toMatchObject({
      targetClusters: { clusterNames: ['gz'] },
      addOnConditions: [{ conditionType: 'Storage', operator: 'In', statusValues: ['False'] }],
      taints: [{ key: 'storage', value: 'gone', effect: 'NoSchedule' }],
    });
  });

  it.each([
    [{ taintKey: 'a b' }, 'ORR2003 "a b" is no key of a taint.'],
    [{ taintValue: 'a b' }, 'ORR2003 "a b" is no value of a taint.'],
    [{ members: [] }, 'ORR2011 It is about no cluster.'],
    [{ addOn: [] }, 'ORR2011 addOn has no conditions.'],
    [{ removeOn: [{ conditionType: 'Ready', statuses: ['Yes'] }] }, 'ORR2011 removeOn wants Ready to be Yes.'],
    [{ addOn: [{ conditionType: 'Ready', statuses: [] }] }, 'ORR2011 addOn wants Ready to be nothing.'],
  ])('refuses %j', (props, expected) => {
    expect(problemsOfProgram(program(props)).map(({ code, what }) => `${code} ${what}`)).toEqual([expected]);
  });
});
