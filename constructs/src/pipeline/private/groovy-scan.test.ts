import { describe, expect, test } from 'vitest';
import { codeOffence, expressionOffence, isSingleText } from './groovy-scan';

describe('statements between braces', () => {
  test.each([
    ['if (isUnix()) {\n  sh \'echo "}"\'\n}'],
    ["echo 'it\\'s' // }"],
    [`/* } */ echo "a \${[1, 2].collect { it + "}" }} b"`],
    ["def r = /a\\/}'/"],
    ['x = 4 / 2; y = "}" / 1'],
    ["def s = $/ } ' $/$ /$\necho s"],
    ["'''\n'}'\n'''"],
    [''],
  ])('may be %j', (code) => {
    expect(codeOffence(code)).toBeUndefined();
  });

  test.each([
    ['echo "a" }'],
    ['if (x) {'],
    ["sh 'for i; sleep 1;' done'"],
    ['echo "a'],
    ["'''a''"],
    [`"\${x"`],
    ['/* a'],
    ["echo '\\u007d'"],
    ['echo 1 \\u007d'],
    ['echo "$ 5"'],
  ])('may not be %j', (code) => {
    expect(codeOffence(code)).toBeDefined();
  });
});

describe('an expression in the place of a value', () => {
  test.each([
    ['env.BUILD_NUMBER'],
    [`"a \${b ?: 'c'} d"`],
    ["'[' + acmeVar.baz() + ']'"],
    ["[$class: 'A', b: true]"],
    ['a ? b : c'],
    ['a?.b'],
    ['hudson.model.Result.SUCCESS'],
    ['"a" +\n"b"'],
    ['-1'],
    ['{ -> 1 }'],
  ])('may be %j', (code) => {
    expect(expressionOffence(code)).toBeUndefined();
  });

  test.each([
    ['1, 2'],
    ['1; sh "x"'],
    ['a: 1'],
    ['a\nsh "x"'],
    ['a) { sh "x" }'],
    ['a +'],
    ['+ a'],
    ['in x'],
    ['a // b'],
    [`\${FOO}`],
    [''],
  ])('may not be %j', (code) => {
    expect(expressionOffence(code)).toBeDefined();
  });
});

test('a text alone is told from an expression that begins with one', () => {
  expect(isSingleText(`"a \${"b"} c"`)).toBe(true);
  expect(isSingleText('"a" + "b"')).toBe(false);
  expect(isSingleText("'a'")).toBe(true);
  expect(isSingleText('a')).toBe(false);
});
