import { API_LIFECYCLES, BUILT_IN_TABLE } from './built-in.generated.ts';

/** Minors of Kubernetes 1.x, both included. */
export interface Minors {
  readonly from: number;
  readonly to: number;
}

/** Something of the table and the releases that have it. */
export interface Ranged<T> extends Minors {
  readonly value: T;
}

/**
 * The built-in kinds of several Kubernetes releases, as the generated table has them. Line formats:
 *
 *     apps/v1 Deployment: apps.v1.Deployment          apiVersion, kind: type
 *     core.v1.ServicePort: name s; port i!; …         type: field code; field code
 *
 * Codes: s string, i int32, I int64, n number, b boolean, q quantity, x integer or string, t time, y base64, o any object, L an object or a list,
 * B an object or a boolean, * anything, #T the type T,
 * [c] a list of c, [=c] a set, [a,b=c] a list with the keys a and b, {c} a map, s(A|B) one of A and B; then ! for required, + for a struct that is
 * there, empty, when it is left out, and ~V for the default V of a list key. @34-35 stands behind what only these minors have.
 */
export interface BuiltInTable extends BuiltInKinds {
  /** Type → its line, fields unread. */
  readonly types: ReadonlyMap<string, string>;
}

export interface BuiltInKinds {
  /** Every release of the table, oldest and newest. */
  readonly minors: Minors;
  /** "apps/v1 Deployment" → type. */
  readonly kinds: ReadonlyMap<string, readonly Ranged<string>[]>;
}

export function readBuiltInTable(): BuiltInTable {
  const [, , types = ''] = BUILT_IN_TABLE.split('\n\n');
  return { ...readBuiltInKinds(), types: new Map(linesOf(types)) };
}

/** The kinds alone. */
export function readBuiltInKinds(): BuiltInKinds {
  const [minors = '', kinds = ''] = BUILT_IN_TABLE.split('\n\n', 2);
  const all = minors.split(' ').map(Number);
  const table = { from: all[0] ?? 0, to: all.at(-1) ?? 0 };
  return {
    minors: table,
    kinds: new Map(
      linesOf(kinds).map(([kind, entries]) => [kind, entries.split('; ').map((entry) => ranged(entry, table))]),
    ),
  };
}

/** The releases of the table that a cluster may be of: one where its version is declared, the nearest where the table does not have it. */
export function minorsOf(version: string | undefined, minors: Minors): Minors {
  const declared = minorOf(version);
  if (declared === undefined) return minors;
  const clamped = Math.min(Math.max(declared, minors.from), minors.to);
  return { from: clamped, to: clamped };
}

/** "1.34.2", "v1.34" → 34. */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function linesOf(text: string): [string, string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(': ');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 2)]];
  });
}

/** "code@34-35" */
export function ranged(entry: string, all: Minors): Ranged<string> {
  const at = entry.lastIndexOf('@');
  if (at < 0) return { value: entry, ...all };
  const [from = 0, to = 0] = entry
    .slice(at + 1)
    .split('-')
    .map(Number);
  return { value: entry.slice(0, at), from, to };
}

/** What became, or will become, of an API. Minors of Kubernetes 1.x. */
export interface ApiLifecycle {
  readonly deprecated: number;
  readonly removed?: number | undefined;
  /** "apps/v1 Deployment" */
  readonly replacement?: string | undefined;
}

/**
 * APIs that went, or are to go, before k8s.io/api says so or after it forgot them. Source: the deprecated API migration guide
 * (kubernetes.io/docs/reference/using-api/deprecation-guide) and the changelogs of the releases.
 */
const MORE_LIFECYCLES = `
v1 ComponentStatus 19 -
v1 Endpoints 33 - discovery.k8s.io/v1 EndpointSlice
auditregistration.k8s.io/v1alpha1 AuditSink 18 19
autoscaling/v2beta1 HorizontalPodAutoscaler 22 25 autoscaling/v2 HorizontalPodAutoscaler
autoscaling/v2beta2 HorizontalPodAutoscaler 23 26 autoscaling/v2 HorizontalPodAutoscaler
batch/v2alpha1 CronJob 20 21 batch/v1 CronJob
extensions/v1beta1 PodSecurityPolicy 10 16
policy/v1beta1 PodSecurityPolicy 21 25
settings.k8s.io/v1alpha1 PodPreset 19 20
`;

/** "extensions/v1beta1 Ingress" → what became of it. */
export function readLifecycles(): ReadonlyMap<string, ApiLifecycle> {
  const lines = `${API_LIFECYCLES}${MORE_LIFECYCLES}`.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [apiVersion = '', kind = '', deprecated = '', removed = '', ...replacement] = line.split(' ');
      return [
        `${apiVersion} ${kind}`,
        {
          deprecated: Number(deprecated),
          removed: removed === '-' ? undefined : Number(removed),
          replacement: replacement.length === 0 ? undefined : replacement.join(' '),
        },
      ];
    }),
  );
}
