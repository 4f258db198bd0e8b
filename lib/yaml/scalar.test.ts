import { describe, expect, it } from 'vitest';
import { keyText, resolvePlain, resolveTagged } from './scalar.ts';

/** Test titles cannot hold bigints: integers are told from floats by their suffix. */
const shown = (value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

describe('a plain scalar', () => {
  it.each<[unknown, string]>([
    [true, 'y Y yes Yes YES true True TRUE on On ON'],
    [false, 'n N no No NO false False FALSE off Off OFF'],
    [null, '~ null Null NULL'],
    ['8n', '8 0o10 010 0b1000 0x8 +8 0B1000 0X8 0O10 00_10'],
    ['1000n', '1000 1_000 1__000 1000_'],
    ['-256n', '-256 -0400 -0o400 -0x100 -0b100000000'],
    ['0n', '0 -0 +0 00 0x0'],
    ['18446744073709551615n', '18446744073709551615 0xffffffffffffffff'],
    [1e3, '1e3 1E3 1e+3 1.e3 1_000.0 +1e3'],
    [0.5, '.5 0.5 +.5 0.5_0 .5_0'],
    [8, '08 008.0'],
    [2 ** 64, '18446744073709551616'],
    [Number.POSITIVE_INFINITY, '.inf .Inf .INF +.inf'],
    [Number.NEGATIVE_INFINITY, '-.inf'],
  ])('is %s for go-yaml v2 when written as %s', (value, spellings) => {
    for (const text of spellings.split(' ')) expect([text, shown(resolvePlain(text))]).toEqual([text, value]);
  });

  it('is a string for go-yaml v2 in everything else', () => {
    const texts =
      'tRue nULL yEs 22:22 190:20:30 2024-04-01 2001-12-14t21:59:43.10-05:00 0o8 0b2 0xg 0x 0b 1e999 _1 1a 1.2.3 . .. .e3 ._5 - -- << = 1e+ 0x1ffffffffffffffff';
    for (const text of texts.split(' ')) expect([text, resolvePlain(text)]).toEqual([text, text]);
    expect(resolvePlain('')).toBeNull();
    expect(resolvePlain('.nan')).toBeNaN();
  });
});

describe('a tagged scalar', () => {
  it.each([
    ['int', '0x10', '16n'],
    ['int', '1.5', undefined],
    ['float', '3', 3],
    ['float', 'x', undefined],
    ['bool', 'yes', true],
    ['bool', '1', undefined],
    ['null', '~', null],
    ['null', 'x', undefined],
    ['str', '12', '12'],
    ['str', '', ''],
    ['binary', 'aGk=', 'hi'],
    ['binary', 'a', undefined],
    ['binary', '/w==', undefined],
    ['timestamp', '2024-04-01', '2024-04-01'],
  ])('!!%s %j is %j', (tag, text, value) => {
    expect(shown(resolveTagged(`tag:yaml.org,2002:${tag}`, text))).toBe(value);
  });

  it('with a local tag is a string', () => {
    expect(resolveTagged('!local', '12')).toBe('12');
  });
});

describe('a key', () => {
  it.each([
    ['a', 'a'],
    [true, 'true'],
    [false, 'false'],
    [null, undefined],
    [1.5, '1.5'],
    [1e6, '1e+06'],
    [123456, '123456'],
    [1234567.5, '1.2345675e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.1, '0.1'],
    [16777217, '1.6777216e+07'],
    [3.4e39, '.inf'],
    [Number.NaN, '.nan'],
    [-0, '-0'],
    [-2.5, '-2.5'],
  ])('%s has the text %s', (key, text) => {
    expect(keyText(key)).toBe(text);
  });

  it('is any integer below 2^63', () => {
    expect([keyText(12n), keyText(2n ** 63n - 1n), keyText(2n ** 63n)]).toEqual([
      '12',
      '9223372036854775807',
      undefined,
    ]);
  });
});
