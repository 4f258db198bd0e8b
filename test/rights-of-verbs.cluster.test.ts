import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { commandTable } from '../lib/cli/command-line.ts';
import { AppliedPlatform } from './applied-platform.ts';
import { CommandInProcess } from './command-in-process.ts';
import { LimitedUser } from './limited-user.ts';
import { TestProject } from './project.ts';
import { configMap, namespace } from './sample-objects.ts';
import { platformOf } from './shared-clusters.ts';

let platform: AppliedPlatform;
let user: LimitedUser;
beforeEach(async () => {
  platform = new AppliedPlatform('verbs');
  user = await LimitedUser.of(platform, await platform.open());
});
afterEach(async () => {
  await user.cleanUp();
  await platform.cleanUp();
});

/** By each verb that writes when it is told to: what it is run with. */
const CASES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  apply: [['--yes'], ['plan.json'], ['--yes', '--output', 'markdown']],
  destroy: [['--yes']],
  rollback: [['--yes', '--to', '1']],
  adopt: [
    ['ConfigMap/*/foreign', '--yes'],
    ['--from-platform', 'FORMER', '--yes'],
  ],
  orphan: [['ConfigMap/*/one', '--yes']],
  refresh: [['--yes'], ['--yes', '--output', 'markdown']],
};

describe.skipIf(inject('rig') === 'missing')('a user who may only read', () => {
  it('is told by every verb that writes which rights are missing, and nothing is written', {
    timeout: 90_000,
  }, async () => {
    const ns = platform.namespace();
    const objects = (value: string) =>
      [namespace(ns), configMap(ns, 'one', { value }), configMap(ns, 'foreign')]
        .map((one) => JSON.stringify(one))
        .join('\n---\n');
    const project = new TestProject(platformOf(platform.id, objects('1')));
    const command = new CommandInProcess(project);
    const as = (kubeconfig: string, one = project) =>
      one.write(
        'cdk8s.yaml',
        `app: node main.ts\ntargets: { alpha: { kubeconfig: ${kubeconfig}, context: alpha, inventoryNamespace: ${platform.inventoryNamespace} } }\n`,
      );
    const administrator = platform.kubeconfigFor('alpha');
    as(administrator);
    const { client } = await platform.open();
    const maps = `/api/v1/namespaces/${ns}/configmaps`;
    await client.request({ method: 'POST', path: '/api/v1/namespaces', body: namespace(ns) });
    await client.request({ method: 'POST', path: maps, body: configMap(ns, 'foreign') });
    const adopting = ['--adopt', `Namespace/${ns}`, '--yes'];
    expect((await command.run('apply', ...adopting)).code).toBe(1);
    project.write('objects.yaml', objects('2'));
    expect((await command.run('plan', '--out', 'plan.json')).code).toBe(1);
    const former = `${platform.id}-former`;
    const before = new TestProject(platformOf(former, JSON.stringify(configMap(ns, 'former'))));
    as(administrator, before);
    expect((await new CommandInProcess(before).run('apply', '--yes')).code).toBe(0);

    await user.grant([{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }]);
    await user.open();
    as(platform.kubeconfigFor('alpha', user.url));
    expect(Object.keys(CASES).sort()).toEqual(
      commandTable(command.surroundings)
        .filter(({ options }) => options.includes('--yes'))
        .map(({ name }) => name)
        .sort(),
    );
    for (const [verb, runs] of Object.entries(CASES)) {
      for (const options of runs) {
        if (verb === 'refresh') {
          const path = `/api/v1/namespaces/${platform.inventoryNamespace}/secrets`;
          await client.request({
            method: 'DELETE',
            path,
            query: { labelSelector: `orrery.dev/inventory=${platform.id}` },
          });
        }
        const words = options.map((word) => (word === 'FORMER' ? former : word));
        const { code, text } = await command.run(verb, ...words, '--assembly', 'dist');
        const shown = `${verb} ${words.join(' ')}: ${text}`;
        expect(code, shown).toBe(1);
        expect(shown).toMatch(
          /ORR3006[\s\S]*Nothing was written\. Add these rules to a role of ours:(\n +|<br>)(ClusterRole:|Role in )/,
        );
        expect(user.writes, shown).toEqual([]);
      }
    }
  });
});
