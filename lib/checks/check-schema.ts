import type { Json } from '../kubernetes/object.ts';
import type { CheckedObject, Found, ObjectCheck } from './check.ts';
import type { Minors } from './schema/built-in-table.ts';
import { type KnownKinds, schemaOf } from './schema/known-kinds.ts';
import { shortName, type Violation, violationsOf } from './schema/violations.ts';

/**
 * Objects against the schemas of their kinds: those of the cluster's Kubernetes version, and of the custom resources that the program (or `checks.crds` of
 * cdk8s.yaml) defines. Kinds of which nothing is known are passed over.
 */
export const schemas: ObjectCheck = {
  looksAt: 'object',
  id: 'schema',
  title: 'fields that their kind does not have or that hold what they cannot',
  run: (object, { kinds }) => schemaFindings(object, kinds),
};

function schemaFindings(object: CheckedObject, known: KnownKinds): Found[] {
  const manifest = object.desired.object;
  const schema = schemaOf(known, manifest);
  if (schema === undefined) return [];
  return violationsOf(schema, manifest as unknown as Json).map((violation) => ({
    object,
    // A release that the table does not have may have fields that it does not have.
    severity: isBeyond(known) && violation.type !== 'type' ? 'warning' : 'error',
    field: violation.path,
    ...inWords(violation, known),
  }));
}

function isBeyond({ declared, table: { minors } }: KnownKinds): boolean {
  return declared !== undefined && (declared < minors.from || declared > minors.to);
}

/** A field that another release has is not misspelt. */
function inWords({ what, fix, unknown }: Violation, known: KnownKinds): { what: string; fix: string } {
  const others = unknown?.type === undefined ? undefined : known.builtIn.otherReleases(unknown.type, unknown.field);
  if (unknown?.type === undefined || others === undefined) return { what, fix };
  const name = `${shortName(unknown.type)} has the field "${unknown.field}"`;
  const own = known.declared ?? known.minors.to;
  return {
    what: `${name} ${releases(others, own)}; this cluster has Kubernetes 1.${own}.`,
    fix: 'Leave it out for this cluster: name it in waivers of cdk8s.yaml.',
  };
}

function releases(have: Minors, own: number): string {
  return have.from > own ? `since Kubernetes 1.${have.from} only` : `up to Kubernetes 1.${have.to} only`;
}
