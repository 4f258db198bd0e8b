import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, type Assembly, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Workspace } from '../workspace';
import { WorkspaceRole } from '../workspace-props';
import { LogAlert } from './log-alert';
import { LogCollection } from './log-collection';
import type { FluentBitProps } from './log-collection-props';
import { LogLifecycle } from './log-lifecycle';
import { LogDrop, MultilineFormat } from './log-lines';
import { LogStore, LokiMode, type LokiStoreProps, type OpenSearchStoreProps } from './log-store';
import { MetricStore } from './metric-store';
import { ObservabilityStack, type ObservabilityStackProps } from './observability-stack';
import { type LogOwner, tagPattern } from './private/logs/owners';
import { requestIdPattern } from './private/logs/request-id';

const WRITER = { username: { secret: 'writer', key: 'user' }, password: { secret: 'writer', key: 'password' } };
const OPENSEARCH: OpenSearchStoreProps = {
  lifecycle: LogLifecycle.hot({ deleteAfter: '30d' }),
  storage: '200Gi',
  adminSecret: 'opensearch-admin',
  securityConfigSecret: 'opensearch-security',
  writer: WRITER,
  address: 'logs.example.com',
};
const LOKI: LokiStoreProps = { retention: '30d', schemaFrom: '2026-11-01', address: 'loki.example.com' };
const inOpenSearch = (props: Partial<OpenSearchStoreProps> = {}) => LogStore.openSearch({ ...OPENSEARCH, ...props });
const inLoki = (props: Partial<LokiStoreProps> = {}) => LogStore.loki({ ...LOKI, ...props });

/** Two clusters, of which "ops" is the centre, and a workspace with the namespaces mall and pay. */
function program(props: Partial<FluentBitProps>, stack: Partial<ObservabilityStackProps> = {}) {
  return (platform: Platform) => {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('ops', { storageClasses: { general: 'disk', slow: 'nas' } });
    clusters.add('sh');
    const retail = new Workspace(platform, 'retail', {
      placement: Placement.everywhere(),
      namespaces: ['mall', 'pay'],
      groups: { 'retail-developers': WorkspaceRole.DEVELOPER },
    });
    new ObservabilityStack(platform, 'watch', {
      placement: Placement.everywhere(),
      centre: Placement.named('ops'),
      workspaces: [retail],
      logs: LogCollection.fluentBit({ to: inOpenSearch(), ...props }),
      ...stack,
    });
  };
}
const made = (props: Partial<FluentBitProps> = {}, stack?: Partial<ObservabilityStackProps>): Assembly =>
  assemblyOf(program(props, stack));
const allOf = (assembly: Assembly, cluster: string, kind: string): AnyObject[] =>
  [...assembly.objects(cluster).values()].filter((object) => object.kind === kind);
const named = (objects: AnyObject[], name: string): AnyObject =>
  objects.find(({ metadata }) => metadata.name === name) ?? `none of ${objects.map(({ metadata }) => metadata.name)}`;
const release = (assembly: Assembly, cluster: string, chart: string): AnyObject =>
  assembly
    .units(cluster)
    .flatMap(({ helmReleases = [] }) => helmReleases as AnyObject[])
    .find(({ chart: { name } }) => name === chart);
const refused = (props: Partial<FluentBitProps>, stack?: Partial<ObservabilityStackProps>) =>
  problemsOfProgram(program(props, stack)).map(({ code, what }) => `${code}: ${what}`);

