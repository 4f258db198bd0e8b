import { describe, expect, it } from 'vitest';
import { DIRECTORY_TARGETS, program, TestProject } from './project.ts';
import { TERMINAL, TerminalCommand, withoutTerminal } from './terminal.ts';

const QUESTION = 'Write this to 2 clusters? [y/N] ';

function project(): TestProject {
  return new TestProject({ 'main.ts': program(), 'cdk8s.yaml': DIRECTORY_TARGETS });
}

const written = (one: TestProject): string[] => Object.keys(one.files('targets'));

describe.skipIf(TERMINAL === undefined)(`the question on a terminal${withoutTerminal}`, () => {
  it('comes after the plan, and "yes" writes it', async () => {
    const one = project();
    const command = new TerminalCommand(one, 'apply');
    await command.shows(QUESTION);
    expect(command.shown.indexOf('2 clusters')).toBeLessThan(command.shown.indexOf(QUESTION));
    expect(command.shown).toMatch(/\+ .*Deployment\/\S*cart/);
    expect(written(one)).toEqual([]);
    command.type('yes\n');
    expect(await command.ended(), command.shown).toBe(0);
    expect(command.shown).toMatch(/^applied · 2 clusters · /m);
    expect(written(one).length).toBeGreaterThan(0);
  });

  it('answered by anything but yes, Ctrl-C and Ctrl-D included, writes nothing, and says so', async () => {
    const answers = ['no\n', '\n', 'yess\n', '\u0003', '\u0004'];
    const seen = await Promise.all(
      answers.map(async (keys) => {
        const one = project();
        const command = new TerminalCommand(one, 'apply');
        await command.shows(QUESTION);
        command.type(keys);
        const code = await command.ended();
        return { code, written: written(one), said: command.shown.split(QUESTION)[1] };
      }),
    );
    for (const [at, one] of seen.entries()) {
      expect(one, JSON.stringify(answers[at])).toMatchObject({ code: 1, written: [] });
      expect(one.said).toMatch(/\nNothing was written\.\n$/);
    }
  });

  it('of destroy wants the id of the platform, and takes nothing else for a yes', async () => {
    const one = project();
    expect((await one.orrery('apply', '--yes')).code).toBe(0);
    const before = written(one);
    const answer = async (keys: string) => {
      const command = new TerminalCommand(one, 'destroy');
      await command.shows('Type its id (cli-test) to go on: ');
      command.type(keys);
      return command.ended();
    };
    expect(await answer('yes\n')).toBe(1);
    expect(written(one)).toEqual(before);
    expect(await answer('cli-test\n')).toBe(0);
    expect(Object.keys(one.files('targets/north')).filter((file) => /Deployment|deployment/.test(file))).toEqual([]);
  });
});
