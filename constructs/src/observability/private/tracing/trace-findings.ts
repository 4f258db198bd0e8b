import { goMilliseconds } from '../../../private/go-duration';
import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import type { JaegerProps, OtlpStoreProps, SkyWalkingProps, TraceCollection, TraceKeeping } from '../../tracing-props';
import { atLeastOne } from '../prometheus/setting-findings';
import type { StackContext } from '../stack-context';
import { spanStores, type TracePlan, type TraceStore, traceNames } from './trace-plan';

/** What is wrong with what is said of traces. */
export function traceFindings(stack: StackContext, plan: TracePlan): Finding[] {
  const { stores, collection } = plan;
  return [
    ...nameFindings(stack, plan),
    ...twiceFindings(stores),
    ...stores.flatMap(storeFindings),
    ...collectionFindings(collection),
    ...centreFindings(stack, plan),
    ...(spanStores(plan).length > 0 || (collection.keeping ?? collection.share) === undefined
      ? []
      : [bad('ORR2012', 'It says which traces there are, and nothing keeps any.', 'Add a store: Tracing.jaeger(…).')]),
  ];
}

/** Names of releases have 53 characters; those of Services 63, and the operator cuts off what is longer (internal/naming/truncate.go). */
function nameFindings(stack: StackContext, plan: TracePlan): Finding[] {
  const { decider } = traceNames(stack);
  const longest = `${decider}-collector-headless`;
  if (spanStores(plan).length === 0 || longest.length <= 63) return [];
  const what = `Names of its collectors begin with "${stack.name}", and ${longest} would have ${longest.length} characters.`;
  return [bad('ORR2003', what, `Use an id of at most ${63 - (longest.length - stack.name.length)} characters.`)];
}

function twiceFindings(stores: readonly TraceStore[]): Finding[] {
  const names = stores.map((store) => (store.type === 'otlp' ? `otlp/${store.props.name ?? 'existing'}` : store.type));
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) =>
    bad(
      'ORR2004',
      `Traces go to ${name} twice.`,
      name.startsWith('otlp/') ? 'Give each another name.' : 'Say it once.',
    ),
  );
}

function storeFindings(store: TraceStore): Finding[] {
  switch (store.type) {
    case 'jaeger':
      return jaegerFindings(store.props);
    case 'otlp':
      return otlpFindings(store.props);
    case 'skywalking':
      return skyWalkingFindings(store.props);
    default: {
      const { url, adminEmail, retentionDays } = store.props;
      return [
        ...webAddressFindings(url, 'Sentry'),
        ...(/^[^\s@]+@[^\s@]+$/.test(adminEmail)
          ? []
          : [bad('ORR2011', `adminEmail is "${adminEmail}".`, 'Use an address of e-mail.')]),
        ...atLeastOne('retentionDays', retentionDays),
      ];
    }
  }
}

function jaegerFindings({ storage, replicas, cpu, memory, url }: JaegerProps): Finding[] {
  const backend = storage._backend();
  const findings = [
    ...atLeastOne('replicas', replicas),
    ...quantityFindings({ cpu, memory }),
    ...(url === undefined ? [] : webAddressFindings(url, 'Jaeger')),
  ];
  if (backend.type === 'memory' || backend.type === 'badger') {
    if (backend.type === 'memory') findings.push(...atLeastOne('maxTraces', backend.maxTraces));
    else {
      findings.push(...quantityFindings({ size: backend.size }));
      findings.push(...durationFindings({ retention: backend.retention }));
    }
    if ((replicas ?? 1) > 1) {
      const what = `Jaeger has ${replicas} pods, and each would have traces of its own in ${backend.type === 'memory' ? 'memory' : 'Badger'}.`;
      findings.push(bad('ORR2012', what, 'Use one replica, or JaegerStorage.elasticsearch or openSearch.'));
    }
    return findings;
  }
  const { url: store, username, password, lookback, indexPrefix } = backend;
  findings.push(...webAddressFindings(store, 'the store of Jaeger'));
  findings.push(...durationFindings({ lookback }));
  if ((username === undefined) !== (password === undefined))
    findings.push(bad('ORR2012', 'The store of Jaeger has only one of username and password.', 'Set both, or none.'));
  if (indexPrefix !== undefined && !/^[a-z0-9][a-z0-9_-]*$/.test(indexPrefix))
    findings.push(bad('ORR2011', `indexPrefix is "${indexPrefix}".`, 'Use lower-case letters, digits, "-" and "_".'));
  return findings;
}

