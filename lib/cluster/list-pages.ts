import type { KubernetesObject } from '../kubernetes/object.ts';
import type { KubeClient, KubeResponse } from './kube-client.ts';

/** One answer of a LIST holds at most so many objects; a kind of more costs a request per page. */
const PAGE_SIZE = 1000;

/** All items of a LIST, page by page, or the answer that was none. Items of a typed list do not say what they are. */
export async function listPages(
  client: KubeClient,
  path: string,
  query: Readonly<Record<string, string>>,
  accept?: string | undefined,
): Promise<KubernetesObject[] | KubeResponse> {
  let items: KubernetesObject[] = [];
  let page: string | undefined;
  for (;;) {
    const answer = await client.request({
      method: 'GET',
      path,
      query: { ...query, limit: String(PAGE_SIZE), continue: page },
      accept,
    });
    if (answer.status === 410 && page !== undefined) {
      // The list grew too old between two pages: half a list is none.
      items = [];
      page = undefined;
      continue;
    }
    if (answer.status !== 200) return answer;
    const body = answer.body as { items?: KubernetesObject[] | null; metadata?: { continue?: string } };
    items = items.concat(body.items ?? []);
    page = body.metadata?.continue;
    if (!page) return items;
  }
}