describe('logs collected by Fluent Bit', () => {
  it('are read on every node of every cluster, and its operator is installed there', () => {
    const assembly = made();
    for (const cluster of ['ops', 'sh']) {
      expect(
        release(assembly, cluster, 'fluent-operator').version ??
          release(assembly, cluster, 'fluent-operator').chart.version,
      ).toBe('4.3.0');
      const [fluentBit] = allOf(assembly, cluster, 'FluentBit');
      const [config] = allOf(assembly, cluster, 'ClusterFluentBitConfig');
      expect(fluentBit.spec).toMatchObject({
        fluentBitConfigName: config.metadata.name,
        tolerations: [{ operator: 'Exists' }],
      });
      expect(config.spec.configFileFormat).toBe('yaml');
      // Whatever it selects is there, and nothing is there that it does not select.
      const { matchLabels } = config.spec.inputSelector;
      for (const kind of ['ClusterInput', 'ClusterFilter', 'ClusterParser', 'ClusterOutput'])
        for (const { metadata } of allOf(assembly, cluster, kind)) expect(metadata.labels).toMatchObject(matchLabels);
    }
  });

  it('say which cluster they are of, and with which request they have to do', () => {
    const assembly = made({}, { requestIdHeader: 'X-Trace-Key' });
    const filters = allOf(assembly, 'sh', 'ClusterFilter');
    expect(named(filters, 'watch-logs-cluster').spec.filters).toEqual([
      { recordModifier: { records: ['cluster sh'] } },
    ]);
    const parser = named(allOf(assembly, 'sh', 'ClusterParser'), 'watch-logs-request-id');
    expect(parser.spec.regex.regex).toBe(requestIdPattern('x-trace-key'));
  });

  it('wait on disk where the store is slow, and are not lost until that is full', () => {
    const assembly = made({ bufferSize: '7G' });
    const input = named(allOf(assembly, 'sh', 'ClusterInput'), 'watch-logs-containers');
    expect(input.spec.tail).toMatchObject({ storageType: 'filesystem', pauseOnChunksOverlimit: 'on' });
    for (const { spec } of allOf(assembly, 'sh', 'ClusterOutput'))
      expect([spec.retry_limit, spec.opensearch.totalLimitSize]).toEqual(['500', '7G']);
    const [{ spec }] = allOf(assembly, 'sh', 'FluentBit');
    const { path } = allOf(assembly, 'sh', 'ClusterFluentBitConfig')[0].spec.service.storage;
    expect(spec.volumesMounts.find(({ mountPath }: AnyObject) => mountPath === path)).toBeDefined();
  });

  it('are dropped by namespace, container and line, and joined to records of several lines', () => {
    const drop = [
      LogDrop.ofNamespace('kube-system'),
      LogDrop.ofContainer('istio-proxy'),
      LogDrop.lines('GET /healthz'),
    ];
    const assembly = made({
      drop,
      multiline: [MultilineFormat.JAVA, MultilineFormat.GO],
      multilineStarts: [{ name: 'dated', firstLine: '^\\d{4}/' }],
    });
    const { tail } = named(allOf(assembly, 'sh', 'ClusterInput'), 'watch-logs-containers').spec;
    expect(tail.excludePath).toBe(
      `/var/log/containers/*_kube-system_*.log,/var/log/containers/*_istio-proxy-${'?'.repeat(64)}.log`,
    );
    const { filters } = named(allOf(assembly, 'sh', 'ClusterFilter'), 'watch-logs-containers').spec;
    expect(filters[0].multiline.parser).toBe('dated,java,go');
    expect(filters[2]).toEqual({ grep: { exclude: 'log GET /healthz' } });
    const [{ regex: first }, { regex: rest }] = named(allOf(assembly, 'sh', 'ClusterMultilineParser'), 'dated').spec
      .rules;
    const matches = (regex: string, line: string) => new RegExp(regex.slice(1, -1)).test(line);
    for (const line of ['2026/11/22 started', '  at x.y', 'see 2026/11/22'])
      expect(matches(first, line)).toBe(!matches(rest, line));
  });

  it('go to a data stream of their workspace by the name of their file, each to exactly one, whatever namespaces are called', () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { minLength: 2, maxLength: 8 }),
        fc.nat({ max: 3 }),
        label,
        label,
        label,
        (names, cut, namespace, pod, container) => {
          const owner = (name: string, namespaces: string[], workspace: boolean) =>
            ({ name, namespaces, workspace: workspace ? {} : undefined }) as LogOwner;
          const owners = [
            owner('a', names.slice(0, cut), true),
            owner('b', names.slice(cut), true),
            owner('platform', [], false),
          ];
          for (const one of [...names, namespace]) {
            const tag = `kube.var.log.containers.${pod}.x_${one}_${container}-${'0'.repeat(64)}.log`;
            const takers = owners.filter((candidate) => new RegExp(tagPattern(candidate, owners)).test(tag));
            const expected = names.slice(0, cut).includes(one)
              ? 'a'
              : names.slice(cut).includes(one)
                ? 'b'
                : 'platform';
            expect(takers.map(({ name }) => name)).toEqual([expected]);
          }
        },
      ),
    );
    const outputs = allOf(made(), 'sh', 'ClusterOutput');
    expect(outputs.map(({ spec }) => spec.opensearch.index)).toEqual([
      'k8s-container-retail',
      'k8s-container-platform',
    ]);
  });

  it('reach OpenSearch by its Service in the centre and by its address from elsewhere, with what Secrets say', () => {
    const assembly = made();
    const [inside, outside] = ['ops', 'sh'].map(
      (cluster) => allOf(assembly, cluster, 'ClusterOutput')[0].spec.opensearch,
    );
    expect([inside.host, outside.host]).toEqual(['watch-logs.observability.svc', 'logs.example.com']);
    expect(inside.tls).toEqual({ verify: true, caFile: '/fluent-bit/secrets/watch-logs-http-cert/ca.crt' });
    expect(allOf(assembly, 'ops', 'FluentBit')[0].spec.secrets).toEqual(['watch-logs-http-cert']);
    expect(outside.httpPassword).toEqual({ valueFrom: { secretKeyRef: { name: 'writer', key: 'password' } } });
  });

  it('are read by their workspace alone, by whole names of data streams', () => {
    const assembly = made();
    const roles = allOf(assembly, 'ops', 'OpensearchRole');
    const { indexPermissions, tenantPermissions } = named(roles, 'k8s-retail-reader').spec;
    expect(indexPermissions[0].indexPatterns).toEqual([
      'k8s-container-retail',
      '.ds-k8s-container-retail-??????',
      'k8s-events-retail',
      '.ds-k8s-events-retail-??????',
      'k8s-audit-retail',
      '.ds-k8s-audit-retail-??????',
    ]);
    expect(tenantPermissions[0].tenantPatterns).toEqual(['retail']);
    const binding = named(allOf(assembly, 'ops', 'OpensearchUserRoleBinding'), 'k8s-retail-reader');
    expect(binding.spec).toMatchObject({ backendRoles: ['retail-developers'], roles: ['k8s-retail-reader'] });
    expect(allOf(assembly, 'sh', 'OpenSearchCluster')).toEqual([]);
  });

  it('have their life by a resource of the operator, and by a Job where indices move to cold nodes', () => {
    const hot = made();
    expect(allOf(hot, 'ops', 'OpenSearchISMPolicy')).toHaveLength(1);
    expect(allOf(hot, 'ops', 'Job')).toEqual([]);
    const cold = made({
      to: inOpenSearch({
        lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }),
        coldNodes: 2,
        coldStoragePurpose: 'slow',
      }),
    });
    expect(allOf(cold, 'ops', 'OpenSearchISMPolicy')).toEqual([]);
    const [job] = allOf(cold, 'ops', 'Job');
    const files = named(allOf(cold, 'ops', 'ConfigMap'), job.metadata.name).data;
    expect(JSON.parse(files['policy.json']).policy.states[1].actions).toContainEqual({
      allocation: { require: { temp: 'cold' }, wait_for: false },
    });
    const [{ spec }] = allOf(cold, 'ops', 'OpenSearchCluster');
    expect(
      spec.nodePools.map(({ component, additionalConfig, persistence }: AnyObject) => [
        component,
        additionalConfig,
        persistence.pvc.storageClass,
      ]),
    ).toEqual([
      ['hot', { 'node.attr.temp': 'hot' }, 'disk'],
      ['cold', { 'node.attr.temp': 'cold' }, 'nas'],
    ]);
  });

  it('are told apart by tenants in Loki, which follow from the name of the file', () => {
    const assembly = made({ to: inLoki() });
    const [output] = allOf(assembly, 'sh', 'ClusterOutput');
    expect(output.spec.loki).toMatchObject({
      host: 'loki.example.com',
      port: 443,
      tenantIDKey: '$tenant',
      removeKeys: ['tenant'],
    });
    const filters = allOf(assembly, 'sh', 'ClusterFilter').map(({ metadata, spec }) => [
      metadata.name,
      spec.filters.at(-1).recordModifier?.records,
    ]);
    expect(filters.slice(-2)).toEqual([
      ['watch-logs-tenant-retail', ['tenant retail']],
      ['watch-logs-tenant-platform', ['tenant platform']],
    ]);
    // What a container writes in JSON never becomes a field beside it.
    const { filters: first } = named(allOf(assembly, 'sh', 'ClusterFilter'), 'watch-logs-containers').spec;
    expect(first.find(({ kubernetes }: AnyObject) => kubernetes).kubernetes.mergeLogKey).toBe('json');
    const { values } = release(assembly, 'ops', 'loki');
    expect(values).toMatchObject({
      deploymentMode: 'Monolithic',
      loki: { auth_enabled: true, limits_config: { retention_period: '720h' } },
      singleBinary: { replicas: 1, persistence: { storageClass: 'disk' } },
    });
  });

  it('have events of one reader for each cluster, and audit logs where they are asked for', () => {
    const assembly = made({ audit: {} });
    for (const cluster of ['ops', 'sh']) {
      const [deployment] = allOf(assembly, cluster, 'Deployment');
      expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
      const config = parse(named(allOf(assembly, cluster, 'ConfigMap'), 'watch-logs-events').data['fluent-bit.yaml']);
      expect(config.pipeline.inputs.map(({ name }: AnyObject) => name)).toEqual(['kubernetes_events']);
      expect(config.pipeline.filters[0].rule).toEqual([
        "$involvedObject['namespace'] ^(?:mall|pay)$ events.retail false",
      ]);
      expect(config.pipeline.outputs.map(({ match, index }: AnyObject) => [match, index])).toEqual([
        ['events.retail', 'k8s-events-retail'],
        ['events', 'k8s-events-platform'],
      ]);
      expect(config.pipeline.filters.at(-1).record).toEqual([`cluster ${cluster}`]);
    }
    const outputs = allOf(assembly, 'sh', 'ClusterOutput').map(({ spec }) => spec.opensearch.index);
    expect(outputs).toContain('k8s-audit-retail');
    expect(allOf(made({ events: false }), 'sh', 'Deployment')).toEqual([]);
  });

  it('are what Grafana asks, and Fluent Bit is scraped where the stack has a Prometheus', () => {
    const assembly = made();
    const datasources = allOf(assembly, 'ops', 'ConfigMap').map(({ data }) => Object.values(data).join());
    expect(datasources.join()).toContain('grafana-opensearch-datasource');
    expect(allOf(assembly, 'sh', 'PodMonitor')).toEqual([]);
    const scraped = made({}, { metrics: MetricStore.perCluster() });
    expect(allOf(scraped, 'sh', 'PodMonitor')).toHaveLength(1);
  });

  it('may be kept in what is there, which a Job then tells the life of indices and roles', () => {
    const administrator = { username: { secret: 'admin', key: 'u' }, password: { secret: 'admin', key: 'p' } };
    const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d' });
    const existing = { host: 'es.example.com', credentials: WRITER, administrator, lifecycle, caSecret: 'es-ca' };
    const assembly = made({ to: LogStore.existingElasticsearch(existing) });
    const [job] = allOf(assembly, 'ops', 'Job');
    const { data } = named(allOf(assembly, 'ops', 'ConfigMap'), job.metadata.name);
    expect(new Set(Object.keys(data))).toEqual(
      new Set([
        'policy.json',
        'template.json',
        'role-writer.json',
        'role-retail.json',
        'role-platform.json',
        'setup.sh',
      ]),
    );
    expect(data['setup.sh']).toContain("send '_ilm/policy/k8s' '@/setup/policy.json'");
    expect(JSON.parse(data['role-retail.json']).indices[0].names).toEqual([
      'k8s-container-retail',
      'k8s-events-retail',
      'k8s-audit-retail',
    ]);
    // Another content is another Job.
    const other = made({
      to: LogStore.existingElasticsearch({ ...existing, lifecycle: LogLifecycle.hot({ deleteAfter: '9d' }) }),
    });
    expect(allOf(other, 'ops', 'Job')[0].metadata.name).not.toBe(job.metadata.name);
    const openSearch = made({ to: LogStore.existingOpenSearch(existing) });
    expect(
      named(allOf(openSearch, 'ops', 'ConfigMap'), allOf(openSearch, 'ops', 'Job')[0].metadata.name).data['setup.sh'],
    ).toContain('_plugins/_security/api/rolesmapping/k8s-retail-reader');
    const loki = made({ to: LogStore.existingLoki({ host: 'loki', tls: false }) });
    expect(allOf(loki, 'sh', 'ClusterOutput')[0].spec.loki).toMatchObject({ host: 'loki', port: 3100 });
  });

  it('never hold values of Secrets, and every pod of ours is of the restricted level', () => {
    const assembly = made({ audit: {} });
    expect(['ops', 'sh'].flatMap((cluster) => allOf(assembly, cluster, 'Secret'))).toEqual([]);
    const pods = ['Deployment', 'Job']
      .flatMap((kind) => allOf(assembly, 'ops', kind))
      .map(({ spec }) => spec.template.spec);
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { securityContext } of pod.containers)
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    }
  });

  it.each<[string, Partial<FluentBitProps>, string]>([
    [
      'an unknown way from other clusters',
      { to: inOpenSearch({ address: undefined } as never) },
      'ORR2013: By which name clusters sh reach the log store in ops is not known.',
    ],
    [
      'an address with a scheme',
      { to: inOpenSearch({ address: 'https://logs' }) },
      'ORR2011: The address of the log store is "https://logs".',
    ],
    [
      'two masters',
      { to: inOpenSearch({ nodes: 2 }) },
      'ORR2012: There are 2 nodes that may be masters: without one of them the other has no majority, and the store stands still.',
    ],
    [
      'copies without nodes',
      { to: inOpenSearch({ nodes: 1 }) },
      'ORR2012: 1 copy of a shard beside the primary one do not fit on 1 hot node.',
    ],
    [
      'cold data without nodes',
      { to: inOpenSearch({ lifecycle: LogLifecycle.hotCold({ deleteAfter: '90d' }) }) },
      'ORR2012: Records get cold after 14d, and there is no node for cold data: they would stay on hot ones.',
    ],
    [
      'a storage class that is not there',
      { to: inOpenSearch({ storagePurpose: 'fast' }) },
      'ORR2013: OpenSearch needs "fast" storage, for which cluster "ops" has no class. It declares: general, slow.',
    ],
    [
      'Loki in parts without object storage',
      { to: inLoki({ mode: LokiMode.DISTRIBUTED }) },
      'ORR2012: Loki in processes for each task needs object storage, and has none.',
    ],
    [
      'replicas of Loki on disks',
      { to: inLoki({ replicas: 3 }) },
      "ORR2012: 3 replicas of Loki do not see each other's disks.",
    ],
    ['a day that is none', { to: inLoki({ schemaFrom: 'today' }) }, 'ORR2011: schemaFrom is "today".'],
    [
      'hours of retention',
      { to: inLoki({ retention: '12h' }) },
      'ORR2012: Loki deletes whole days, and retention is 12h.',
    ],
    [
      'roles that nobody may make',
      { to: LogStore.existingOpenSearch({ host: 'os' }) },
      'ORR2013: Roles that keep workspaces apart have to be made, and who may do that is not known.',
    ],
    ['a prefix that Elasticsearch has', { prefix: 'logs' }, 'ORR2003: "logs" is no prefix for data streams.'],
    [
      'a pattern that ends too early',
      { drop: [LogDrop.lines('(')] },
      'ORR2011: LogDrop.lines is "(", whose parentheses do not match.',
    ],
    ['no size of a buffer', { bufferSize: '5 GB' }, 'ORR2011: bufferSize is "5 GB".'],
    ['a unit with its ending', { units: ['kubelet.service'] }, 'ORR2011: "kubelet.service" is no unit of systemd.'],
    [
      'alerts on Loki',
      {
        to: inLoki(),
        alerts: { rules: [LogAlert.any('a', { summary: 'A' })], alertmanagers: ['http://alertmanager:9093'] },
      },
      'ORR2012: Alerts on logs are asked of Elasticsearch or OpenSearch by elastalert2, and the store is Loki.',
    ],
  ])('are refused with %s', (_, props, what) => expect(refused(props)).toEqual([what]));
});

