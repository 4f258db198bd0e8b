import { present } from '../../../private/present-members';
import { outputObjects } from './fluent-bit-outputs';
import { DEFAULT_AUDIT_PATH, FLUENT_BIT_IMAGE, type FluentBitPlan, multilineParsers } from './fluent-bit-plan';
import { namespacePattern, PLATFORM, tagPattern } from './owners';
import { requestIdPattern } from './request-id';

const BUFFERS = '/buffers';
const POSITIONS = '/fluent-bit/tail';

/** Kinds: fluent/fluent-operator, apis/fluentbit/v1alpha2. */
export function fluentBitObjects(plan: FluentBitPlan): object[] {
  return [fluentBit(plan), config(plan), ...inputs(plan), ...filters(plan), ...parsers(plan), ...outputObjects(plan)];
}

/** Label by which the configuration finds its parts. */
function partLabel({ name }: FluentBitPlan): { [label: string]: string } {
  return { 'fluentbit.fluent.io/collection': name };
}

export function fluentObject(plan: FluentBitPlan, kind: string, name: string, spec: object): object {
  const isNamespaced = kind === 'FluentBit';
  return {
    apiVersion: 'fluentbit.fluent.io/v1alpha2',
    kind,
    metadata: present({
      name,
      namespace: isNamespaced ? plan.namespace : undefined,
      labels: { ...plan.labels, ...(isNamespaced ? { 'app.kubernetes.io/name': 'fluent-bit' } : partLabel(plan)) },
    }),
    spec,
  };
}

function fluentBit(plan: FluentBitPlan): object {
  const { name, endpoint, props } = plan;
  const { image = FLUENT_BIT_IMAGE, memory = '256Mi', audit } = props;
  return fluentObject(plan, 'FluentBit', name, {
    image,
    fluentBitConfigName: name,
    // On every node, whatever it is for: its pods log as well.
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'system-node-critical',
    positionDB: { hostPath: { path: `/var/lib/fluent-bit/${name}`, type: 'DirectoryOrCreate' } },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory } },
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // Logs of containers are root's.
      runAsUser: 0,
      capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH'] },
    },
    ...(endpoint.caSecret === undefined ? {} : { secrets: [endpoint.caSecret] }),
    volumes: [
      { name: 'buffers', hostPath: { path: `/var/lib/fluent-bit/${name}-buffers`, type: 'DirectoryOrCreate' } },
      ...(audit === undefined
        ? []
        : [{ name: 'audit', hostPath: { path: folderOf(audit.path ?? DEFAULT_AUDIT_PATH) } }]),
    ],
    volumesMounts: [
      { name: 'buffers', mountPath: BUFFERS },
      ...(audit === undefined ? [] : [{ name: 'audit', mountPath: '/audit', readOnly: true }]),
    ],
  });
}

function config(plan: FluentBitPlan): object {
  const selector = { matchLabels: partLabel(plan) };
  return fluentObject(plan, 'ClusterFluentBitConfig', plan.name, {
    configFileFormat: 'yaml',
    service: {
      flushSeconds: 1,
      graceSeconds: 30,
      logLevel: 'info',
      // Between two tries to send something.
      schedulerBase: 5,
      schedulerCap: 300,
      httpServer: true,
      httpListen: '0.0.0.0',
      httpPort: 2020,
      healthCheck: true,
      parsersFiles: [
        '/fluent-bit/etc/parsers.conf',
        '/fluent-bit/config/parsers.conf',
        '/fluent-bit/config/parsers_multiline.conf',
      ],
      storage: {
        path: BUFFERS,
        sync: 'normal',
        checksum: 'on',
        metrics: 'on',
        // Chunks in memory; what there is beyond waits on disk.
        maxChunksUp: 64,
        backlogMemLimit: '16M',
        deleteIrrecoverableChunks: 'on',
      },
    },
    inputSelector: selector,
    filterSelector: selector,
    outputSelector: selector,
    parserSelector: selector,
    multilineParserSelector: selector,
  });
}

/** Paused, not dropped, where the store is slow: files wait where they are, for as long as the kubelet keeps them. */
const HELD = { storageType: 'filesystem', pauseOnChunksOverlimit: 'on' };

