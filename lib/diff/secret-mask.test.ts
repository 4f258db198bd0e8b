import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, KubernetesObject } from '../kubernetes/object.ts';
import type { RawFieldChange } from './field-changes.ts';
import { SecretMask } from './secret-mask.ts';

const KEY = Buffer.alloc(32, 7);
const SECRET = { group: '', kind: 'Secret', namespace: 'shop', name: 'login' };
const OTHER = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = (data: Record<string, string>, annotations?: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace: 'shop', ...(annotations === undefined ? {} : { annotations }) },
  data,
});
const maskOf = (...secrets: KubernetesObject[]) => new SecretMask(KEY, () => secrets);
const change = (path: string, before: Json | undefined, after: Json | undefined): RawFieldChange => ({
  path,
  op: before === undefined ? 'add' : after === undefined ? 'remove' : 'replace',
  before,
  after,
  owners: [],
});

describe('a masked change of a Secret', () => {
  it('shows that a value changed, and nothing of it', () => {
    const [shown] = maskOf().changes(SECRET, [change('data.password', base64('one'), base64('a much longer one'))]);
    expect(shown).toMatchObject({ masked: true, path: 'data.password' });
    expect(shown?.before).toMatch(/^hmac:[0-9a-f]{16}$/);
    expect(shown?.after).toMatch(/^hmac:[0-9a-f]{16}$/);
    expect(shown?.before).not.toBe(shown?.after);
  });

  it('shows equal values as equal, and depends on the key', () => {
    expect(maskOf().of('one')).toBe(maskOf().of('one'));
    expect(new SecretMask(Buffer.alloc(32, 8), () => []).of('one')).not.toBe(maskOf().of('one'));
  });

  it('finds a value inside longer base64, whatever stands around it, and takes the whole of it away', () => {
    const bytes = fc.string({ minLength: 9, maxLength: 40 });
    fc.assert(
      fc.property(
        bytes,
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        (value, before, after, url) => {
          const around = Buffer.from(before + value + after).toString(url ? 'base64url' : 'base64');
          const shown = maskOf(secret({ password: base64(value) })).json({ auth: `Basic ${around}` });
          expect(shown).toEqual({ auth: expect.stringMatching(/^Basic hmac:[0-9a-f]{16}$/) });
        },
      ),
    );
  });

  it('of a value that looks like its own mask still shows two different ones', () => {
    const mask = maskOf();
    const before = base64('one');
    const [shown] = mask.changes(SECRET, [change('data.password', before, mask.of(before))]);
    expect(shown?.before).toBe(mask.of(before));
    expect(shown?.after).not.toBe(shown?.before);
  });

  it('of the whole data is one change per key', () => {
    const shown = maskOf().changes(SECRET, [change('data', undefined, { a: base64('x'), 'b.c': base64('y') })]);
    expect(shown.map(({ path, masked }) => [path, masked])).toEqual([
      ['data.a', true],
      ['data["b.c"]', true],
    ]);
  });

  it('masks copies of the object that other tools left in annotations', () => {
    const name = 'kubectl.kubernetes.io/last-applied-configuration';
    const [shown] = maskOf().changes(SECRET, [
      change(`metadata.annotations["${name}"]`, '{"data":{}}', '{"data":{"a":"b"}}'),
    ]);
    expect(shown).toMatchObject({ masked: true, before: expect.stringMatching(/^hmac:/) });
    expect(JSON.stringify(maskOf().object(secret({ a: base64('b') }, { [name]: 'CANARY' })))).not.toContain('CANARY');
  });

  it('leaves labels and type readable', () => {
    const [shown] = maskOf().changes(SECRET, [change('metadata.labels.team', 'a', 'b')]);
    expect(shown).toMatchObject({ before: 'a', after: 'b' });
    expect(shown).not.toHaveProperty('masked');
  });
});

describe('values of Secrets elsewhere', () => {
  const mask = maskOf(secret({ password: base64('correct horse'), user: base64('postgres'), short: base64('abc') }));

  it('are found in environment literals, annotations and error texts: plain, in base64, in URLs, in JSON', () => {
    const [literal] = mask.changes(OTHER, [change('spec.env[name=A].value', 'x', 'correct horse')]);
    expect(literal).toMatchObject({ masked: true, before: 'x', after: mask.of('correct horse') });
    for (const text of [
      'dial postgres://u:correct horse@db',
      `data: ${base64('correct horse')}`,
      'http://x/?q=correct%20horse',
      `{"a":"correct horse"}`,
    ]) {
      expect(mask.text(text)).not.toMatch(/correct.{0,3}horse|Y29ycmVjdCBob3JzZQ/);
      expect(mask.text(text)).toContain('hmac:');
    }
  });

  it('that are plain short words are masked in the words of others too, where they are no part of another word', () => {
    for (const text of ['got postgres.', 'user=postgres', '"postgres"', '(postgres)', 'http://postgres:x@db'])
      expect(mask.said(text)).not.toContain('postgres');
    for (const text of ['my-postgres', 'postgres-0', 'db.postgres.svc', 'postgres1'])
      expect(mask.said(text)).toBe(text);
    const about = { namespace: 'shop', name: 'postgres' };
    expect(mask.said('secrets "postgres" not found', about)).toBe('secrets "postgres" not found');
    expect(mask.said('the password is correct horse', about)).not.toContain('horse');
  });

  it('that are plain short words are masked where they stand alone, not within names', () => {
    expect(mask.text('postgres')).toMatch(/^hmac:/);
    expect(mask.text('registry.example.com/postgres:16')).toBe('registry.example.com/postgres:16');
    expect(mask.text('abc')).toBe('abc');
  });

  it('do not hide what an object is called', () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'postgres' }, data: { a: 'postgres' } };
    expect(mask.object(config)).toMatchObject({
      metadata: { name: 'postgres' },
      data: { a: expect.stringMatching(/^hmac:/) },
    });
  });

  it('leave an object that holds none as it is', () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } };
    expect(mask.object(config)).toBe(config);
  });

  it('never come through, whatever the value and wherever it stands', () => {
    const text = fc
      .string({ minLength: 16, maxLength: 40 })
      .filter((value) => value.trim() === value && !/^[a-z0-9.-]+$/.test(value));
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (value, left, right) => {
        const one = maskOf(secret({ a: base64(value) }));
        const places: KubernetesObject = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'x', annotations: { note: left + value + right } },
          data: { plain: value, encoded: base64(value), url: `https://x/${encodeURIComponent(value)}` },
        };
        const shown = JSON.stringify(one.object(places));
        expect(shown).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(shown).not.toContain(base64(value));
        expect(shown).not.toContain(encodeURIComponent(value));
      }),
    );
  });
});

describe('what the server says about a Secret', () => {
  it('keeps the reason and loses what it quotes', () => {
    const said = (text: string) => maskOf().refusal(SECRET, text);
    expect(said('.data.p: expected string, got &value.valueUnstructured{Value:12345678}')).toBe(
      '.data.p: expected string, got another type',
    );
    expect(said('data[x]: Invalid value: "CANARY \\" more": must be shorter')).toBe(
      'data[x]: Invalid value: must be shorter',
    );
    expect(maskOf().refusal(OTHER, 'spec: Invalid value: "a": must be b')).toBe('spec: Invalid value: "a": must be b');
  });
});
