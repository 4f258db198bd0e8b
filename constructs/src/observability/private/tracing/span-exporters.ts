import type { OtlpStoreProps } from '../../tracing-props';
import type { StackContext } from '../stack-context';
import { type Mounted, secretFiles } from './jaeger-backend';
import { spanStores, type TracePlan, traceNames } from './trace-plan';

/** Exporters of a collector by name, and what they need. */
export interface SpanExporters extends Mounted {
  readonly exporters: { readonly [name: string]: object };
}

/** In the cluster: what goes over the network of pods, or of the mesh around it. */
const INSIDE = { tls: { insecure: true } };

/** To all stores of the plan; in the centre. */
export function storeExporters(stack: StackContext, plan: TracePlan): SpanExporters {
  const names = traceNames(stack);
  const made = spanStores(plan).map((store): SpanExporters => {
    switch (store.type) {
      case 'jaeger':
        return only('otlp/jaeger', { endpoint: `${names.jaegerHost}:4317`, ...INSIDE });
      case 'skywalking':
        return only('otlp/skywalking', { endpoint: `${names.skyWalkingHost}:11800`, ...INSIDE });
      default:
        return existingExporter(store.props);
    }
  });
  return {
    exporters: Object.assign({}, ...made.map(({ exporters }) => exporters)),
    env: made.flatMap(({ env }) => env),
    volumes: made.flatMap(({ volumes }) => volumes),
    volumeMounts: made.flatMap(({ volumeMounts }) => volumeMounts),
  };
}

function only(name: string, settings: object): SpanExporters {
  return { exporters: { [name]: settings }, env: [], volumes: [], volumeMounts: [] };
}

function existingExporter({
  name = 'existing',
  endpoint,
  tls = true,
  caSecret,
  headers = {},
}: OtlpStoreProps): SpanExporters {
  const isHttp = /^https?:\/\//.test(endpoint);
  const variables = Object.entries(headers).map(([header, key]) => ({
    header,
    variable: `OTLP_${name}_${header}`.toUpperCase().replace(/[^A-Z0-9]/g, '_'),
    key,
  }));
  const ca = caSecret === undefined ? undefined : secretFiles(`${name}-ca`, caSecret, `/etc/${name}-ca`);
  const security = {
    ...(isHttp || tls ? {} : { insecure: true }),
    ...(ca === undefined ? {} : { ca_file: `/etc/${name}-ca/ca.crt` }),
  };
  const settings = {
    endpoint,
    ...(Object.keys(security).length === 0 ? {} : { tls: security }),
    ...(variables.length === 0
      ? {}
      : { headers: Object.fromEntries(variables.map(({ header, variable }) => [header, `\${env:${variable}}`])) }),
  };
  return {
    exporters: { [`${isHttp ? 'otlphttp' : 'otlp'}/${name}`]: settings },
    env: variables.map(({ variable, key }) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: key.secret, key: key.key } },
    })),
    volumes: ca === undefined ? [] : [ca.volume],
    volumeMounts: ca === undefined ? [] : [ca.mount],
  };
}

/** To the collectors of the centre, from another cluster. */
export function centreExporter({ collection }: TracePlan): SpanExporters {
  const { centreAddress = '', caSecret, clientSecret } = collection;
  const files = [
    ...(caSecret === undefined ? [] : [secretFiles('centre-ca', caSecret, '/etc/centre-ca')]),
    ...(clientSecret === undefined ? [] : [secretFiles('centre-client', clientSecret, '/etc/centre-client')]),
  ];
  const tls = {
    ...(caSecret === undefined ? {} : { ca_file: '/etc/centre-ca/ca.crt' }),
    ...(clientSecret === undefined
      ? {}
      : { cert_file: '/etc/centre-client/tls.crt', key_file: '/etc/centre-client/tls.key' }),
  };
  return {
    exporters: { 'otlp/centre': { endpoint: centreAddress, ...(files.length === 0 ? {} : { tls }) } },
    env: [],
    volumes: files.map(({ volume }) => volume),
    volumeMounts: files.map(({ mount }) => mount),
  };
}

/** To the pods that decide which traces are kept: all spans of a trace to the same one. */
export function deciderExporter(host: string): SpanExporters {
  const resolver = { dns: { hostname: host, port: '4317' } };
  return only('loadbalancing', { routing_key: 'traceID', protocol: { otlp: INSIDE }, resolver });
}
