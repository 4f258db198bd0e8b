import { describe, expect, it } from 'vitest';
import { kubernetesObjects } from './kubernetes-documents.ts';
import { readYaml } from './read.ts';

const objects = (text: string) => kubernetesObjects(readYaml(text, { source: 'f.yaml' }), 'f.yaml');
const names = (text: string) =>
  objects(text).map(({ object, line }) => `${object.apiVersion} ${object.kind}/${object.metadata.name}:${line}`);

describe('the Kubernetes objects of a YAML source', () => {
  it('come document by document with their lines, empty documents left out', () => {
    const text =
      '# head\n---\n\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\n---\n# nothing\n---\nnull\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b }\n';
    expect(names(text)).toEqual(['v1 ConfigMap/a:4', 'apps/v1 Deployment/b:13']);
  });

  it('come out of Lists, also of Lists in Lists and of typed lists that leave out the kind', () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: { name: s }
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - metadata: { name: c }
      - { apiVersion: v1, kind: Service, metadata: { name: x } }
`;
    expect(names(text)).toEqual(['v1 Secret/s:4', 'v1 ConfigMap/c:10', 'v1 Service/x:11']);
    expect(names('apiVersion: v1\nkind: List\nitems: []\n')).toEqual([]);
    expect(names('apiVersion: v1\nkind: List\nitems:\n')).toEqual([]);
  });

  it('are left as they are, status and unknown fields included', () => {
    const text =
      '{"apiVersion":"x/v1","kind":"Y","metadata":{"name":"n","uid":"u"},"status":{"a":1},"__proto__":{"p":1}}';
    expect(objects(text)[0]?.object).toEqual(JSON.parse(text));
    expect(({} as { p?: number }).p).toBeUndefined();
  });

  it('keep a kind that only ends like a list', () => {
    expect(names('apiVersion: example.com/v1\nkind: AllowList\nmetadata: { name: a }\nspec: {}\n')).toEqual([
      'example.com/v1 AllowList/a:1',
    ]);
  });

  it.each([
    ['text', 'just text\n', /a text, not a Kubernetes object/, 1],
    ['a list', '- a\n- b\n', /a list, not a Kubernetes object/, 1],
    ['no kind', 'metadata: { name: a }\napiVersion: v1\n', /no kind/, 1],
    ['no apiVersion', '\n\nkind: A\n', /no apiVersion/, 3],
    ['a numeric apiVersion', 'kind: A\napiVersion: 1\n', /apiVersion is the number 1/, 2],
    ['an empty kind', 'apiVersion: v1\nkind: ""\n', /no kind/, 2],
    ['no metadata', 'apiVersion: v1\nkind: A\n', /no metadata/, 1],
    ['metadata that is text', 'apiVersion: v1\nkind: A\nmetadata: a\n', /metadata of the A is a text/, 3],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n', /no metadata\.name/, 4],
    [
      'a numeric name',
      'apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n  name: 007\n',
      /name of the A is the number 7/,
      5,
    ],
    ['a name that YAML takes for a boolean', 'apiVersion: v1\nkind: A\nmetadata:\n  name: on\n', /the boolean true/, 4],
    [
      'a numeric namespace',
      'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  namespace: 12\n',
      /namespace of the A is the number 12/,
      5,
    ],
    [
      'a bad item',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: A\n    metadata: {}\n',
      /no metadata\.name/,
      6,
    ],
    ['an item that is text', 'apiVersion: v1\nkind: List\nitems:\n  - oops\n', /list item is a text/, 4],
  ])('are refused with the line for %s', (_, text, message, line) => {
    expect(() => objects(text)).toThrow(
      expect.objectContaining({
        code: 'ORR2202',
        message: expect.stringMatching(message),
        where: expect.objectContaining({ source: `f.yaml:${line}` }),
      }),
    );
  });

  it('with a generated name are refused with what to do', () => {
    expect(() => objects('apiVersion: v1\nkind: A\nmetadata:\n  generateName: a-\n')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('generateName') }),
    );
  });

  it('may be left out before their identity is asked for', () => {
    const documents = readYaml('apiVersion: v1\nkind: Pod\nmetadata: { generateName: t- }\n', { source: 'f.yaml' });
    expect(kubernetesObjects(documents, 'f.yaml', (object) => object.kind === 'Pod')).toEqual([]);
  });
});
