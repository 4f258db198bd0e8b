import { describe, expect, it } from 'vitest';
import { rolloutWords } from './wave-text.ts';

describe('a rollout in a plan', () => {
  it('shows its waves with everything that runs in between, and its rules', () => {
    const words = rolloutWords({
      waves: [
        {
          name: 'canary',
          clusters: ['prod-gz'],
          soakMs: 600_000,
          gates: [
            { type: 'command', name: 'smoke', timeoutMs: 1, command: ['sh', '-c', 'curl x | grep ok'] },
            { type: 'http', name: 'web', timeoutMs: 1, url: 'https://shop.example.com/healthz' },
            {
              type: 'prometheus',
              name: 'errors',
              timeoutMs: 1,
              url: 'https://prom.example.com',
              query: 'errors',
              atLeast: 0,
              atMost: 1,
            },
          ],
        },
        { name: 'rest', clusters: ['a', 'b', 'c'], maxParallelClusters: 2 },
      ],
      onFailure: 'rollback',
      onUnreachable: 'continue',
    });
    expect(words).toEqual([
      '1. canary: prod-gz; then 10 min without a failure, command sh -c "curl x | grep ok", GET https://shop.example.com/healthz, errors at least 0 and at most 1 (https://prom.example.com)',
      '2. rest: a, b and c, 2 at a time',
      'a wave that fails is rolled back',
      'clusters that cannot be reached do not stop it',
    ]);
  });

  it('hides nothing of a command, and obeys nothing in it', () => {
    const gates = [{ type: 'command' as const, name: 'x', timeoutMs: 1, command: ['sh', '-c', 'a\u001b[2K\nb'] }];
    expect(rolloutWords({ waves: [{ name: 'w', clusters: ['a'], gates }] })[0]).toContain(
      String.raw`command sh -c "a\\x1b[2K\\nb"`,
    );
  });
});
