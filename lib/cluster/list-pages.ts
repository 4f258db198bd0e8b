import type { KubernetesObject } from '../kubernetes/object.ts';
import type { KubeClient, KubeResponse } from './kube-client.ts';

/** One answer of a LIST holds at most so many objects; a kind of more costs a request per page. */
const PAGE_SIZE = 1000;

/**
 * What is made of the items of a LIST, page by page, or the answer that was none. Items of a typed list do not say what they are.
 * @param make takes the items of one page; what it does not return is let go before the next one is read.
 */
export async function listPages<T>(
  client: KubeClient,
  path: string,
  make: (items: readonly KubernetesObject[]) => readonly T[] | Promise<readonly T[]>,
  options: { readonly query?: Readonly<Record<string, string>>; readonly accept?: string } = {},
): Promise<T[] | KubeResponse> {
  let made: T[] = [];
  let page: string | undefined;
  for (;;) {
    const answer = await client.request({
      method: 'GET',
      path,
      query: { ...options.query, limit: String(PAGE_SIZE), continue: page },
      accept: options.accept,
    });
    if (answer.status === 410 && page !== undefined) {
      // The list grew too old between two pages: half a list is none.
      made = [];
      page = undefined;
      continue;
    }
    if (answer.status !== 200) return answer;
    // An empty list of metadata comes as null.
    const body = answer.body as { items?: KubernetesObject[] | null; metadata?: { continue?: string } };
    made = made.concat(await make(body.items ?? []));
    page = body.metadata?.continue;
    if (!page) return made;
  }
}
