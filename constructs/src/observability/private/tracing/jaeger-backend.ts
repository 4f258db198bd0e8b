import type { SecretKey } from '../../../service-props';
import type { BadgerStorageProps, JaegerIndexProps } from '../../jaeger-storage';

/** Where a Jaeger has its traces. */
export type JaegerBackend =
  | { readonly type: 'memory'; readonly maxTraces: number }
  | ({ readonly type: 'badger' } & BadgerStorageProps)
  | ({ readonly type: 'elasticsearch' | 'opensearch' } & JaegerIndexProps);

/** Files and variables that a collector needs beside its configuration. */
export interface Mounted {
  readonly env: readonly object[];
  readonly volumes: readonly object[];
  readonly volumeMounts: readonly object[];
}

const NOTHING_MOUNTED: Mounted = { env: [], volumes: [], volumeMounts: [] };

/** Settings of `jaeger_storage` (jaegertracing/jaeger cmd/internal/storageconfig/config.go, internal/storage/elasticsearch/config/config.go, internal/storage/v1/badger/config.go). */
export function storageOf(backend: JaegerBackend, stack: string): object {
  switch (backend.type) {
    case 'memory':
      return { memory: { max_traces: backend.maxTraces } };
    case 'badger':
      return {
        badger: {
          directories: { keys: `${BADGER_FOLDER}/keys`, values: `${BADGER_FOLDER}/values` },
          ephemeral: false,
          ttl: { spans: backend.retention ?? '72h' },
        },
      };
    default: {
      const { url, username, caSecret, indexPrefix = stack, lookback = '72h' } = backend;
      const basic = username === undefined ? undefined : { username, password_file: PASSWORD_FILE };
      return {
        [backend.type]: {
          server_urls: [url],
          ...(basic === undefined ? {} : { auth: { basic } }),
          ...(caSecret === undefined ? {} : { tls: { ca_file: `${CA_FOLDER}/ca.crt` } }),
          indices: { index_prefix: indexPrefix },
          max_span_age: lookback,
        },
      };
    }
  }
}

export const BADGER_FOLDER = '/badger';
const CA_FOLDER = '/etc/store-ca';
const PASSWORD_FILE = '/etc/store-password/password';

/** Secrets of the storage as files. */
export function mountedFor(backend: JaegerBackend): Mounted {
  if (backend.type === 'memory' || backend.type === 'badger') return NOTHING_MOUNTED;
  const { caSecret, password } = backend;
  const mounts = [
    ...(caSecret === undefined ? [] : [secretFiles('store-ca', caSecret, CA_FOLDER)]),
    ...(password === undefined ? [] : [passwordFile(password)]),
  ];
  return {
    env: [],
    volumes: mounts.map(({ volume }) => volume),
    volumeMounts: mounts.map(({ mount }) => mount),
  };
}

function passwordFile({ secret: secretName, key, optional }: SecretKey) {
  const items = [{ key, path: 'password' }];
  return {
    volume: {
      name: 'store-password',
      secret: { secretName, items, ...(optional === undefined ? {} : { optional }) },
    },
    mount: { name: 'store-password', mountPath: '/etc/store-password', readOnly: true },
  };
}

/** A Secret as files of a collector. */
export function secretFiles(name: string, secretName: string, mountPath: string) {
  return { volume: { name, secret: { secretName } }, mount: { name, mountPath, readOnly: true } };
}
