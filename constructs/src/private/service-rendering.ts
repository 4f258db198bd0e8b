import * as fs from 'node:fs';
import type { IConstruct } from 'constructs';
import type { Cluster } from '../cluster';
import { imageIn, imageSource, tagOf } from '../image-name';
import { define } from '../json-patch';
import { AccessMode, type ServiceProps } from '../service-props';
import type { OrdinalRange } from '../stateful-props';
import { isLabelValue } from './names';
import { withNodePool } from './node-pool';
import { reportOutgrown } from './ordinal-ranges';
import { podSpec, withImage } from './pod-rendering';
import { type Problem, problemAt } from './problem';
import { mostOf, type Scaling, scalersOf, scalingIn } from './scaling-rendering';
import { reportUnscalable } from './scaling-validation';
import type { Share } from './service-replicas';
import { portsOf, type ServiceSettings } from './service-settings';
import { headlessName, headlessSpec, statefulSpec } from './stateful-rendering';
import { storageClassFor } from './storage-classes';
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
  /** Of a stateful service. */
  readonly ordinals: OrdinalRange | undefined;
  /** What every cluster gets alike, by what it is, as the first of them got it. Undefined where this one's settings are its own. */
  readonly alike: Map<string, unknown> | undefined;
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

/** Labels by which a service finds its pods. */
export function selectorOf({ name, app }: Pick<ServiceInCluster, 'name' | 'app'>): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': app };
}

/** Those by which the pods of its canary are found, which the others do not match. */
export function canarySelectorOf({ name, app }: Pick<ServiceInCluster, 'name' | 'app'>): {
  readonly [key: string]: string;
} {
  return selectorOf({ name: `${name}-canary`, app });
}

/** What the objects of a service are called and labelled. */
export function metadataOf(service: ServiceInCluster): Metadata {
  const { name, namespace, labels } = service;
  return { name, namespace, labels: { ...labels, ...selectorOf(service) } };
}

/** The objects of a service in one cluster. */
export function renderService(service: ServiceInCluster, given: ServiceSettings, problems: Problem[]): Entry[] {
  const { construct, name, cluster } = service;
  const settings = withNodePool(construct, cluster, given, problems);
  const image = imageIn(settings.image, cluster.facts);
  const selector = selectorOf(service);
  // Only where the image stands: elsewhere the label would make every new version a change of every object.
  const tag = tagOf(image);
  const version = tag !== undefined && isLabelValue(tag) ? { 'app.kubernetes.io/version': tag } : {};
  const metadata = metadataOf(service);
  const { labels } = metadata;
  const scaling = scalingIn(service.props, service.share, settings);

  const objects: { readonly id: string; readonly object: object; readonly shared?: boolean }[] = [];
  const add = (id: string, object: object) => objects.push({ id, object });
  const addAlike = (id: string, make: () => object) =>
    objects.push({ id, object: madeOnce(service, id, make), shared: service.alike !== undefined });
  if (settings.serviceAccount?.existing === undefined)
    addAlike('ServiceAccount', () => serviceAccount(metadata, settings));
  const config = madeOnce(service, 'config', () => configOf(construct, settings, problems));
  if (config !== undefined)
    addAlike('ConfigMap', () => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: config.data }));
  const claims = claimsOf(service, metadata, settings, scaling, problems);
  if (settings.stateful === undefined) {
    for (const claim of claims) add(`PersistentVolumeClaim/${claim.volume}`, claim.object);
  }
  const ports = portsOf(settings);
  const makePod = () =>
    podSpec({ name, image, settings, configKeys: config?.fileKeys ?? [], envFrom: config?.envKeys ?? [] });
  // Nodes are chosen by the facts of the cluster.
  const pod = withImage(settings === given ? madeOnce(service, 'pod', makePod) : makePod(), image);
  const { podAnnotations: annotations = {} } = settings;
  const workload = settings.stateful === undefined ? 'Deployment' : 'StatefulSet';
  add(workload, {
    apiVersion: 'apps/v1',
    kind: workload,
    metadata: {
      ...metadata,
      labels: { ...labels, ...version },
      // The engine does the rest: what the pods read may come from charts, files and other units, which synth does not open.
      ...(settings.restartOnChange === true ? { annotations: { 'orrery.dev/restart-on-change': 'true' } } : {}),
    },
    spec: {
      ...('replicas' in scaling ? { replicas: scaling.replicas } : {}),
      selector: { matchLabels: selector },
      ...(settings.stateful === undefined ? strategyOf(settings) : identityOf(service, settings, claims)),
      template: {
        metadata: {
          labels: { ...settings.podLabels, ...selector, ...version },
          ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        },
        spec: { ...pod, ...spreadOf(settings, selector) },
      },
    },
  });
  if (service.ordinals !== undefined) reportOutgrown(construct, cluster, service.ordinals, mostOf(scaling), problems);
  if (settings.stateful !== undefined) {
    const headless = { ...metadata, name: headlessName(name, settings.stateful) };
    addAlike('Service/headless', () => {
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: headless,
        spec: headlessSpec(selector, ports.map(servicePort)),
      };
    });
  }
  // One name is one Service: that of each pod.
  const isHeadlessOnly = settings.stateful !== undefined && headlessName(name, settings.stateful) === name;
  if (ports.length > 0 && !isHeadlessOnly)
    addAlike('Service', () => serviceObject(metadata, selector, ports, settings));
  reportUnscalable(construct, cluster, name, scaling, problems);
  for (const scaler of scalersOf({ metadata, kind: workload }, scaling)) add(scaler.id, scaler.object);
  const { disruptionBudget: budget } = settings;
  if (budget !== undefined) addAlike('PodDisruptionBudget', () => disruptionBudget(metadata, selector, budget));
  const source = imageSource(settings.image, cluster.facts);
  const { path } = construct.node;
  return objects.map(({ id, object, shared }) => ({
    path: `${path}/${id}`,
    owner: construct,
    content: { type: 'object', object, ...(shared === true ? { shared } : {}) },
    ...(id === workload && image !== source ? { mirrored: { image, source } } : {}),
  }));
}