describe('the id of a request', () => {
  const found = (line: string, header = 'x-request-id') =>
    new RegExp(requestIdPattern(header).replace('(?i:', '(?:'), 'i').exec(line)?.groups?.request_id;
  const id = '6f1c1f2e-9d44-4d29-8f0b-0e3b8f0c1a2b';

  it.each([
    `{"x-request-id":"${id}","status":200}`,
    `level=info x_request_id=${id} msg=done`,
    `{"requestId": "${id}"}`,
    `GET /cart X-Request-ID: ${id}`,
    `[2026-11-22T08:00:00.000Z] "GET /cart HTTP/1.1" 200 - via_upstream - "-" 0 12 3 2 "-" "curl/8" "${id}" "mall.example.com" "10.0.0.1:80"`,
  ])('is found in %s', (line) => expect(found(line)).toBe(id));

  it.each(['{"x-request-id":"-"}', 'request id unknown', 'no id at all'])('is not found in %s', (line) =>
    expect(found(line)).toBeUndefined(),
  );

  it('is found under any header, as loggers write it', () => {
    const word = fc.stringMatching(/^[a-z]{2,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 4 }), fc.constantFrom('-', '_', ''), (words, between) => {
        expect(found(`{"a":1,"${words.join(between)}":"${id}"}`, words.join('-'))).toBe(id);
      }),
    );
  });
});
