import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kwokStages } from './kwok-stages.ts';

describe('the kwok stages', () => {
  it('are well-formed Stage documents with names of their own', () => {
    const documents = parseAllDocuments(kwokStages('v1.36.3'));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const stages = documents.map((document) => document.toJS() as { kind: string; metadata: { name: string } });
    expect(stages.every(({ kind }) => kind === 'Stage')).toBe(true);
    const names = stages.map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });
});
