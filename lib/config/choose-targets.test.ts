import { describe, expect, it } from 'vitest';
import { type ChooseTargetsOptions, chooseTargets, parseTargetArgument } from './choose-targets.ts';
import { parseConfig } from './read-config.ts';

function choose(yaml: string, clusters: readonly string[], over: Partial<ChooseTargetsOptions> = {}) {
  const config = parseConfig(yaml, { file: '/shop/cdk8s.yaml', name: 'cdk8s.yaml' });
  return chooseTargets({ config, clusters, ...over });
}

const configs = (chosen: ReturnType<typeof choose>) =>
  Object.fromEntries(chosen.targets.map(({ cluster, config }) => [cluster, config]));

describe('the target of a cluster', () => {
  it('is its own entry, else the default one with its name filled in', () => {
    const chosen = choose(
      'targets:\n  a: { context: special }\n  "*": { kubeconfig: "kube/{cluster}.yaml", context: "ctx-{cluster}" }',
      ['a', 'b'],
    );
    expect(configs(chosen)).toEqual({
      a: { kind: 'kubeconfig', context: 'special' },
      b: { kind: 'kubeconfig', kubeconfig: '/shop/kube/b.yaml', context: 'ctx-b' },
    });
  });

  it('is a folder of its own, whether or not the shared entry says where the name goes', () => {
    expect(configs(choose('targets: { "*": { directory: targets } }', ['a', 'b']))).toMatchObject({
      a: { directory: '/shop/targets/a' },
      b: { directory: '/shop/targets/b' },
    });
    expect(configs(choose('targets: { "*": { directory: "x/{cluster}/y" } }', ['a']))).toMatchObject({
      a: { directory: '/shop/x/a/y' },
    });
    expect(configs(choose('targets: { a: { directory: targets } }', ['a']))).toMatchObject({
      a: { directory: '/shop/targets' },
    });
  });

  it('is what the command line says first of all', () => {
    const overrides = new Map([['a', { kind: 'sandbox' } as const]]);
    const chosen = choose('targets: { a: { context: x }, b: { context: z } }', ['a', 'b'], { overrides });
    expect(configs(chosen)).toMatchObject({ a: { kind: 'sandbox' }, b: { context: 'z' } });
    expect(configs(choose('targets: { a: { context: x } }', ['a', 'b'], { sandbox: true }))).toEqual({
      a: { kind: 'sandbox' },
      b: { kind: 'sandbox' },
    });
  });

  it('is asked for with the lines to add when there is none; the others have theirs', () => {
    const chosen = choose('targets:\n  north: { context: m }\n  sout: { context: s }', ['north', 'south']);
    expect(chosen.targets.map(({ cluster }) => cluster)).toEqual(['north']);
    expect(chosen.missing).toHaveLength(1);
    const { error } = chosen.missing[0] ?? {};
    expect(error).toMatchObject({ code: 'ORR3001', where: { cluster: 'south', source: 'cdk8s.yaml:3' } });
    expect(error?.message).toContain('has a target "sout"');
    expect(error?.fix).toContain('south: { context: south }');
  });

  it('is asked for in lines that work as they are: names that YAML takes for something else stand in quotes', () => {
    const [one] = choose('app: x', ['no']).missing;
    const lines = one?.error.fix?.split('\n') ?? [];
    expect(lines.slice(1, 3)).toEqual(['targets:', '  "no": { context: "no" }']);
    expect(choose(`app: x\n${lines.slice(1, 3).join('\n')}`, ['no']).missing).toEqual([]);
  });
});

describe('clusters that left the program', () => {
  it('are those that are configured, and those that the lock file remembers', () => {
    const chosen = choose('targets: { old: { context: o }, "*": { directory: targets } }', ['a'], {
      remembered: ['a', 'older'],
    });
    expect(chosen.left).toMatchObject([
      { cluster: 'old', config: { context: 'o' } },
      { cluster: 'older', config: { directory: '/shop/targets/older' } },
    ]);
  });

  it('are not looked for in the sandbox, nor where nothing says how they are reached', () => {
    expect(choose('targets: { old: { context: o } }', ['a'], { sandbox: true }).left).toEqual([]);
    expect(choose('targets: { a: { context: o } }', ['a'], { remembered: ['older'] }).left).toEqual([]);
  });
});

describe('--target', () => {
  const parse = (argument: string) => parseTargetArgument(argument, { cwd: '/here', home: '/home/mina' });

  it('names a cluster and how it is reached', () => {
    expect(parse('a=sandbox')).toEqual(['a', { kind: 'sandbox' }]);
    expect(parse('a=directory:out/a')).toEqual(['a', { kind: 'directory', directory: '/here/out/a' }]);
    expect(parse('a=context:arn:aws:eks:eu:1:cluster/a')).toEqual([
      'a',
      { kind: 'kubeconfig', context: 'arn:aws:eks:eu:1:cluster/a' },
    ]);
    expect(parse('a=kubeconfig:~/k.yaml#ctx')).toEqual([
      'a',
      { kind: 'kubeconfig', kubeconfig: '/home/mina/k.yaml', context: 'ctx' },
    ]);
    expect(parse('*=kubeconfig:/k.yaml')).toEqual([
      '*',
      { kind: 'kubeconfig', kubeconfig: '/k.yaml', context: undefined },
    ]);
  });

  it.each(['a', '=sandbox', 'a=', 'a=directory:', 'a=folder:x', 'a=sandbx'])(
    'refuses %j and shows the forms',
    (argument) => {
      expect(() => parse(argument)).toThrowError(
        expect.objectContaining({ code: 'ORR1001', fix: expect.stringContaining('NAME=directory:FOLDER') }),
      );
    },
  );
});
