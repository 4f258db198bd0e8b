/** The Status object with which an API server answers errors (meta/v1), as far as we read it. */
export interface ApiStatus {
  readonly code: number;
  /** "NotFound", "Conflict", "Invalid", … */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
}

export interface StatusCause {
  /** "FieldManagerConflict", "FieldValueInvalid", … */
  readonly reason: string;
  readonly message: string;
  /** ".spec.replicas" of a conflict, "spec.selector" of a validation error; '' when there is none. */
  readonly field: string;
}

/** Reads an error answer; what is no Status object becomes one with the HTTP status as its code. */
export function apiStatus(answer: { readonly status: number; readonly body: unknown }): ApiStatus {
  const body = asRecord(answer.body);
  const causes = asRecord(body.details).causes;
  return {
    code: answer.status,
    reason: text(body.reason),
    message: text(body.message) || (typeof answer.body === 'string' ? answer.body : `HTTP ${answer.status}`),
    causes: (Array.isArray(causes) ? causes : []).map((cause) => {
      const { reason, message, field } = asRecord(cause);
      return { reason: text(reason), message: text(message), field: text(field) };
    }),
  };
}

/** True when the answer is the API server's own refusal for lack of RBAC rights (admission answers 403 too, with other words). */
export function isMissingRight(status: ApiStatus): boolean {
  return (
    status.code === 403 && / cannot (get|list|watch|create|update|patch|delete|deletecollection) /.test(status.message)
  );
}

/** True when fields belong to other managers, as against a resourceVersion that is out of date (both answer 409). */
export function isFieldConflict(status: ApiStatus): boolean {
  return status.code === 409 && status.causes.some((cause) => cause.reason === 'FieldManagerConflict');
}

/** Texts of 500s that pass: etcd elects a leader or is gone for a moment, the server itself is busy. Other 500s are permanent (facts: server-side apply, section 4). */
const PASSING =
  /etcdserver: |context deadline exceeded|connection refused|leader changed|request timed out|too many requests/i;
const WEBHOOK = /failed calling webhook/;

/** True when the API server or its etcd is in trouble that passes. */
export function isServerTrouble({ code, message }: Pick<ApiStatus, 'code' | 'message'>): boolean {
  if (code >= 502 && code <= 504) return true;
  return code === 500 && PASSING.test(message) && !WEBHOOK.test(message);
}

/** True when an admission webhook could not be asked: it is starting, away, or slow. */
export function isWebhookTrouble({ code, message }: Pick<ApiStatus, 'code' | 'message'>): boolean {
  return code === 500 && WEBHOOK.test(message);
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
