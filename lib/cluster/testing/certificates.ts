import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import net from 'node:net';

/** Certificates for tests, made on the spot (X.509 v3, ECDSA P-256, DER as in RFC 5280): nothing expires in the repository and no key lies in it. */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface CertificateOptions {
  readonly commonName: string;
  /** DNS names and IP addresses. */
  readonly names?: readonly string[] | undefined;
  readonly issuer?: Authority | undefined;
  readonly notAfter?: Date | undefined;
}

export interface Authority extends Certificate {
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

export function createAuthority(commonName: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = build(commonName, commonName, keys.publicKey, keys.privateKey, [basicConstraints(true)]);
  return { commonName, privateKey: keys.privateKey, cert, key: pemKey(keys.privateKey) };
}

/** Self-signed without an issuer. */
export function createCertificate(options: CertificateOptions): Certificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { commonName, names = [], issuer, notAfter } = options;
  const extensions = [basicConstraints(false), ...(names.length === 0 ? [] : [alternativeNames(names)])];
  const signer = issuer?.privateKey ?? keys.privateKey;
  const cert = build(commonName, issuer?.commonName ?? commonName, keys.publicKey, signer, extensions, notAfter);
  return { cert, key: pemKey(keys.privateKey) };
}

function build(
  subject: string,
  issuer: string,
  publicKey: KeyObject,
  signer: KeyObject,
  extensions: Buffer[],
  notAfter?: Date,
): string {
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const end = notAfter ?? new Date(Date.now() + 86_400_000);
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(12)])),
    algorithm,
    distinguishedName(issuer),
    sequence(time(new Date(end.getTime() - 7 * 86_400_000)), time(end)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)])));
  // No empty line where the last one is full: OpenSSL refuses that.
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(commonName)))));
}

function basicConstraints(authority: boolean): Buffer {
  return sequence(BASIC_CONSTRAINTS, TRUE, tagged(0x04, sequence(...(authority ? [TRUE] : []))));
}

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    net.isIPv4(name) ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name)),
  );
  return sequence(ALTERNATIVE_NAME, tagged(0x04, sequence(...entries)));
}

function time(date: Date): Buffer {
  return tagged(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}
