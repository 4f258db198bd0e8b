import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import { idOf, type KubernetesObject } from '../kubernetes/object.ts';
import type { DesiredCluster, DesiredObject } from '../render/desired-state.ts';
import { decodeRevision, encodeRevision } from './revision-format.ts';

function desiredObject(object: KubernetesObject, more: Partial<DesiredObject> = {}): DesiredObject {
  const sha = sha256(canonicalJson(object));
  return { id: idOf(object), object, sha256: sha, path: 'shop/settings', unit: 'shop', dependsOn: [], ...more };
}

function configMap(name: string, data: Record<string, string>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data };
}

function refusal(parts: readonly Uint8Array[]): Promise<unknown> {
  return decodeRevision(parts, 'prod-sh', 3).catch((error: unknown) => error);
}

describe('a stored revision', () => {
  it('gives back what was put in, for any texts', async () => {
    const entries = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.string())), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(entries, fc.string(), async (maps, source) => {
        const objects = maps.map(([name, data], at) =>
          desiredObject(
            configMap(name, data),
            at % 2 === 0 ? { source, defaultNamespace: 'shop' } : { dependsOn: [{ path: 'shop/db' }] },
          ),
        );
        const desired: DesiredCluster = { name: 'prod-sh', facts: { region: 'cn-shanghai' }, objects };
        const parts = await encodeRevision(desired, 'abc');
        expect(await decodeRevision(parts, 'prod-sh', 1)).toEqual({ desired, assemblyDigest: 'abc' });
      }),
      { numRuns: 25 },
    );
  });

  it('is cut into parts that each fit into a Secret', async () => {
    // Digests do not compress: a hundred kilobytes each.
    const noise = (at: number) => Array.from({ length: 2_000 }, (_, line) => sha256(`${at} ${line}`)).join('');
    const objects = Array.from({ length: 20 }, (_, at) => desiredObject(configMap(`map-${at}`, { noise: noise(at) })));
    const desired: DesiredCluster = { name: 'prod-sh', facts: {}, objects };
    const parts = await encodeRevision(desired, 'abc');
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.length).toBeLessThan(1024 * 1024);
    expect((await decodeRevision(parts, 'prod-sh', 1)).desired).toEqual(desired);
  });

  it('that is damaged, none of ours, or newer than this version is refused, and never quoted', async () => {
    const packed = (contents: unknown) => [gzipSync(JSON.stringify(contents))];
    const secret = 'c2VjcmV0LWNhbmFyeQ';
    for (const parts of [
      [Buffer.from(secret)],
      [gzipSync(`{"objects": "${secret}`)],
      packed({ format: 'something', objects: [secret] }),
      packed({ format: 'orrery/revision', version: '2.0', objects: [] }),
    ]) {
      const error = await refusal(parts);
      expect(error).toMatchObject({ code: 'ORR4009', where: { cluster: 'prod-sh' } });
      expect(String(error)).toMatch(/^OrreryError: Revision 3 of cluster prod-sh /);
      expect(String(error)).not.toContain(secret);
    }
  });
});
