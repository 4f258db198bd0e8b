import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority, createCertificate } from '../../lib/cluster/testing/certificates.ts';
import type { Json, JsonObject } from '../../lib/kubernetes/object.ts';

/** What a webhook is asked (admission.k8s.io/v1 AdmissionRequest), as far as tests look at it. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly name: string;
  readonly dryRun?: boolean;
  readonly object: JsonObject;
}

export interface Admission {
  /** Why it is refused. */
  readonly denied?: string;
  /** JSON patch (RFC 6902). */
  readonly patch?: readonly { readonly op: string; readonly path: string; readonly value?: Json }[];
  /** The answer comes so late, in milliseconds. */
  readonly after?: number;
}

export interface WebhookServer {
  /** Decides about each request; may be changed at any time. */
  admit: (request: AdmissionRequest) => Admission;
  readonly requests: readonly AdmissionRequest[];
  /** `clientConfig` of a webhook. */
  readonly clientConfig: JsonObject;
  close(): Promise<void>;
}

/** An admission webhook on loopback, with a certificate that only its own authority vouches for. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const authority = createAuthority('webhook tests');
  const { cert, key } = createCertificate({ commonName: 'webhook', names: ['127.0.0.1'], issuer: authority });
  const requests: AdmissionRequest[] = [];
  const server = https.createServer({ cert, key }, async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { request } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { request: AdmissionRequest };
    requests.push(request);
    const { denied, patch, after } = webhook.admit(request);
    if (after !== undefined) await sleep(after);
    const response = {
      uid: request.uid,
      allowed: denied === undefined,
      ...(denied === undefined ? {} : { status: { code: 403, message: denied } }),
      ...(patch === undefined
        ? {}
        : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
    };
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhook: WebhookServer = {
    admit: () => ({}),
    requests,
    clientConfig: {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      caBundle: Buffer.from(authority.cert).toString('base64'),
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return webhook;
}
