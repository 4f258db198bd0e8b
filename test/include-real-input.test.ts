import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterSet, Include, Platform } from '@orrery/constructs';
import { builtInScope } from '@orrery/constructs/built-in-kinds';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { readAssembly } from '../lib/assembly/read-assembly.ts';
import { canonicalJson } from '../lib/kubernetes/canonical.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';
import { type RenderedState, renderAssembly } from '../lib/render/render-assembly.ts';
import { kubernetesObjects } from '../lib/yaml/kubernetes-documents.ts';
import { readYaml } from '../lib/yaml/read.ts';
import { TemporaryFolders } from './write-assembly.ts';

/** One document for each kind and version of Kubernetes' own API, kubernetes/api: testdata (../shared/data/SOURCES.md). */
const DATA = fileURLToPath(new URL('../../shared/data/kubernetes-api', import.meta.url));
const present = existsSync(DATA);
const required = process.env.CI === 'true';

const folders = new TemporaryFolders();
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(() => folders.removeAll());

interface Document {
  readonly file: string;
  readonly text: string;
  /** By a reader that is not ours. */
  readonly value: Partial<KubernetesObject>;
}

const documents: Document[] = present
  ? readdirSync(DATA)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => {
        const file = path.join(DATA, name);
        const text = readFileSync(file, 'utf8');
        return { file, text, value: parseDocument(text).toJS() as Partial<KubernetesObject> };
      })
  : [];
const isObject = ({ value }: Document) =>
  Boolean(value.apiVersion) && Boolean(value.kind) && Boolean((value.metadata as { name?: string } | undefined)?.name);
const objects = documents.filter(isObject);
const others = documents.filter((document) => !isObject(document));

/** The removals that normalisation documents, by hand. */
function expectedForm(value: Partial<KubernetesObject>): unknown {
  const { status: _, stringData, ...rest } = structuredClone(value) as Record<string, unknown>;
  const metadata = rest.metadata as Record<string, unknown>;
  for (const field of ['managedFields', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink'])
    delete metadata[field];
  const [group, kind] = [
    String(rest.apiVersion).includes('/') ? String(rest.apiVersion).split('/')[0] : '',
    String(rest.kind),
  ];
  if (builtInScope(group ?? '', kind) === 'Cluster') delete metadata.namespace;
  if (kind === 'Secret' && stringData !== undefined) {
    const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
      key,
      Buffer.from(text).toString('base64'),
    ]);
    rest.data = { ...(rest.data as object), ...Object.fromEntries(encoded) };
  }
  return rest;
}

/** A platform with one cluster per file, each with one Include. */
async function throughInclude(files: readonly string[]): Promise<RenderedState> {
  const outdir = path.join(folders.make(), 'dist');
  const platform = new Platform({ id: 'real-input', outdir });
  const clusters = new ClusterSet(platform, 'clusters');
  files.forEach((file, i) => {
    new Include(clusters.add(`c${i}`), 'document', { file });
  });
  platform.synth();
  return renderAssembly(await readAssembly(outdir));
}

describe.skipIf(!present && !required)(
  `the documents of Kubernetes' own API${present ? '' : ' (skipped: ../shared/data is not there)'}`,
  () => {
    let state: RenderedState;
    beforeAll(async () => {
      state = await throughInclude(objects.map(({ file }) => file));
    });

    it('are 171 objects and 22 that have no identity', () => {
      expect([objects.length, others.length]).toEqual([171, 22]);
    });

    it('are read as they stand', () => {
      for (const { file, text, value } of objects) {
        const read = kubernetesObjects(readYaml(text, { source: file }), file);
        expect(read.map(({ object }) => object)).toEqual([value]);
      }
    });

    it.each(objects.map((document, i) => ({ name: path.basename(document.file, '.yaml'), document, i })))(
      '$name comes through Include, synth and render without loss',
      ({ document, i }) => {
        const rendered = state.clusters[i]?.objects ?? [];
        expect(rendered).toHaveLength(1);
        const expected = expectedForm(document.value);
        expect(rendered[0]?.object).toEqual(expected);
        expect(canonicalJson(rendered[0]?.object)).toBe(canonicalJson(expected));
        expect(rendered[0]?.source).toMatch(new RegExp(`${path.basename(document.file).replaceAll('.', '\\.')}:1$`));
      },
    );

    it.each(others.map((document) => ({ name: path.basename(document.file, '.yaml'), document })))(
      '$name is refused with file and line',
      async ({ document }) => {
        const source = new RegExp(`${path.basename(document.file).replaceAll('.', '\\.')}:\\d+$`);
        await expect(throughInclude([document.file])).rejects.toMatchObject({
          code: 'ORR2202',
          where: { cluster: 'c0', path: 'document', source: expect.stringMatching(source) },
        });
      },
    );
  },
);
