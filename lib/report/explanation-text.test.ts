import { describe, expect, it } from 'vitest';
import { explanations } from '../explain/explain.ts';
import { readYaml } from '../yaml/read.ts';
import { explanationList, explanationText } from './explanation-text.ts';
import { paint } from './paint.ts';

const plain = paint(false);
const of = (id: string): string => {
  const found = explanations().find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is not explained`);
  return explanationText(found, plain);
};

describe('the text of an explanation', () => {
  it('says of an error what it means, where it comes from and what to do', () => {
    expect(of('ORR2005')).toBe(
      'ORR2005  a placement names a cluster that does not exist  program\n\n  Declare the cluster, or correct the name.\n',
    );
  });

  it('shows links as words', () => {
    for (const one of explanations()) expect(explanationText(one, plain)).not.toMatch(/\]\(/);
    expect(of('ORR1002')).toContain('cli.md');
  });

  it('says of a check what happens, what to do, and how to live with it, as valid YAML', () => {
    expect(of('image-version')).toMatch(/^image-version {2}\S/);
    const waiver = of('image-version').split('in cdk8s.yaml:\n')[1] ?? '';
    expect(readYaml(waiver, { source: 'waiver' })[0]?.value).toEqual({
      checks: { waive: { 'image-version': { 'trial:*': 'this cluster follows the newest images' } } },
    });
  });

  it('is one line each in the list, errors first', () => {
    const lines = explanationList(explanations(), plain).trimEnd().split('\n');
    expect(lines).toHaveLength(explanations().length);
    expect(lines[0]).toMatch(/^ORR1001 {2,}the command line is wrong$/);
    expect(lines.at(-1)).toMatch(/^divided-volume {2}/);
  });
});
