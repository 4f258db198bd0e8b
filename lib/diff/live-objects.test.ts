import { describe, expect, it } from 'vitest';
import type { KubeClient, KubeRequest, KubeResponse } from '../cluster/kube-client.ts';
import type { KubeTarget } from '../cluster/target.ts';
import { LiveReader } from './live-objects.ts';

const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
const ids = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ group: '', kind: 'ConfigMap', namespace: 'shop', name: `c-${at}` }));

function readerOf(answer: (request: KubeRequest) => Promise<KubeResponse>): { reader: LiveReader; asked: string[] } {
  const asked: string[] = [];
  const client: KubeClient = {
    traffic: { requests: 0, bytesReceived: 0 },
    request: (request) => {
      asked.push(`${request.method} ${request.path}`);
      return answer(request);
    },
    watch: () => {
      throw new Error('not used');
    },
    close: async () => {},
  };
  const target = { kind: 'kube', cluster: 'alpha', client } as unknown as KubeTarget;
  return { reader: new LiveReader(target, 'shop'), asked };
}

const listOf = async (names: readonly string[]): Promise<KubeResponse> => ({
  status: 200,
  body: { items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })) },
  warnings: [],
});

describe('reading live objects', () => {
  it('waits once for all who ask at the same time, however many they are', async () => {
    let waits = 0;
    const { reader, asked } = readerOf(() => listOf(['c-0']));
    const settled = reader.settled.bind(reader);
    reader.settled = () => {
      waits++;
      return settled();
    };
    reader.read(CONFIG_MAPS, ids(2000));
    const found = await Promise.all(ids(2000).map((id) => reader.of(id)));
    expect(found.filter(({ state }) => state === 'found')).toHaveLength(1);
    expect(asked).toEqual(['GET /api/v1/namespaces/shop/configmaps']);
    // One wait each while nothing is known, none once it is.
    expect(waits).toBe(2000);
    await Promise.all(ids(2000).map((id) => reader.of(id)));
    expect(waits).toBe(2000);
  });

  it('takes what a LIST under way will show, and asks for nothing twice', async () => {
    const { reader, asked } = readerOf(() => listOf(['c-0', 'c-1', 'c-2']));
    reader.read(CONFIG_MAPS, ids(2));
    reader.read(CONFIG_MAPS, ids(3));
    expect(await reader.of(ids(3)[2] as never)).toMatchObject({ state: 'found' });
    expect(asked).toHaveLength(1);
  });

  it('also waits for what is asked for while it waits', async () => {
    const { reader } = readerOf(async (request) => {
      if (!request.path.endsWith('/c-9'))
        reader.read(CONFIG_MAPS, [{ group: '', kind: 'ConfigMap', namespace: 'other', name: 'c-9' }]);
      return request.path.endsWith('/c-9') ? { status: 404, body: {}, warnings: [] } : listOf([]);
    });
    reader.read(CONFIG_MAPS, ids(2));
    await reader.settled();
    expect(reader.known({ group: '', kind: 'ConfigMap', namespace: 'other', name: 'c-9' })).toEqual({
      state: 'absent',
    });
  });

  it('starts a paged LIST over when it grew too old, and keeps no half of it', async () => {
    let page = 0;
    const { reader } = readerOf(async () => {
      page++;
      if (page === 1)
        return {
          status: 200,
          body: { items: [{ metadata: { name: 'c-0', namespace: 'shop' } }], metadata: { continue: 'x' } },
          warnings: [],
        };
      return page === 2 ? { status: 410, body: {}, warnings: [] } : listOf(['c-1']);
    });
    reader.read(CONFIG_MAPS, ids(2));
    await reader.settled();
    expect(ids(2).map((id) => reader.known(id)?.state)).toEqual(['unlisted', 'found']);
  });

  it('rejects where the answer is awaited, never behind the back', async () => {
    const { reader } = readerOf(() => Promise.reject(new Error('connection lost')));
    reader.read(CONFIG_MAPS, ids(3));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(reader.settled()).rejects.toThrow('connection lost');
    await expect(reader.of(ids(1)[0] as never)).rejects.toThrow('connection lost');
  });
});
