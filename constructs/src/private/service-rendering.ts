import * as fs from 'node:fs';
import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { imageIn, imageSource, tagOf } from '../image-name';
import { define } from '../json-patch';
import { AccessMode, type ServiceProps } from '../service-props';
import { isLabelValue } from './names';
import { podSpec } from './pod-rendering';
import { type Problem, problemAt } from './problem';
import type { Share } from './service-replicas';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Entry } from './unit';

/** A service on its way into one cluster. */
export interface ServiceInCluster {
  readonly construct: IConstruct;
  readonly name: string;
  readonly namespace: string;
  /** Id of the app. */
  readonly app: string;
  /** Labels of every object. */
  readonly labels: { readonly [key: string]: string };
  readonly props: ServiceProps;
  readonly cluster: Cluster;
  readonly share: Share | undefined;
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

/** The objects of a service in one cluster. */
export function renderService(service: ServiceInCluster, settings: ServiceSettings, problems: Problem[]): Entry[] {
  const { construct, name, cluster } = service;
  const image = imageIn(settings.image, cluster.facts);
  const selector = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': service.app };
  const labels = { ...service.labels, ...selector };
  // Only where the image stands: elsewhere the label would make every new version a change of every object.
  const tag = tagOf(image);
  const version = tag !== undefined && isLabelValue(tag) ? { 'app.kubernetes.io/version': tag } : {};
  const metadata: Metadata = { name, namespace: service.namespace, labels };
  const scaling = scalingIn(service, settings);

  const objects: { readonly id: string; readonly object: object }[] = [];
  const add = (id: string, object: object) => objects.push({ id, object });
  if (settings.serviceAccount?.existing === undefined) add('ServiceAccount', serviceAccount(metadata, settings));
  const config = configOf(construct, settings, problems);
  if (config !== undefined) add('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: config.data });
  for (const volume of settings.volumes ?? []) {
    const claim = claimOf(service, metadata, volume, scaling, problems);
    if (claim !== undefined) add(`PersistentVolumeClaim/${volume.name}`, claim);
  }
  const pod = podSpec({ name, image, settings, configKeys: config?.fileKeys ?? [], envFrom: config?.envKeys ?? [] });
  const { podAnnotations: annotations = {} } = settings;
  add('Deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...metadata,
      labels: { ...labels, ...version },
      // The engine does the rest: what the pods read may come from charts, files and other units, which synth does not open.
      ...(settings.restartOnChange === true ? { annotations: { 'orrery.dev/restart-on-change': 'true' } } : {}),
    },
    spec: {
      ...('replicas' in scaling ? { replicas: scaling.replicas } : {}),
      selector: { matchLabels: selector },
      // A volume for one node would keep the new pod waiting for the old one, which waits for the new one.
      ...(hasSingleNodeVolume(settings) ? { strategy: { type: 'Recreate' } } : {}),
      template: {
        metadata: {
          labels: { ...settings.podLabels, ...selector, ...version },
          ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        },
        spec: { ...pod, ...spreadOf(settings, selector) },
      },
    },
  });
  const ports = portsOf(settings);
  if (ports.length > 0) add('Service', serviceObject(metadata, selector, ports, settings));
  if ('minReplicas' in scaling) add('HorizontalPodAutoscaler', autoscaler(metadata, scaling));
  if (settings.disruptionBudget !== undefined)
    add('PodDisruptionBudget', disruptionBudget(metadata, selector, settings.disruptionBudget));
  const source = imageSource(settings.image, cluster.facts);
  return objects.map(({ id, object }) => ({
    path: `${construct.node.path}/${id}`,
    owner: construct,
    content: { type: 'object', object },
    ...(id === 'Deployment' && image !== source ? { mirrored: { image, source } } : {}),
  }));
}

type Scaling =
  | { readonly replicas: number }
  | {
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly cpuPercent?: number;
      readonly memoryPercent?: number;
    };

function scalingIn({ props, share }: ServiceInCluster, settings: ServiceSettings): Scaling {
  if (props.autoscaling === undefined) return { replicas: settings.replicas ?? share?.replicas ?? 0 };
  if (settings.autoscaling !== undefined) return { ...props.autoscaling, ...settings.autoscaling };
  if (share === undefined || share.minReplicas === 0) return { replicas: 0 };
  return { ...props.autoscaling, minReplicas: share.minReplicas, maxReplicas: share.maxReplicas };
}

function serviceAccount(metadata: Metadata, { serviceAccount: account }: ServiceSettings): object {
  const annotations = account?.annotations;
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: annotations === undefined ? metadata : { ...metadata, annotations },
    automountServiceAccountToken: account?.mountToken === true,
  };
}

interface Config {
  readonly data: { readonly [key: string]: string };
  readonly envKeys: readonly string[];
  readonly fileKeys: readonly string[];
}

