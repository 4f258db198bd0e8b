import { expect, test } from 'vitest';
import { regexpOffence } from './regexp-scan';

test.each([
  '.*^\\[DEPENDENCY\\] .+$',
  '(?i)fix(es)?:',
  'a++b*?',
  'x{2,3}',
  '[a-z\\.]+@example.com',
  '[]a]',
  '\\Q{\\E+',
  'a}b',
  '(?<n>a)|b',
  '',
])('the regular expression %j is one', (pattern) => {
  expect(regexpOffence(pattern)).toBeUndefined();
});

test.each(['{"user_id" : 24}', 'a(b', 'a)', '*a', 'a|+', '[a', 'a\\', '(?:', 'a{b}'])(
  'the regular expression %j is none',
  (pattern) => {
    expect(regexpOffence(pattern)).toBeDefined();
  },
);