/** Hundreds of clusters get most objects of a service alike: those are made once, and written from what was written first. */
function madeOnce<T>({ alike }: ServiceInCluster, what: string, make: () => T): T {
  if (alike === undefined) return make();
  if (!alike.has(what)) alike.set(what, make());
  return alike.get(what) as T;
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

/** A claim for a volume: of all pods in the cluster, or the template of those of each pod. */
interface Claim {
  readonly volume: string;
  readonly object: object;
}

function claimsOf(
  { construct, cluster }: ServiceInCluster,
  metadata: Metadata,
  settings: ServiceSettings,
  scaling: Scaling,
  problems: Problem[],
): Claim[] {
  return (settings.volumes ?? []).flatMap((volume): Claim[] => {
    const purpose = volume.purpose ?? 'general';
    const storageClassName = storageClassFor(construct, cluster, `Volume "${volume.name}"`, purpose, problems);
    if (storageClassName === undefined) return [];
    const mode = volume.accessMode ?? AccessMode.READ_WRITE_ONCE;
    const spec = { accessModes: [mode], resources: { requests: { storage: volume.size } }, storageClassName };
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
    if (settings.stateful !== undefined) {
      return [{ volume: volume.name, object: { ...claim, metadata: { name: volume.name }, spec } }];
    }
    const most = mostOf(scaling);
    if (most > 1 && isSingleNode(mode)) {
      const what = `Volume "${volume.name}" can be used on one node only (${mode}), and the service has up to ${most} replicas in the cluster.`;
      const fix =
        'Use AccessMode.READ_WRITE_MANY, one replica per cluster, or `stateful`: each pod then has a volume of its own.';
      problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
    }
    const name = `${metadata.name}-${volume.name}`;
    return [{ volume: volume.name, object: { ...claim, metadata: { ...metadata, name }, spec } }];
  });
}

function isSingleNode(mode: AccessMode): boolean {
  return mode === AccessMode.READ_WRITE_ONCE || mode === AccessMode.READ_WRITE_ONCE_POD;
}

/** A volume for one node would keep the new pod waiting for the old one, which waits for the new one. */
function strategyOf({ volumes = [] }: ServiceSettings): object {
  const isForOneNode = volumes.some((volume) => isSingleNode(volume.accessMode ?? AccessMode.READ_WRITE_ONCE));
  return isForOneNode ? { strategy: { type: 'Recreate' } } : {};
}

function identityOf({ name, ordinals }: ServiceInCluster, settings: ServiceSettings, claims: readonly Claim[]): object {
  const { stateful = {}, partition } = settings;
  const options = partition === undefined ? stateful : { ...stateful, partition };
  return statefulSpec(
    name,
    options,
    ordinals,
    claims.map(({ object }) => object),
  );
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
      ports: ports.map(servicePort),
    },
  };
}

function servicePort({ targetPort: _target, ...port }: ReturnType<typeof portsOf>[number]): object {
  return { ...port, targetPort: port.name };
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