function configOf(construct: IConstruct, { config }: ServiceSettings, problems: Problem[]): Config | undefined {
  if (config === undefined) return undefined;
  const files: { [key: string]: string } = { ...config.files };
  for (const [key, file] of Object.entries(config.filesFrom ?? {})) {
    try {
      define(files, key, new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why =
        code === 'ENOENT'
          ? 'does not exist'
          : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
            ? 'is no UTF-8 text'
            : `cannot be read: ${message}`;
      problems.push(problemAt(construct, 'ORR2014', `The configuration file "${file}" ${why}.`));
    }
  }
  const env = config.env ?? {};
  if (Object.keys(env).length + Object.keys(files).length === 0) return undefined;
  return { data: { ...env, ...files }, envKeys: Object.keys(env), fileKeys: Object.keys(files) };
}

function claimOf(
  { construct, cluster }: ServiceInCluster,
  metadata: Metadata,
  volume: NonNullable<ServiceSettings['volumes']>[number],
  scaling: Scaling,
  problems: Problem[],
): object | undefined {
  const purpose = volume.purpose ?? 'general';
  const classes = cluster.facts.storageClasses ?? {};
  const storageClassName = Object.hasOwn(classes, purpose) ? classes[purpose] : undefined;
  const report = (code: 'ORR2012' | 'ORR2013', what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
  if (storageClassName === undefined) {
    const known =
      Object.keys(classes).length === 0
        ? 'It declares no storage classes.'
        : `It declares: ${Object.keys(classes).join(', ')}.`;
    report(
      'ORR2013',
      `Volume "${volume.name}" needs "${purpose}" storage, for which cluster "${cluster}" has no class. ${known}`,
      `Add storageClasses: { ${purpose}: '…' } to the cluster's facts.`,
    );
    return undefined;
  }
  const mode = volume.accessMode ?? AccessMode.READ_WRITE_ONCE;
  const most = 'replicas' in scaling ? scaling.replicas : scaling.maxReplicas;
  if (most > 1 && isSingleNode(mode)) {
    report(
      'ORR2012',
      `Volume "${volume.name}" can be used on one node only (${mode}), and the service has up to ${most} replicas in the cluster.`,
      'Use AccessMode.READ_WRITE_MANY, or one replica per cluster.',
    );
  }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { ...metadata, name: `${metadata.name}-${volume.name}` },
    spec: { accessModes: [mode], resources: { requests: { storage: volume.size } }, storageClassName },
  };
}

function isSingleNode(mode: AccessMode): boolean {
  return mode === AccessMode.READ_WRITE_ONCE || mode === AccessMode.READ_WRITE_ONCE_POD;
}

function hasSingleNodeVolume(settings: ServiceSettings): boolean {
  return (settings.volumes ?? []).some((volume) => isSingleNode(volume.accessMode ?? AccessMode.READ_WRITE_ONCE));
}

function spreadOf({ spread }: ServiceSettings, selector: object): object {
  if (spread === undefined || spread.length === 0) return {};
  return {
    topologySpreadConstraints: spread.map(({ over, maxSkew, required }) => ({
      maxSkew: maxSkew ?? 1,
      topologyKey: over,
      whenUnsatisfiable: required === true ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector: { matchLabels: selector },
    })),
  };
}

function serviceObject(
  metadata: Metadata,
  selector: object,
  ports: ReturnType<typeof portsOf>,
  settings: ServiceSettings,
): object {
  const annotations = settings.serviceAnnotations;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: annotations === undefined ? metadata : { ...metadata, annotations },
    spec: {
      type: 'ClusterIP',
      selector,
      ports: ports.map(({ targetPort: _target, ...port }) => ({ ...port, targetPort: port.name })),
    },
  };
}

function autoscaler(metadata: Metadata, scaling: Exclude<Scaling, { replicas: number }>): object {
  const { cpuPercent, memoryPercent } = scaling;
  const cpu = cpuPercent ?? (memoryPercent === undefined ? 80 : undefined);
  const metric = (name: string, averageUtilization: number | undefined) =>
    averageUtilization === undefined
      ? []
      : [{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } }];
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas: scaling.minReplicas,
      maxReplicas: scaling.maxReplicas,
      metrics: [...metric('cpu', cpu), ...metric('memory', memoryPercent)],
    },
  };
}

function disruptionBudget(
  metadata: Metadata,
  selector: object,
  budget: NonNullable<ServiceSettings['disruptionBudget']>,
): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: {
      selector: { matchLabels: selector },
      ...(budget.minAvailable === undefined ? {} : { minAvailable: intOrPercent(budget.minAvailable) }),
      ...(budget.maxUnavailable === undefined ? {} : { maxUnavailable: intOrPercent(budget.maxUnavailable) }),
    },
  };
}

function intOrPercent(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
