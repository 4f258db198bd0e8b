import { HelmMode, HelmRelease } from '../../../helm-release';
import { type JsonMap, mergeMaps } from '../../../private/json-values';
import type { SentryProps, SkyWalkingProps } from '../../tracing-props';
import { REQUEST_ID } from '../request-id-field';
import type { StackContext } from '../stack-context';
import { traceNames } from './trace-plan';

/** SkyWalking takes OTLP by the module that it has for Zipkin (apache/skywalking docs/en/setup/backend/otlp-trace.md), which is off unless somebody says so. */
export function installSkyWalking(stack: StackContext, props: SkyWalkingProps): void {
  new HelmRelease(stack.scope, 'skywalking', {
    chart: 'skywalking-helm',
    repository: 'oci://registry-1.docker.io/apache',
    version: '4.9.0',
    releaseName: traceNames(stack).skyWalking,
    namespaceName: stack.namespaceName,
    placement: stack.centre,
    values: mergeMaps(skyWalkingValues(stack, props) as JsonMap, (props.values ?? {}) as JsonMap),
  });
}

const CREDENTIALS = '/skywalking/credentials';

function skyWalkingValues(stack: StackContext, props: SkyWalkingProps): object {
  const { elasticsearch, replicas = 2, retentionDays = 7, javaOpts = '-Xmx2g -Xms2g', version: tag = '10.4.0' } = props;
  const secret = elasticsearch?.credentialsSecret;
  const env = {
    SW_OTEL_RECEIVER: 'default',
    SW_OTEL_RECEIVER_ENABLED_HANDLERS: 'otlp-traces',
    SW_RECEIVER_ZIPKIN: 'default',
    SW_QUERY_ZIPKIN: 'default',
    SW_ZIPKIN_SEARCHABLE_TAG_KEYS: `http.method,${REQUEST_ID}`,
    SW_SEARCHABLE_TAG_KEYS: `http.method,http.status_code,rpc.status_code,db.type,db.instance,mq.queue,mq.topic,mq.broker,${REQUEST_ID}`,
    ...retention(String(retentionDays), elasticsearch === undefined),
    ...(elasticsearch === undefined ? {} : { SW_STORAGE_ES_HTTP_PROTOCOL: elasticsearch.protocol ?? 'http' }),
    ...(secret === undefined ? {} : { SW_ES_SECRETS_MANAGEMENT_FILE: `${CREDENTIALS}/credentials.properties` }),
  };
  return {
    fullnameOverride: traceNames(stack).skyWalking,
    oap: {
      image: { tag },
      storageType: elasticsearch === undefined ? 'banyandb' : 'elasticsearch',
      replicas,
      javaOpts,
      env,
      ...(secret === undefined
        ? {}
        : { secretMounts: [{ name: 'store-credentials', secretName: secret, path: CREDENTIALS }] }),
    },
    ui: { image: { tag } },
    elasticsearch: {
      enabled: false,
      ...(elasticsearch === undefined
        ? {}
        : { config: { host: elasticsearch.host, port: { http: elasticsearch.port ?? 9200 } } }),
    },
    banyandb: { enabled: elasticsearch === undefined },
  };
}

/** BanyanDB has days of its own, those of traces twice (apache/skywalking oap-server/server-starter/src/main/resources/bydb.yml). */
function retention(days: string, isBanyan: boolean): { readonly [variable: string]: string } {
  if (!isBanyan) return { SW_CORE_RECORD_DATA_TTL: days };
  return { SW_STORAGE_BANYANDB_TRACE_TTL_DAYS: days, SW_STORAGE_BANYANDB_ZIPKIN_TRACE_TTL_DAYS: days };
}

/**
 * Sentry's chart makes its databases by hooks and its key by chance, so helm itself installs it. Its first user, for whom the chart has a published password, is made by hand: `sentry createuser`.
 */
export function installSentry(stack: StackContext, props: SentryProps): void {
  const { url, adminEmail, retentionDays: days = 90, register = false, values = {} } = props;
  const own = {
    user: { create: false },
    auth: { register },
    system: { url, adminEmail, public: register },
    sentry: { cleanup: { days } },
    ingress: { enabled: false },
  };
  new HelmRelease(stack.scope, 'sentry', {
    chart: 'sentry',
    repository: 'https://sentry-kubernetes.github.io/charts',
    version: '25.20.0',
    releaseName: `${stack.name}-sentry`,
    namespaceName: stack.namespaceName,
    placement: stack.centre,
    mode: HelmMode.NATIVE,
    values: mergeMaps(own as JsonMap, values as JsonMap),
  });
}