function otlpFindings({ name = 'existing', endpoint, tls, caSecret, headers = {} }: OtlpStoreProps): Finding[] {
  const isUrl = endpoint.includes('://');
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(name) && !['jaeger', 'skywalking', 'centre', 'far'].includes(name)
      ? []
      : [bad('ORR2003', `"${name}" is no name for a store.`, 'Use lower-case letters, digits and "-", e.g. "tempo".')]),
    ...(isUrl ? webAddressFindings(endpoint, 'a store of traces') : hostPortFindings('endpoint', endpoint)),
    ...(isUrl && tls !== undefined
      ? [bad('ORR2012', `tls is said of ${endpoint}, whose scheme says it.`, 'Leave tls out.')]
      : []),
    ...(tls === false && caSecret !== undefined
      ? [bad('ORR2012', 'caSecret is set, and there is no TLS.', 'Leave one of them out.')]
      : []),
    ...Object.keys(headers)
      .filter((header) => !/^[A-Za-z0-9-]+$/.test(header))
      .map((header) => bad('ORR2011', `"${header}" is no header.`, 'Use letters, digits and "-".')),
  ];
}

function skyWalkingFindings({ elasticsearch, replicas, retentionDays, url }: SkyWalkingProps): Finding[] {
  const protocol = elasticsearch?.protocol ?? 'http';
  return [
    ...atLeastOne('replicas', replicas),
    ...atLeastOne('retentionDays', retentionDays),
    ...(url === undefined ? [] : webAddressFindings(url, 'SkyWalking')),
    ...(/^https?$/.test(protocol) ? [] : [bad('ORR2011', `protocol is "${protocol}".`, 'Use "http" or "https".')]),
    ...(elasticsearch === undefined || /^[A-Za-z0-9.-]+$/.test(elasticsearch.host)
      ? []
      : [bad('ORR2011', `host is "${elasticsearch.host}".`, 'Use a host name or address, without scheme and port.')]),
  ];
}

function collectionFindings({ share, keeping, replicas, cpu, memory, centreAddress }: TraceCollection): Finding[] {
  return [
    ...shareFindings('share', share),
    ...atLeastOne('replicas', replicas),
    ...quantityFindings({ cpu, memory }),
    ...(centreAddress === undefined ? [] : hostPortFindings('centreAddress', centreAddress)),
    ...(keeping === undefined ? [] : keepingFindings(keeping, share)),
  ];
}

function keepingFindings(
  { errors, slowerThan, share, waitFor, replicas }: TraceKeeping,
  all: number | undefined,
): Finding[] {
  return [
    ...shareFindings('keeping.share', share),
    ...atLeastOne('keeping.replicas', replicas),
    ...durationFindings({ 'keeping.slowerThan': slowerThan, 'keeping.waitFor': waitFor }),
    ...(all === undefined || all >= 1
      ? []
      : [
          bad(
            'ORR2012',
            `Only a share of ${all} of all traces is there, so most with errors are gone before anything is decided.`,
            'Leave share out: with keeping there are all traces.',
          ),
        ]),
    ...(errors === false && slowerThan === undefined && share === 0
      ? [bad('ORR2012', 'No trace would be kept.', 'Keep errors, slow ones, or a share.')]
      : []),
  ];
}

/** Where the other clusters send to. Asked at synth. */
function centreFindings(stack: StackContext, plan: TracePlan): Finding[] {
  const centre = stack.centreCluster();
  const others = stack.clusters().filter((cluster) => cluster !== centre);
  const { centreAddress, caSecret, clientSecret } = plan.collection;
  if (spanStores(plan).length === 0 || centre === undefined) return [];
  if (others.length > 0 && centreAddress === undefined) {
    const what = `Traces of ${others.join(', ')} go to "${centre}", and nothing says how they get there.`;
    const fix = `Say it by collectedBy({ centreAddress: 'traces.example.com:443' }), and lead that to port 4319 of the collectors in "${centre}".`;
    return [bad('ORR2013', what, fix)];
  }
  if (others.length > 0 || (caSecret ?? clientSecret) === undefined) return [];
  return [
    bad(
      'ORR2012',
      'Certificates for the way to the centre are said, and no other cluster is observed.',
      'Leave them out.',
    ),
  ];
}

function hostPortFindings(field: string, text: string): Finding[] {
  const [, port = ''] = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65535) return [];
  return [bad('ORR2011', `${field} is "${text}".`, 'Write "host:port", e.g. "traces.example.com:4317".')];
}

function shareFindings(field: string, share: number | undefined): Finding[] {
  if (share === undefined || (share >= 0 && share <= 1)) return [];
  return [bad('ORR2011', `${field} is ${share}.`, 'Use a share from 0 to 1.')];
}

function quantityFindings(fields: { readonly [field: string]: string | undefined }): Finding[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && !((quantityOf(value) ?? 0) > 0))
    .map(([field, value]) => bad('ORR2011', `${field} is "${value}".`, 'Use a quantity, e.g. "500m" or "1Gi".'));
}

function durationFindings(fields: { readonly [field: string]: string | undefined }): Finding[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && !((goMilliseconds(value) ?? 0) > 0))
    .map(([field, value]) => bad('ORR2011', `${field} is "${value}".`, 'Use a duration, e.g. "2s" or "168h".'));
}

function bad(code: Finding['code'], what: string, fix: string): Finding {
  return { code, what, fix };
}
