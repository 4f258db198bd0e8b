import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceType } from '../cluster/discovery.ts';
import type { WatchEvent } from '../cluster/kube-client.ts';
import { resourcePath } from '../cluster/resource-path.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { isOrreryError, OrreryError } from '../errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { apiStatus, isMissingRight } from '../kubernetes/status.ts';

/** What a watch tells its user. */
export interface WatchListener {
  /** An object as it is now; `undefined`: the watch does not show it, which proves nothing when a label selects. */
  readonly onObject: (namespace: string, name: string, object: KubernetesObject | undefined) => void;
  /** A complete list was read: what it does not hold is not shown. */
  readonly onList: (objects: ReadonlyMap<string, KubernetesObject>) => void;
  /** The watch ended for good. */
  readonly onEnd: (error: unknown) => void;
}

export interface ObjectWatchOptions {
  readonly target: KubeTarget;
  readonly resource: ResourceType;
  /** '': all namespaces. */
  readonly namespace: string;
  readonly labelSelector: string;
  readonly signal: AbortSignal;
}

const PAGE = '500';
/** The server ends a watch after this long; a connection that died silently is noticed then at the latest. */
const WATCH_SECONDS = '240';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export function watchKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/**
 * LIST, then WATCH from its resourceVersion with bookmarks, for ever: a watch that ends is resumed where it stood, one whose place the server forgot (410) starts
 * with a LIST again, an unreachable server is tried again with growing pauses. Ends when the signal aborts, or when the server refuses for good.
 */
export async function watchObjects(options: ObjectWatchOptions, listener: WatchListener): Promise<void> {
  const { target, resource, namespace, labelSelector, signal } = options;
  const path = resourcePath(resource, namespace);
  let resourceVersion: string | undefined;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const list = await listAll(options, path);
        resourceVersion = list.resourceVersion;
        listener.onList(list.objects);
      }
      const query = { labelSelector, resourceVersion, timeoutSeconds: WATCH_SECONDS };
      for await (const event of target.client.watch({ path, query, signal })) {
        pause = FIRST_PAUSE_MS;
        resourceVersion = handle(event, listener, target) ?? undefined;
        if (resourceVersion === undefined) break;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isOrreryError(error) || (error.code !== 'ORR3004' && error.code !== 'ORR3007')) {
        listener.onEnd(error);
        return;
      }
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** The resourceVersion to go on from; undefined: the place is lost, list again. */
function handle(event: WatchEvent, listener: WatchListener, target: KubeTarget): string | undefined {
  if (event.type === 'ERROR') {
    const code = (event.object as { code?: unknown } | null)?.code;
    const status = apiStatus({ status: typeof code === 'number' ? code : 500, body: event.object });
    if (isMissingRight(status)) throw missingRight(target, status.message);
    if (status.code === 410) return undefined;
    // 429 and 5xx: the server is busy or starting; the place is kept only if it still knows it, which a LIST settles.
    return undefined;
  }
  const object = event.object as KubernetesObject;
  const { namespace = '', name = '' } = object.metadata;
  if (event.type !== 'BOOKMARK') listener.onObject(namespace, name, event.type === 'DELETED' ? undefined : object);
  return object.metadata.resourceVersion;
}

interface ObjectList {
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  readonly resourceVersion: string;
}

async function listAll(
  { target, resource, labelSelector, signal }: ObjectWatchOptions,
  path: string,
): Promise<ObjectList> {
  const objects = new Map<string, KubernetesObject>();
  let page: string | undefined;
  for (;;) {
    const answer = await target.client.request({
      method: 'GET',
      path,
      query: { labelSelector, limit: PAGE, continue: page },
      signal,
    });
    if (answer.status === 410 && page !== undefined) {
      // The list grew too old between two pages.
      page = undefined;
      objects.clear();
      continue;
    }
    if (answer.status !== 200) {
      const status = apiStatus(answer);
      if (isMissingRight(status)) throw missingRight(target, status.message);
      const code = answer.status === 429 || answer.status >= 500 ? 'ORR3004' : 'ORR5001';
      throw new OrreryError(code, `${resource.plural} cannot be listed: ${status.message} (HTTP ${status.code}).`, {
        cluster: target.cluster,
      });
    }
    const body = answer.body as {
      items?: KubernetesObject[];
      metadata?: { resourceVersion?: string; continue?: string };
    };
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    for (const item of body.items ?? []) {
      const { namespace = '', name = '' } = item.metadata;
      // Items of a list leave out what the list says.
      objects.set(watchKey(namespace, name), { ...item, apiVersion, kind: resource.kind });
    }
    page = body.metadata?.continue === '' ? undefined : body.metadata?.continue;
    if (page === undefined) return { objects, resourceVersion: body.metadata?.resourceVersion ?? '' };
  }
}

function missingRight(target: KubeTarget, message: string): OrreryError {
  return new OrreryError('ORR3006', `Readiness cannot be watched: ${message}.`, {
    cluster: target.cluster,
    fix: 'Grant list and watch on the kinds of the platform, or apply with --no-wait.',
  });
}
