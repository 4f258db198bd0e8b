import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GateManifest } from '@orrery/constructs/assembly-format';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { askGate } from './ask-gate.ts';
import type { GateSurroundings } from './gate.ts';

let folder: string;
let around: GateSurroundings;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orrery-gates-'));
  around = {
    folder,
    environment: { PATH: process.env.PATH, GIVEN: 'yes' },
    platform: 'shop',
    wave: 'canary',
    clusters: ['prod-sh', 'prod-gz'],
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = (script: string, more: object = {}): GateManifest => ({
  type: 'command',
  name: 'it',
  timeoutMs: 20_000,
  command: [process.execPath, '-e', script],
  ...more,
});

/** A server on loopback that answers every request like this. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a command gate', () => {
  it('passes when the program ends with 0, in the project’s folder, knowing its wave', async () => {
    const script =
      'console.log([process.cwd(), process.env.GIVEN, process.env.ORRERY_PLATFORM, process.env.ORRERY_WAVE, process.env.ORRERY_CLUSTERS].join())';
    const answer = await askGate(command(script), around);
    expect(answer).toMatchObject({ passed: true, detail: 'it ended with 0' });
    expect(answer.output?.trim().endsWith(`${path.basename(folder)},yes,shop,canary,prod-sh,prod-gz`)).toBe(true);
  });

  it('does not pass when it ends otherwise, and says what it wrote to both streams', async () => {
    const answer = await askGate(command('console.log("a"); console.error("b"); process.exitCode = 3'), around);
    expect(answer).toMatchObject({ passed: false, detail: 'it ended with 3' });
    expect(answer.output).toMatch(/a[\s\S]*b|b[\s\S]*a/);
  });

  it('keeps the end of a long output', async () => {
    const answer = await askGate(command('console.log("x".repeat(100000) + "end")'), around);
    expect(answer.output?.length).toBe(4000);
    expect(answer.output?.trim().endsWith('xend')).toBe(true);
  });

  it('does not pass when the program is missing', async () => {
    const answer = await askGate({ type: 'command', name: 'it', timeoutMs: 5000, command: ['./missing.sh'] }, around);
    expect(answer).toMatchObject({ passed: false, detail: './missing.sh cannot be run (ENOENT)' });
  });

  it('reads its arguments without a shell', async () => {
    const file = path.join(folder, 'made');
    const gate: GateManifest = { type: 'command', name: 'it', timeoutMs: 5000, command: ['echo', `; touch ${file}`] };
    expect((await askGate(gate, around)).output?.trim()).toBe(`; touch ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('ends with everything it started when its time is over', async () => {
    const gate: GateManifest = {
      type: 'command',
      name: 'it',
      timeoutMs: 300,
      command: ['sh', '-c', 'sh -c "echo $$; trap true TERM; while true; do sleep 1; done" | cat'],
    };
    const answer = await askGate(gate, around);
    expect(answer).toMatchObject({ passed: false, detail: 'it did not end in 0.3 s' });
  });

  it('ends when the run is interrupted', async () => {
    const stop = new AbortController();
    const asking = askGate(command('setInterval(() => {}, 1000)'), { ...around, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 200);
    await expect(asking).rejects.toThrow('enough');
  });

  it('is tried again as long as it may be', async () => {
    const script = `const fs = require('fs'); const known = fs.existsSync('seen'); fs.writeFileSync('seen', ''); process.exitCode = known ? 0 : 1`;
    expect((await askGate(command(script, { retryMs: 20_000 }), around)).passed).toBe(true);
    rmSync(path.join(folder, 'seen'));
    expect((await askGate(command(script), around)).passed).toBe(false);
  });
});

describe('an HTTP gate', () => {
  const http = (url: string, more: object = {}): GateManifest => ({
    type: 'http',
    name: 'it',
    timeoutMs: 20_000,
    url,
    ...more,
  });

  it.each<[string, RequestListener, object, boolean, string]>([
    ['passes with 204', (_, answer) => answer.writeHead(204).end(), {}, true, 'it answered 204'],
    [
      'does not pass with 503',
      (_, answer) => answer.writeHead(503).end(),
      {},
      false,
      'it answered 503, not 200 to 299',
    ],
    [
      'passes with the status that is asked for',
      (_, answer) => answer.writeHead(401).end(),
      { status: 401 },
      true,
      'it answered 401',
    ],
    [
      'does not follow a redirect',
      (_, answer) => answer.writeHead(302, { location: '/ok' }).end(),
      {},
      false,
      'it answered 302, not 200 to 299',
    ],
    [
      'passes with the text',
      (_, answer) => answer.end('all is well'),
      { contains: 'is well' },
      true,
      'it answered 200',
    ],
    [
      'does not pass without the text',
      (_, answer) => answer.end('down'),
      { contains: 'is well' },
      false,
      'it answered 200, without the text "is well"',
    ],
    ['does not pass without an answer in time', () => {}, { timeoutMs: 500 }, false, 'it did not answer in 0.5 s'],
    [
      'does not pass when the connection is cut',
      (request) => request.socket.destroy(),
      {},
      false,
      'it cannot be asked: UND_ERR_SOCKET',
    ],
  ])('%s', async (_, listener, more, passed, detail) => {
    expect(await askGate(http(await serve(listener), more), around)).toEqual({ passed, detail });
  });
});

describe('a Prometheus gate', () => {
  const vector = (...values: string[]) => ({
    status: 'success',
    data: {
      resultType: 'vector',
      result: values.map((value, at) => ({ metric: { pod: `p${at}` }, value: [1700000000, value] })),
    },
  });

  it.each<[string, object, object, boolean, string]>([
    ['passes when every sample is inside', vector('0.5', '0.9'), { atMost: 1 }, true, '2 samples are 0.5 to 0.9'],
    [
      'does not pass when one is outside',
      vector('0.5', '1.1'),
      { atMost: 1 },
      false,
      '{pod="p1"} is 1.1, not at most 1',
    ],
    [
      'knows both bounds',
      vector('3'),
      { atLeast: 1, atMost: 2 },
      false,
      '{pod="p0"} is 3, not at least 1 and at most 2',
    ],
    ['does not pass without data', vector(), { atMost: 1 }, false, 'the query has no data'],
    ['does not pass with NaN', vector('NaN'), { atMost: 1 }, false, '{pod="p0"} is NaN, not at most 1'],
    ['compares infinity', vector('+Inf'), { atLeast: 1 }, true, 'the sample is Infinity'],
    [
      'compares a scalar',
      { status: 'success', data: { resultType: 'scalar', result: [1700000000, '7'] } },
      { atLeast: 7 },
      true,
      'the sample is 7',
    ],
    [
      'does not pass with a range',
      { status: 'success', data: { resultType: 'matrix', result: [] } },
      { atLeast: 7 },
      false,
      'it answered 200: the query gives a matrix, not a vector or scalar',
    ],
    [
      'does not pass with an error, and says it',
      { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end' },
      { atLeast: 7 },
      false,
      'it answered 200: parse error: unexpected end',
    ],
  ])('%s', async (_, body, bounds, passed, detail) => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, answer) => {
      asked.push(request.url);
      answer.end(JSON.stringify(body));
    });
    const gate: GateManifest = {
      type: 'prometheus',
      name: 'it',
      timeoutMs: 5000,
      url: `${url}/prom/`,
      query: 'a{b="c"}',
      ...bounds,
    };
    expect(await askGate(gate, around)).toEqual({ passed, detail });
    expect(asked).toEqual(['/prom/api/v1/query?query=a%7Bb%3D%22c%22%7D']);
  });
});
