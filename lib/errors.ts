/** Where something was declared: any part may be unknown. */
export interface Where {
  /** Construct path, e.g. "mall/cart". */
  readonly path?: string | undefined;
  /** "main.ts:31" or "objects.yaml:12:3". */
  readonly source?: string | undefined;
  readonly cluster?: string | undefined;
  /** Kind/namespace/name of the object concerned. */
  readonly object?: string | undefined;
}

/**
 * Every code the engine and the CLI can report, with its one-line meaning. Grouped by the stage that reports it:
 * 1xxx configuration and program, 2xxx assembly and rendering, 3xxx reaching a cluster, 4xxx planning, 5xxx applying, 6xxx sandbox and rig.
 * Codes raised inside a program (constructs) are `ORR20xx` and are listed in docs/errors.md too.
 */
export const ERROR_CODES = {
  ORR1001: 'the command line is wrong',
  ORR1002: 'cdk8s.yaml is missing or wrong',
  ORR1003: 'the program failed',
  ORR1004: 'a question needs an answer and there is no terminal to ask on',
  ORR1005: 'a file of the project cannot be read or written',
  ORR2101: 'there is no readable assembly in the folder',
  ORR2102: 'the assembly was written in a newer format',
  ORR2103: 'the assembly does not follow its schema',
  ORR2104: 'the assembly was changed after it was written',
  ORR2201: 'a YAML document is malformed',
  ORR2202: 'a YAML document is no Kubernetes object',
  ORR2203: 'two objects have the same identity in one cluster',
  ORR2204: 'a remote file cannot be fetched',
  ORR2205: 'a remote file is another one than the program says',
  ORR2206: 'a remote file is at an address from which nothing is fetched',
  ORR2301: 'helm is missing or too old',
  ORR2302: 'helm failed to render a chart',
  ORR2303: 'a chart renders differently each time',
  ORR2304: 'a Helm release or its chart is refused',
  ORR2305: 'a patch of what a chart renders does not apply or changes nothing',
  ORR2306: 'a chart of a repository is another one than last time',
  ORR2311: 'kubectl, which builds kustomizations, is missing',
  ORR2312: 'a kustomization cannot be built',
  ORR2401: 'units depend on each other in a circle',
  ORR2501: 'a CustomResourceDefinition cannot be imported',
  ORR2502: 'there is nothing to import',
  ORR2601: 'a check of the project fails',
  ORR3001: 'a cluster has no target',
  ORR3002: 'a kubeconfig or context is missing or unusable',
  ORR3003: 'a target is another cluster than last time',
  ORR3004: 'a cluster cannot be reached',
  ORR3005: 'a cluster refused our credentials',
  ORR3006: 'our rights in a cluster do not suffice',
  ORR3007: 'a cluster answered what we cannot read',
  ORR3008: 'a kind is not served by the cluster',
  ORR3009: 'a role or binding would grant rights that we do not hold',
  ORR4001: 'an object exists and is not ours',
  ORR4002: 'the desired state of a cluster is empty',
  ORR4003: 'the API server refuses an object',
  ORR4004: 'an object must be replaced, which was not approved',
  ORR4005: 'another field manager owns fields that we set',
  ORR4006: 'the inventory cannot be read',
  ORR4007: 'the plan would delete what is guarded',
  ORR4008: 'a Secret would be written in clear',
  ORR4009: 'a revision cannot be read',
  ORR4010: 'there is no revision to return to',
  ORR4011: 'an object that was named is not there',
  ORR4012: "it cannot be told to which item of a list a controller's value belongs",
  ORR4013: 'a CustomResourceDefinition cannot be upgraded as it stands',
  ORR4014: 'a native Helm release is in a state that keeps helm from going on',
  ORR4015: 'the record of a canary release cannot be read',
  ORR4101: 'a plan file cannot be read',
  ORR4102: 'a plan file belongs to another assembly or platform',
  ORR4103: 'a plan file has expired',
  ORR4104: 'an object changed after the plan was made',
  ORR4105: 'a plan was made without asking the servers',
  ORR4201: 'the rollout of the program does not allow this',
  ORR4202: 'replicas would go before they are ready elsewhere',
  ORR4301: 'a canary release cannot go on as the program has it',
  ORR4302: 'there is no canary release of that name, or none in that state',
  ORR5001: 'a write failed',
  ORR5002: 'an object did not become ready in time',
  ORR5003: 'an object failed',
  ORR5004: 'somebody else is applying to the cluster',
  ORR5005: 'the lease was lost during the apply',
  ORR5006: 'the inventory was changed by somebody else',
  ORR5009: 'a revision cannot be stored',
  ORR5010: 'no lease has the id that was named',
  ORR5011: 'helm failed to install, upgrade or uninstall a release',
  ORR5201: 'a wave of the rollout failed',
  ORR5202: 'a cluster was not started, because the rollout stopped',
  ORR5301: 'a canary release went back, or failed',
  ORR5302: 'a canary release was changed by somebody else',
  ORR6001: 'Go is missing or too old',
  ORR6002: 'a tool could not be built',
  ORR6003: 'a component of the sandbox did not start',
  ORR9001: 'Orrery itself failed',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface OrreryErrorOptions extends Where {
  /** What to do about it: one or two sentences, imperative. */
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('orrery.error');

/** An error a person can act on: code, what happened, where, what to do. */
export class OrreryError extends Error {
  readonly code: ErrorCode;
  readonly where: Where;
  readonly fix: string | undefined;
  readonly [BRAND] = true;

  /** @param what what happened, with the actual values, no trailing advice. */
  constructor(code: ErrorCode, what: string, options: OrreryErrorOptions = {}) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OrreryError';
    this.code = code;
    this.where = { path: options.path, source: options.source, cluster: options.cluster, object: options.object };
    this.fix = options.fix;
  }
}

/** True for OrreryErrors of any copy of this package (instanceof fails across copies). */
export function isOrreryError(error: unknown): error is OrreryError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
