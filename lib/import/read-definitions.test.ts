import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { definition } from '../../test/sample-objects.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { readDefinitions, typesOfDefinitions } from './read-definitions.ts';

const whole = definition('example.com', 'Widget', {});
const patch = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: whole.metadata,
  spec: { conversion: { strategy: 'Webhook' } },
} as unknown as KubernetesObject;
const imported = (...objects: readonly KubernetesObject[]) => {
  const { files, problems } = typesOfDefinitions(objects.map((object, at) => ({ object, source: `crds.yaml:${at}` })));
  return [files.map(({ path }) => path), problems.map(({ code }) => code)];
};

describe('definitions beside each other', () => {
  it('are passed over where they only change one that is there, as the patches of a kustomization do', () => {
    const { spec: _, ...bare } = patch;
    expect(imported(patch, whole, bare as KubernetesObject)).toEqual([['example.com/Widget.ts'], []]);
    expect(imported(patch)).toEqual([[], ['ORR2501']]);
  });

  it('count once where they say the same, and are a problem where they do not', () => {
    const other = definition('example.com', 'Widget', { size: { type: 'integer' } });
    expect(imported(whole, whole)).toEqual([['example.com/Widget.ts'], []]);
    expect(imported(whole, other)).toEqual([['example.com/Widget.ts'], ['ORR2501']]);
  });
});

describe('a folder of definitions', () => {
  it('may hold what is no object; a file that is named may not', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'orrery-crds-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(path.join(folder, 'widget.yaml'), JSON.stringify(whole));
    writeFileSync(path.join(folder, 'configuration.yaml'), 'nameReference:\n- kind: Service\n');
    const { found, problems } = await readDefinitions([folder], folder);
    expect([found.map(({ source }) => source), problems]).toEqual([['widget.yaml:1'], []]);
    const named = await readDefinitions(['configuration.yaml'], folder);
    expect(named.problems.map(({ code }) => code)).toEqual(['ORR2202']);
  });
});
