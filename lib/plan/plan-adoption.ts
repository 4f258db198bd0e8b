import type { KubeRequest } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import { compareStates } from '../diff/compare-states.ts';
import { equalJson, type RawFieldChange } from '../diff/field-changes.ts';
import { withoutFields } from '../diff/field-set-operations.ts';
import { leftoverManagers, splitFields } from '../diff/leftover-managers.ts';
import type { Json, JsonObject, KubernetesObject } from '../kubernetes/object.ts';
import { type ApiStatus, apiStatus } from '../kubernetes/status.ts';
import type { JudgedObject, ObjectVerdict } from './object-verdict.ts';
import type { Danger } from './plan.ts';

/** What an adoption comes to. */
export interface AdoptionParts {
  readonly live: KubernetesObject;
  /** The dry run of our apply over it, with force. */
  readonly applied: KubernetesObject;
  /** Whose it is, for people. */
  readonly text: string;
  readonly taken: readonly Danger[];
  readonly warnings: readonly string[];
}

/** The server's answer to the question what an object would be without fields that only a former manager holds. */
type Rest = { readonly object: KubernetesObject } | { readonly status: ApiStatus };

/**
 * The verdict on an object that is adopted: ours from then on, as the program says. What a deploying tool that never comes back has set and the program does not set, goes, and is shown
 * as a change: the fields of its entry become those of our own, and our apply drops them. Else the server would keep them for ever.
 * @returns undefined when the object moved on since it was read
 */
export async function planAdoption(judged: JudgedObject, parts: AdoptionParts): Promise<ObjectVerdict | undefined> {
  const { live, applied, text, taken, warnings } = parts;
  const { manager, fieldSets } = judged.context;
  const { apiVersion } = judged.applied;
  const takesOver = leftoverManagers(live, apiVersion);
  let result = applied;
  let removed: readonly RawFieldChange[] = [];
  if (takesOver.length > 0) {
    const { gone, kept } = splitFields(applied.metadata.managedFields ?? [], takesOver, apiVersion);
    const rest = withoutFields(applied as unknown as Json, gone, kept, fieldSets) as unknown as KubernetesObject;
    if (!equalJson(rest, applied)) {
      const answer = await rehearse(judged, live, rest);
      if ('status' in answer) return answer.status.code === 409 ? undefined : judged.refused(answer.status, live);
      result = answer.object;
      removed = compareStates(applied, result, manager, fieldSets).changes;
    }
  }
  const { changes } = compareStates(live, result, manager, fieldSets);
  const dangers: Danger[] = [{ kind: 'adopt', text: adoptionText(text, live, removed) }, ...taken];
  return judged.verdict({ action: 'adopt', reason: text, live, changes, dangers, warnings, takesOver });
}

function adoptionText(text: string, live: KubernetesObject, removed: readonly RawFieldChange[]): string {
  const { annotations = {} } = live.metadata;
  const release = annotations['meta.helm.sh/release-name'];
  const where = annotations['meta.helm.sh/release-namespace'];
  return [
    text,
    ...(removed.length > 0
      ? [`what was set before and the program does not set, goes: ${removed.map(({ path }) => path).join(', ')}`]
      : []),
    ...(release !== undefined
      ? [`the Helm release ${where}/${release} still lists it, and helm uninstall would delete it`]
      : []),
  ].join('; ');
}

/**
 * Asks the server what would become of the object without these fields: it completes what is missing, and says when it cannot be. The apply later asks again, in the way it writes, and
 * stops when that comes to something else.
 */
async function rehearse(judged: JudgedObject, live: KubernetesObject, rest: KubernetesObject): Promise<Rest> {
  const { context, resolved, id } = judged;
  const request: KubeRequest = {
    method: 'PATCH',
    path: resourcePath(resolved.resource, id.namespace, id.name),
    query: { fieldManager: context.manager, dryRun: 'All' },
    contentType: 'application/json-patch+json',
    body: patchTo(live, rest),
    idempotent: true,
  };
  const answer = await context.target.client.request(request);
  return answer.status === 200 ? { object: answer.body as KubernetesObject } : { status: apiStatus(answer) };
}

const WRITABLE_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** A JSON patch that makes one object of another, as far as a write may, in exactly the version that was read. */
function patchTo(from: KubernetesObject, to: KubernetesObject): JsonObject[] {
  const operations: JsonObject[] = [
    { op: 'test', path: '/metadata/uid', value: from.metadata.uid ?? '' },
    { op: 'replace', path: '/metadata/resourceVersion', value: from.metadata.resourceVersion ?? '' },
  ];
  const set = (path: string, before: unknown, after: unknown): void => {
    if (after === undefined && before !== undefined) operations.push({ op: 'remove', path });
    else if (after !== undefined && !equalJson(before, after))
      operations.push({ op: 'add', path, value: after as Json });
  };
  for (const name of WRITABLE_METADATA) set(`/metadata/${name}`, from.metadata[name], to.metadata[name]);
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  for (const name of ['apiVersion', 'kind', 'metadata', 'status']) names.delete(name);
  for (const name of names) set(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, from[name], to[name]);
  return operations;
}
