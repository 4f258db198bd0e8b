import type { ApiObject } from 'cdk8s';
import type { ControllerOwnedManifest } from '../assembly-format';
import type { ControllerOwnedField } from '../controller-owned-fields';
import { FieldPathMistake, hasField, parseFieldPath } from '../field-path';
import { CallSite } from './location';
import type { ProblemCode } from './problem';

/** A field as the program declared it, and where. */
export interface DeclaredField {
  readonly field: ControllerOwnedField;
  readonly site: CallSite;
}

/** What is wrong with a declared field, before it is known of which object. */
export interface FieldMistake {
  readonly code: ProblemCode;
  readonly what: string;
  readonly fix: string;
  readonly source: string | undefined;
}

const FIELDS = Symbol.for('orrery.controllerOwnedFields');
const NONE: readonly DeclaredField[] = [];

/** Remembers fields at an object, with the line of the program. */
export function declareFields(object: ApiObject, fields: readonly ControllerOwnedField[]): void {
  const all = [...declaredFields(object), ...withSite(fields)];
  Object.defineProperty(object, FIELDS, { value: all, enumerable: false, configurable: true });
}

/** The fields declared at a construct. */
export function declaredFields(construct: object): readonly DeclaredField[] {
  return (construct as { [FIELDS]?: readonly DeclaredField[] })[FIELDS] ?? NONE;
}

/** Fields with the line of the program that is being executed. */
export function withSite(fields: readonly ControllerOwnedField[]): DeclaredField[] {
  const site = new CallSite();
  return fields.map((field) => ({ field, site }));
}

/** Checks fields against the object as it is written, and gives what the assembly says of them: one entry per path, in their order. */
export function controllerOwned(
  object: unknown,
  declared: readonly DeclaredField[],
  report: (mistake: FieldMistake) => void,
): ControllerOwnedManifest[] {
  const managersOf = new Map<string, Set<string>>();
  for (const { field, site } of declared) {
    const { path, managers = [], onlyLive = false } = field;
    const { source } = site;
    const steps = parseFieldPath(path);
    if (steps instanceof FieldPathMistake) {
      const fix = 'Write it like spec.replicas, spec.http[*].route[*].weight or metadata.annotations["example.com/x"].';
      report({ code: 'ORR2011', what: `The path "${path}" of a controller-owned field ${steps.what}.`, fix, source });
    } else if (!onlyLive && !hasField(object, steps)) {
      const what = `The controller-owned field "${path}" matches nothing in the object.`;
      const fix = 'Correct the path; for a field that only appears in the cluster set onlyLive: true.';
      report({ code: 'ORR2020', what, fix, source });
    } else {
      const known = managersOf.get(path) ?? new Set();
      for (const manager of managers) known.add(manager);
      managersOf.set(path, known);
    }
  }
  return [...managersOf].map(([path, managers]) => ({
    path,
    ...(managers.size === 0 ? {} : { managers: [...managers] }),
  }));
}
