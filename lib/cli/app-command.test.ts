import { describe, expect, it } from 'vitest';
import { plainCommand } from './app-command.ts';

describe('the command of the program', () => {
  it.each([
    ['node main.ts', ['node', 'main.ts']],
    ['  python   main.py ', ['python', 'main.py']],
    ['node "my program.ts" --flag=x', ['node', 'my program.ts', '--flag=x']],
    ['node \'a b\' c"d e"f', ['node', 'a b', 'cd ef']],
    ['node ""', ['node', '']],
  ])('%j needs no shell', (command, words) => expect(plainCommand(command)).toEqual(words));

  it.each([
    'npm run build && node main.js',
    'node $MAIN',
    'A=1 node main.ts',
    'node *.ts',
    'a | b',
    'node "$(pwd)/x"',
    'node "open',
    '~/bin/x',
    'a\nb',
    '',
  ])('%j is left to a shell', (command) => expect(plainCommand(command)).toBeUndefined());
});
