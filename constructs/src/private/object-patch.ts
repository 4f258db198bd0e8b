import type { JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PatchOperation } from '../assembly-format';
import type { Cluster } from '../cluster';
import { applyJsonPatch, PatchFailure } from '../json-patch';
import type { PatchTarget } from '../multi-cluster-service';
import { canonicalJson } from './canonical';
import type { DeclaredField } from './controller-owned';
import { FlatJson } from './flat-json';
import { safeJson } from './json-values';
import type { Override } from './overrides';
import { collectProblems, type Problem, problemAt } from './problem';
import type { Entry } from './unit';

/** A patch as declared, and whether it did anything so far. */
export interface ObjectPatch {
  readonly target: PatchTarget;
  readonly operations: readonly JsonPatch[];
  readonly effect: { applied: boolean; changed: boolean };
}

/** Controller-owned fields as declared for an object of a service. */
export interface OwnedFields {
  readonly target: PatchTarget;
  readonly fields: readonly DeclaredField[];
}

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Applies patches, in order, to the rendered objects of one cluster. */
export function applyPatches(
  construct: IConstruct,
  cluster: Cluster,
  entries: readonly Entry[],
  patches: readonly Override<ObjectPatch>[],
  problems: Problem[],
): Entry[] {
  const result = [...entries];
  for (const { value: patch, site } of patches) {
    const report = (code: 'ORR2010' | 'ORR2018', what: string, fix?: string) =>
      problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName, source: site.source }));
    const index = indexOf(result, patch.target, (what, fix) => report('ORR2010', `The patch is for ${what}`, fix));
    if (index === undefined) continue;
    const entry = result[index] as Entry;
    const patched = applyOne(construct, entry, patch, report, site.source, problems);
    if (patched !== undefined) result[index] = { ...entry, content: { type: 'object', object: patched } };
  }
  return result;
}

/** Adds controller-owned fields to the rendered objects of one cluster. */
export function declareOwned(
  construct: IConstruct,
  cluster: Cluster,
  entries: readonly Entry[],
  declarations: readonly Override<OwnedFields>[],
  problems: Problem[],
): Entry[] {
  const result = [...entries];
  for (const { value, site } of declarations) {
    const index = indexOf(result, value.target, (what, fix) => {
      const details = { fix, cluster: cluster.clusterName, source: site.source };
      problems.push(problemAt(construct, 'ORR2020', `Controller-owned fields are declared for ${what}`, details));
    });
    if (index === undefined) continue;
    const entry = result[index] as Entry;
    result[index] = { ...entry, controllerOwned: [...(entry.controllerOwned ?? []), ...value.fields] };
  }
  return result;
}

/** Where the one object stands that is meant. */
function indexOf(
  entries: readonly Entry[],
  { kind, name }: PatchTarget,
  report: (what: string, fix: string) => void,
): number | undefined {
  const matches = entries.flatMap((entry, i) => {
    const object = objectOf(entry);
    return object?.kind === kind && (name === undefined || object.metadata.name === name) ? [i] : [];
  });
  if (matches.length === 1) return matches[0];
  const has = entries.map((entry) => `${objectOf(entry)?.kind}/${objectOf(entry)?.metadata.name}`).join(', ');
  const wanted = name === undefined ? kind : `${kind}/${name}`;
  if (matches.length === 0) report(`${wanted}, which the service does not have.`, `It has: ${has}.`);
  else report(`${kind}, and the service has ${matches.length} of them.`, `Name one. It has: ${has}.`);
  return undefined;
}

/** Reports patches that were applied somewhere and changed nothing anywhere. */
export function reportIdlePatches(
  construct: IConstruct,
  patches: readonly Override<ObjectPatch>[],
  problems: Problem[],
): void {
  for (const { value: patch, site } of patches) {
    if (patch.effect.applied && !patch.effect.changed) {
      const what = `The patch of ${patch.target.kind} changes nothing: ${patch.operations.map(describe).join('; ') || 'it has no operations'}.`;
      const fix = 'Remove it, or correct the path or value.';
      problems.push(problemAt(construct, 'ORR2010', what, { fix, source: site.source }));
    }
    patch.effect.applied = false;
    patch.effect.changed = false;
  }
}

function applyOne(
  construct: IConstruct,
  entry: Entry,
  patch: ObjectPatch,
  report: (code: 'ORR2010' | 'ORR2018', what: string, fix?: string) => void,
  source: string | undefined,
  problems: Problem[],
): object | undefined {
  const operations = collectProblems(problems, () =>
    patch.operations.map((operation) => operationOf(construct, operation, source)),
  );
  if (operations === undefined) return undefined;
  const unpatched = new FlatJson().fill(objectOf(entry)).toJson();
  const after = applyJsonPatch(unpatched, operations);
  if (after instanceof PatchFailure) {
    const what = `The patch of ${patch.target.kind} does not apply: ${describeOperation(after.operation)}: ${after.why}.`;
    report(after.unsafe ? 'ORR2018' : 'ORR2010', what, 'Correct its path or value, or remove it.');
    return undefined;
  }
  patch.effect.applied = true;
  if (canonicalJson(unpatched) !== canonicalJson(after)) patch.effect.changed = true;
  return after as object;
}

function objectOf(entry: Entry): NamedObject | undefined {
  return entry.content.type === 'object' ? (entry.content.object as NamedObject) : undefined;
}

export function operationOf(construct: IConstruct, patch: JsonPatch, source: string | undefined): PatchOperation {
  const operation = patch._toJson() as PatchOperation;
  if (operation.value === undefined) return operation;
  return { ...operation, value: safeJson(construct, 'The value of a patch', operation.value, source) };
}

function describe(patch: JsonPatch): string {
  return describeOperation(patch._toJson() as PatchOperation);
}

function describeOperation(operation: PatchOperation): string {
  return `${operation.op} ${operation.path}`;
}
