import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FREE_MAPS } from '../../constructs/lib/private/api-value.js';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { CONSTRUCTS, propertiesOf, propsOf, typeOf } from './from-manifest.ts';
import { judge, objectsOf, type Verdict } from './judge.ts';
import { compareSchema, type Schema } from './schema-difference.ts';

/** Manifests and definitions of other projects (../shared/data/SOURCES.md). */
const DATA = join(import.meta.dirname, '../../../shared/data');
const missing = !existsSync(DATA) && process.env.CI !== 'true';

function verdictsOf(folder: string): Verdict[] {
  const files = globSync(join(DATA, 'canary', folder, '**/*.yaml')).sort();
  return files.flatMap((file) => objectsOf(file).map((object) => judge(relative(DATA, file), object)));
}

function print(title: string, lines: readonly string[]): void {
  process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

describe('the typed constructs of Argo Rollouts, Flagger and Istio', () => {
  it.skipIf(missing)('build every example of these projects, equal to its file', () => {
    const verdicts = ['argo-rollouts', 'flagger'].flatMap(verdictsOf);
    const lineOf = ({ file, object, outcome, details }: Verdict) =>
      [outcome.padEnd(9), object.padEnd(52), relative('canary', file), ...details.slice(0, 2)].join('  ');
    const own = verdicts.filter(({ foreignRouter }) => foreignRouter === undefined);
    const apart = verdicts.filter(({ foreignRouter }) => foreignRouter !== undefined);
    print(`${own.length} objects`, own.map(lineOf));
    print(
      `${apart.length} objects whose router is no back-end of CanaryRelease`,
      apart.map((verdict) => `${(verdict.foreignRouter as string).padEnd(11)} ${lineOf(verdict)}`),
    );
    expect(own.length).toBeGreaterThanOrEqual(25);
    expect(verdicts.filter(({ outcome }) => outcome !== 'equal')).toEqual([]);
  });

  /** What is right as it is written, and fails when it runs. */
  const AT_RUN_TIME: Readonly<Record<string, string>> = {
    'experiment-degrade.yaml': 'the image does not exist, which only its registry knows',
    'experiment-error-template-missing.yaml':
      'the analysis template is not in the cluster; another program may bring it',
    'experiment-failed-analysis.yaml': 'the command of the Job fails',
  };

  it.skipIf(missing)('refuse of what has to fail all that can be seen before it runs', () => {
    const lines: string[] = [];
    const unexplained: string[] = [];
    for (const file of globSync(join(DATA, 'canary/expected-failures/*.yaml')).sort()) {
      const name = basename(file);
      const text = readFileSync(file, 'utf8');
      let objects: KubernetesObject[];
      try {
        objects = readYaml(text, { source: name }).map(({ value }) => declared(value as unknown as KubernetesObject));
      } catch (error) {
        lines.push(`${name.padEnd(42)} no YAML: ${(error as Error).message}`);
        continue;
      }
      const refusals = objects.map((object) => judge(name, object)).flatMap(({ details }) => details);
      const late = AT_RUN_TIME[name];
      if (refusals.length > 0) for (const refusal of refusals) lines.push(`${name.padEnd(42)} ${refusal}`);
      else if (late !== undefined) lines.push(`${name.padEnd(42)} only at run time: ${late}`);
      else unexplained.push(name);
    }
    print('Manifests that have to fail', lines);
    expect(unexplained).toEqual([]);
    expect(lines.filter((line) => line.includes('only at run time'))).toHaveLength(3);
  });

  it.skipIf(missing)(
    'have a property for every field of their definitions and no other, and need only what they need',
    () => {
      for (const [kind, construct] of Object.entries(CONSTRUCTS)) {
        const [group = '', name = ''] = kind.split('/');
        const plural = name === 'Canary' ? 'canaries' : `${name.toLowerCase()}s`;
        const file = join(DATA, 'crds', group, `${plural}.${group}.yaml`);
        const [{ value } = { value: undefined }] = readYaml(readFileSync(file), { source: file });
        const { versions } = (value as unknown as { spec: { versions: readonly Version[] } }).spec;
        expect(versions.length).toBeGreaterThan(0);
        for (const { name: version, schema } of versions) {
          const spec = schema.openAPIV3Schema.properties.spec;
          const { missing: lacking, extra, needed } = compareSchema(construct, spec);
          // The former spelling of mirrorPercent, which only old objects have.
          lacking.delete('spec.http[].mirror_percent');
          expect({ construct, version, missing: [...lacking], extra: [...extra], needed: [...needed] }).toEqual({
            construct,
            version,
            missing: [],
            extra: [],
            needed: [],
          });
        }
      }
    },
  );

  it('know which properties have members that the user names', () => {
    const free = new Set<string>();
    const structs = new Set<string>();
    for (const [kind, construct] of Object.entries(CONSTRUCTS)) {
      collect(propsOf(construct), kind.split('/')[1] as string, free, structs, new Set());
    }
    const isFree = (place: string) => FREE_MAPS.has(place) || FREE_MAPS.has(place.split('.')[1] as string);
    expect([...free].filter((place) => !isFree(place))).toEqual([]);
    expect([...structs].filter(isFree)).toEqual([]);
  });
});

interface Version {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly spec: Schema } } };
}

/** Gives an object a name where the server would make one, and reads a run as the template that it would be made of. */
function declared(object: KubernetesObject): KubernetesObject {
  const { generateName, ...metadata } = object.metadata as KubernetesObject['metadata'] & { generateName?: string };
  const kind = object.kind === 'AnalysisRun' ? 'AnalysisTemplate' : object.kind;
  return { ...object, kind, metadata: { ...metadata, name: metadata.name ?? `${generateName}x` } };
}

/** Properties that are maps, and those that hold structs: each with the property around it. */
function collect(fqn: string, around: string, free: Set<string>, structs: Set<string>, seen: Set<string>): void {
  if (seen.has(`${fqn} ${around}`)) return;
  seen.add(`${fqn} ${around}`);
  for (const { name, type } of propertiesOf(fqn)) {
    const place = around !== '' && name === 'spec' ? around : name;
    let element = type;
    while (element.collection?.kind === 'array') element = element.collection.elementtype;
    if (element.collection?.kind === 'map') free.add(`${around}.${name}`);
    else if (element.fqn !== undefined && typeOf(element.fqn).kind === 'interface') {
      structs.add(`${around}.${name}`);
      collect(element.fqn, place, free, structs, seen);
    }
  }
}
