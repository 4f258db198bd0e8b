import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { sha256 } from '../lib/kubernetes/canonical.ts';

/** Chart repositories on loopback: one over HTTP, one as an OCI registry. */

/** Serves bodies by path until the test ends, and writes down what was asked. */
export async function serve(
  bodies: (origin: string) => Record<string, { type: string; body: string | Buffer; headers?: Record<string, string> }>,
) {
  const asked: string[] = [];
  let answers: ReturnType<typeof bodies> = {};
  const server = createServer((request, response) => {
    const url = (request.url ?? '').split('?')[0] ?? '';
    asked.push(`${request.method} ${url}`);
    const answer = answers[url];
    if (answer === undefined) return void response.writeHead(404).end();
    const body = Buffer.from(answer.body);
    response.writeHead(200, { 'content-type': answer.type, 'content-length': body.length, ...answer.headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers = bodies(`http://${host}`);
  const publish = (others: typeof bodies) => {
    answers = others(`http://${host}`);
  };
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  return { host, asked, close, publish };
}

export const chartRepository = (archive: Buffer) => (origin: string) => ({
  '/index.yaml': {
    type: 'application/yaml',
    body: `apiVersion: v1\nentries:\n  sample:\n    - apiVersion: v2\n      name: sample\n      version: 0.1.0\n      urls: ["${origin}/sample-0.1.0.tgz"]\n`,
  },
  '/sample-0.1.0.tgz': { type: 'application/gzip', body: archive },
});

export const registry = (archive: Buffer) => () => {
  const config = JSON.stringify({ name: 'sample', version: '0.1.0', apiVersion: 'v2' });
  const layer = (mediaType: string, body: string | Buffer) => ({
    mediaType,
    digest: `sha256:${sha256(body)}`,
    size: Buffer.from(body).length,
  });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: layer('application/vnd.cncf.helm.config.v1+json', config),
    layers: [layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)],
  });
  const digest = `sha256:${sha256(manifest)}`;
  const entry = { type, body: manifest, headers: { 'docker-content-digest': digest } };
  return {
    '/v2/': { type: 'application/json', body: '{}' },
    '/v2/charts/sample/tags/list': {
      type: 'application/json',
      body: JSON.stringify({ name: 'charts/sample', tags: ['0.1.0'] }),
    },
    '/v2/charts/sample/manifests/0.1.0': entry,
    [`/v2/charts/sample/manifests/${digest}`]: entry,
    [`/v2/charts/sample/blobs/sha256:${sha256(config)}`]: { type: 'application/octet-stream', body: config },
    [`/v2/charts/sample/blobs/sha256:${sha256(archive)}`]: { type: 'application/octet-stream', body: archive },
  };
};
