import { describe, expect, it } from 'vitest';
import {
  differingPaths,
  findNonDeterminism,
  mergeSuspects,
  templateTexts,
  zoneOfAnotherDay,
} from './non-determinism.ts';

describe('functions that give something else each time', () => {
  it.each([
    '{{ randAlphaNum 10 }}',
    '{{- $x := randInt 0 5 -}}',
    '{{ .Values.a | default (randBytes 8) }}',
    '{{ genSelfSignedCert "cn" nil nil 365 }}',
    '{{ genPrivateKey "rsa" }}',
    '{{ genCAWithKey "x" 1 .k }}',
    '{{ uuidv4 }}',
    '{{ list 1 2 | shuffle }}',
    '{{ bcrypt .Values.p }}',
    '{{ htpasswd "u" "p" }}',
    '{{ encryptAES "k" "v" }}',
    '{{ now | date "2006" }}',
    '{{ ago .t }}',
    '{{ getHostByName "x" }}',
    '{{ tpl "{{ uuidv4 }}" . }}',
    '{{\n  uuidv4\n}}',
  ])('are found in %s', (text) => {
    expect(findNonDeterminism([text])).toBeDefined();
  });

  it.each([
    'now and then, randAlphaNum in plain text',
    '{{/* randAlphaNum 10 */}}',
    '{{- /* now */ -}} {{ .Values.x }}',
    '{{ .Values.now }}',
    '{{ $now }}',
    '{{ "now" }}',
    '{{ include "x.now" . }}',
    '{{ .Values.general | quote }}',
    '{{ randomize .x }}',
    '{{ derivePassword 1 "long" "p" "u" "s" }}',
    '{{ lookup "v1" "Secret" "ns" "n" }}',
  ])('are not seen in %s', (text) => {
    expect(findNonDeterminism([text])).toBeUndefined();
  });

  it('come with the values that stand in the same action, else in the one above', () => {
    const text = `
{{ .Values.far }}
{{ if .Values.auth.password }}
  a: {{ .Values.auth.password }}
{{ else }}
  a: {{ randAlphaNum 10 }}
{{ end }}
b: {{ .Values.id | default uuidv4 }}
{{ .Values.below }}`;
    expect(findNonDeterminism([text])).toEqual({ usesClock: false, pinnable: ['auth.password', 'id'] });
  });

  it('of the clock are told apart', () => {
    expect(findNonDeterminism(['{{ now }}'])?.usesClock).toBe(true);
    expect(findNonDeterminism(['{{ uuidv4 }}'])?.usesClock).toBe(false);
    expect(
      mergeSuspects(findNonDeterminism(['{{ now }}']), findNonDeterminism(['{{ .Values.a | default uuidv4 }}'])),
    ).toEqual({ usesClock: true, pinnable: ['a'] });
  });

  it('do not count in notes and Markdown, which are no objects', () => {
    const file = (name: string) => ({ name, bytes: Buffer.from(name) });
    expect(
      templateTexts(
        ['templates/a.yaml', 'templates/NOTES.txt', 'README.md', 'files/x.json', 'charts/a/templates/NOTES.txt'].map(
          file,
        ),
      ),
    ).toEqual(['templates/a.yaml', 'files/x.json']);
  });
});

describe('a second rendering', () => {
  it('happens on another day, whatever the hour', () => {
    for (let hour = 0; hour < 24; hour++) {
      const now = new Date(Date.UTC(2026, 1, 28, hour, 30));
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: zoneOfAnotherDay(now), dateStyle: 'short' }).format(now);
      expect(day).not.toBe('2026-02-28');
    }
  });

  it('is compared path by path', () => {
    expect(differingPaths({ a: { b: [1, { c: 2 }] }, d: 1 }, { a: { b: [1, { c: 3 }] }, d: 1 })).toEqual(['a.b[1].c']);
    expect(differingPaths({ a: 1, b: 1, c: 1 }, { a: 2, b: 2, c: 2 }, 2)).toEqual(['a', 'b']);
    expect(differingPaths({ a: [1] }, { a: { 0: 1 } })).toEqual(['a']);
    expect(differingPaths({ a: 1 }, undefined)).toEqual(['everything']);
    expect(differingPaths({ a: { b: null } }, { a: { b: null } })).toEqual([]);
  });
});
