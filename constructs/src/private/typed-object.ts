import { type ApiObjectProps, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { Cluster } from '../cluster';
import type { KubernetesMetadata } from '../kubernetes-metadata';
import { apiValue } from './api-value';
import { recordLocation } from './location';
import { type ProblemCode, problemAt } from './problem';
import { renderLate } from './unit';

/** Something that is wrong with a typed object. */
export interface ObjectFinding {
  readonly code: ProblemCode;
  /** The field and its value, e.g. `spec.strategy.canary.steps[2] has setWeight and pause.` */
  readonly what: string;
  readonly fix: string;
}

/** Collects findings. */
export type ReportFinding = (code: ProblemCode, what: string, fix: string) => void;

/** What a typed object is made of. */
export interface TypedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: KubernetesMetadata | undefined;
  readonly spec: object;
}

/** The same as the API has it. */
export function typedObject({ apiVersion, kind, metadata, spec }: TypedObject): ApiObjectProps {
  return {
    apiVersion,
    kind,
    ...(metadata === undefined ? {} : { metadata: apiValue(metadata, 'metadata') as object }),
    spec: apiValue(spec, kind),
  };
}

/** The chart that an object is made in: one of its own in a cluster, which is no chart. */
export function chartFor(scope: Construct, id: string): Construct {
  return scope instanceof Cluster ? new Chart(scope, id) : scope;
}

/** Checks an object at synth, with codes. */
export function checkAtSynth(construct: IConstruct, object: string, findings: () => readonly ObjectFinding[]): void {
  recordLocation(construct);
  renderLate(construct, {
    clusters: () => [],
    validate: (problems) => {
      for (const { code, what, fix } of findings()) problems.push(problemAt(construct, code, what, { fix, object }));
    },
    render: () => ({ entries: [] }),
  });
}

/** Runs rules and gives what they found. */
export function findingsOf(rules: (report: ReportFinding) => void): ObjectFinding[] {
  const findings: ObjectFinding[] = [];
  rules((code, what, fix) => findings.push({ code, what, fix }));
  return findings;
}