function inputs(plan: FluentBitPlan): object[] {
  const { name, props } = plan;
  const { drop = [], units = [], audit } = props;
  const excluded = drop
    .map((one) => one._rule())
    .flatMap(({ by, value }) =>
      by === 'namespace'
        ? [`/var/log/containers/*_${value}_*.log`]
        : by === 'container'
          ? [`/var/log/containers/*_${value}-${'?'.repeat(64)}.log`]
          : [],
    );
  return [
    fluentObject(plan, 'ClusterInput', `${name}-containers`, {
      tail: {
        tag: 'kube.*',
        path: '/var/log/containers/*.log',
        ...(excluded.length === 0 ? {} : { excludePath: excluded.join(',') }),
        multilineParser: 'cri, docker',
        readFromHead: true,
        refreshIntervalSeconds: 5,
        rotateWaitSeconds: 30,
        skipLongLines: true,
        skipEmptyLines: true,
        bufferMaxSize: '2MB',
        memBufLimit: '64MB',
        db: `${POSITIONS}/containers.db`,
        dbSync: 'Normal',
        dbLocking: true,
        ...HELD,
      },
    }),
    ...(units.length === 0
      ? []
      : [
          fluentObject(plan, 'ClusterInput', `${name}-units`, {
            systemd: {
              tag: 'unit.*',
              path: '/var/log/journal',
              db: `${POSITIONS}/units.db`,
              dbSync: 'Normal',
              readFromTail: 'on',
              stripUnderscores: 'on',
              systemdFilterType: 'Or',
              systemdFilter: units.map((unit) => `_SYSTEMD_UNIT=${unit}.service`),
              ...HELD,
            },
          }),
        ]),
    ...(audit === undefined
      ? []
      : [
          fluentObject(plan, 'ClusterInput', `${name}-audit`, {
            tail: {
              tag: 'audit',
              // Nodes without an API server have no such file, and send nothing.
              path: `/audit/${nameOf(audit.path ?? DEFAULT_AUDIT_PATH)}`,
              parser: `${name}-audit`,
              readFromHead: true,
              refreshIntervalSeconds: 5,
              rotateWaitSeconds: 30,
              bufferMaxSize: '4MB',
              memBufLimit: '32MB',
              db: `${POSITIONS}/audit.db`,
              dbSync: 'Normal',
              dbLocking: true,
              ...HELD,
            },
          }),
        ]),
  ];
}

function filters(plan: FluentBitPlan): object[] {
  const { name, cluster, owners, props, api } = plan;
  const lines = (props.drop ?? []).map((one) => one._rule()).filter(({ by }) => by === 'lines');
  const parsers = multilineParsers(props);
  const record = (text: string) => ({ recordModifier: { records: [text] } });
  const filter = (suffix: string, ordinal: number, match: object, list: object[]) =>
    fluentObject(plan, 'ClusterFilter', `${name}-${suffix}`, { ordinal, ...match, filters: list });
  // A store with tenants is told whose a record is, which its tag says: whatever a container writes, it cannot say so itself, since what it writes in JSON is below "json".
  const tenants = api === 'loki' ? owners : [];
  return [
    filter('containers', 10, { match: 'kube.*' }, [
      ...(parsers.length === 0
        ? []
        : [
            {
              multiline: {
                keyContent: 'log',
                mode: 'parser',
                parser: parsers.join(','),
                emitterType: 'filesystem',
                buffer: true,
              },
            },
          ]),
      {
        kubernetes: {
          kubeURL: 'https://kubernetes.default.svc:443',
          kubeTagPrefix: 'kube.var.log.containers.',
          labels: true,
          annotations: false,
          mergeLog: true,
          mergeLogKey: 'json',
          mergeLogTrim: true,
          keepLog: true,
          k8sLoggingParser: false,
          k8sLoggingExclude: false,
          useTagForMeta: false,
          bufferSize: '512k',
        },
      },
      ...lines.map(({ value }) => ({ grep: { exclude: `log ${value}` } })),
      { parser: { keyName: 'log', parser: `${name}-request-id`, reserveData: true, preserveKey: true } },
    ]),
    ...(props.audit === undefined || owners.length === 1
      ? []
      : [
          filter('audit', 20, { match: 'audit' }, [
            {
              rewriteTag: {
                rules: owners
                  .filter(({ workspace }) => workspace !== undefined)
                  .map((owner) => `$objectRef['namespace'] ${namespacePattern(owner)} audit.${owner.name} false`),
                emitterName: `${name}-audit`,
                emitterStorageType: 'filesystem',
                emitterMemBufLimit: '32M',
              },
            },
          ]),
        ]),
    filter('cluster', 30, { match: '*' }, [record(`cluster ${cluster.clusterName}`)]),
    ...tenants.flatMap((owner, at) => [
      filter(`tenant-${owner.name}`, 40 + at, { matchRegex: ownedTags(owner.name, tagPattern(owner, owners)) }, [
        { recordModifier: { removeKeys: ['tenant'] } },
        record(`tenant ${owner.name}`),
      ]),
    ]),
  ];
}

/** Tags of everything of an owner: container logs, and what was given a tag by its namespace. */
function ownedTags(owner: string, containers: string): string {
  return owner === PLATFORM ? `${containers}|^unit\\.|^audit$|^events$` : `${containers}|^(?:audit|events)\\.${owner}$`;
}

function parsers(plan: FluentBitPlan): object[] {
  const { name, requestIdHeader, props } = plan;
  return [
    fluentObject(plan, 'ClusterParser', `${name}-request-id`, { regex: { regex: requestIdPattern(requestIdHeader) } }),
    ...(props.audit === undefined
      ? []
      : [
          fluentObject(plan, 'ClusterParser', `${name}-audit`, {
            json: { timeKey: 'requestReceivedTimestamp', timeFormat: '%Y-%m-%dT%H:%M:%S.%LZ', timeKeep: true },
          }),
        ]),
    ...(props.multilineStarts ?? []).map(({ name: format, firstLine }) =>
      fluentObject(plan, 'ClusterMultilineParser', format, {
        type: 'regex',
        flushTimeout: 1000,
        rules: [
          { start: 'start_state', regex: `/${escaped(firstLine)}/`, next: 'cont' },
          { start: 'cont', regex: `/^(?!.*(?:${escaped(firstLine)}))/`, next: 'cont' },
        ],
      }),
    ),
  ];
}

/** Between slashes. */
function escaped(pattern: string): string {
  return pattern.replace(/(?<!\\)\//g, '\\/');
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
