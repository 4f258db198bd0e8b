// The bare floor: sends recorded requests over one HTTP/2 connection and parses every answer: node flood.ts <file>
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import type { Flood } from '../flood-requests.ts';

const [file = ''] = process.argv.slice(2);
const { url, certificate, token, concurrency, requests } = JSON.parse(readFileSync(file, 'utf8')) as Flood;
const session = connect(url, { ca: certificate });
let next = 0;

await Promise.all(Array.from({ length: concurrency }, lane));
session.close();

async function lane(): Promise<void> {
  for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
    await send(request);
  }
}

function send({ path, body }: Flood['requests'][number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'PATCH',
      ':path': path,
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/apply-patch+yaml',
    });
    const chunks: Buffer[] = [];
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const answer = JSON.parse(Buffer.concat(chunks).toString()) as { message?: string };
      if (status === 200 || status === 201) resolve();
      else reject(new Error(`${path}: ${status} ${answer.message}`));
    });
    stream.end(body);
  });
}
