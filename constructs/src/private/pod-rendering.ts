import type { NamedPort, ServiceSettings } from './service-settings';
import { portsOf } from './service-settings';

/** What the pods of a service are made of. */
export interface PodInput {
  readonly name: string;
  /** As the cluster pulls it. */
  readonly image: string;
  readonly settings: ServiceSettings;
  /** Keys of the service's ConfigMap that are environment variables. */
  readonly envFrom: readonly string[];
  /** Keys of the service's ConfigMap that are files. */
  readonly configKeys: readonly string[];
}

/** As far as somebody looks into it. */
interface PodSpec {
  readonly containers: readonly [{ readonly image: string; readonly [field: string]: unknown }];
  readonly [field: string]: unknown;
}

/** The same pods with another image: of a service in hundreds of clusters mostly nothing else differs. */
export function withImage(pod: PodSpec, image: string): object {
  const [container] = pod.containers;
  return container.image === image ? pod : { ...pod, containers: [{ ...container, image }] };
}

interface Mounts {
  readonly volumes: object[];
  readonly volumeMounts: { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

/** The spec of the service's pods. It passes the "restricted" Pod Security Standard, whatever the settings. */
export function podSpec(input: PodInput): PodSpec {
  const { name, image, settings } = input;
  const ports = portsOf(settings);
  const mounts = mountsOf(input);
  const env = envOf(input);
  const resources = resourcesOf(settings);
  const account = settings.serviceAccount;
  return {
    serviceAccountName: account?.existing ?? name,
    automountServiceAccountToken: account?.mountToken === true,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      ...optional('runAsUser', settings.runAsUser),
      ...optional('fsGroup', settings.fsGroup),
    },
    containers: [
      {
        name,
        image,
        ...optional('command', settings.command),
        ...optional('args', settings.args),
        ...list('ports', ports.map(containerPort)),
        ...list('env', env),
        ...optional('resources', resources),
        ...probesOf(settings, ports),
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: settings.writableFileSystem !== true,
        },
        ...list('volumeMounts', mounts.volumeMounts),
      },
    ],
    ...list('volumes', mounts.volumes),
    ...map('nodeSelector', settings.nodeSelector),
    ...list('tolerations', (settings.tolerations ?? []).map(tolerationOf)),
    ...optional('priorityClassName', settings.priorityClass),
    ...optional('terminationGracePeriodSeconds', settings.terminationGracePeriodSeconds),
    ...list(
      'imagePullSecrets',
      (settings.imagePullSecrets ?? []).map((secret) => ({ name: secret })),
    ),
  };
}

function containerPort({ name, targetPort, protocol }: NamedPort): object {
  return { name, containerPort: targetPort, protocol };
}

function envOf({ name, settings, envFrom }: PodInput): object[] {
  const entries: [string, object][] = [
    ...envFrom.map((key): [string, object] => [key, { valueFrom: { configMapKeyRef: { name, key } } }]),
    ...Object.entries(settings.env ?? {}).map(([key, value]): [string, object] => [key, { value }]),
    ...Object.entries(settings.secretEnv ?? {}).map(([key, ref]): [string, object] => [
      key,
      { valueFrom: { secretKeyRef: { name: ref.secret, key: ref.key, ...optional('optional', ref.optional) } } },
    ]),
  ];
  // Sorted: the order of declaration is no setting, and moving a line must not restart pods. A value may refer to others as $(NAME) only
  // where they stand before it, so variables with references come last.
  const refers = ([, source]: [string, object]) => ('value' in source && /\$\(/.test(String(source.value)) ? 1 : 0);
  return entries
    .sort((a, b) => refers(a) - refers(b) || (a[0] < b[0] ? -1 : 1))
    .map(([key, source]) => ({ name: key, ...source }));
}

function resourcesOf({ cpu, memory, cpuLimit, memoryLimit }: ServiceSettings): object | undefined {
  const requests = { ...optional('cpu', cpu), ...optional('memory', memory) };
  const limits = { ...optional('cpu', cpuLimit), ...optional('memory', memoryLimit ?? memory) };
  const resources = { ...map('requests', requests), ...map('limits', limits) };
  return Object.keys(resources).length === 0 ? undefined : resources;
}

function probesOf(settings: ServiceSettings, ports: readonly NamedPort[]): object {
  const first = ports[0]?.targetPort;
  return {
    ...optional('startupProbe', settings.startup?._render(first)),
    ...optional('readinessProbe', settings.readiness?._render(first)),
    ...optional('livenessProbe', settings.liveness?._render(first)),
  };
}

function mountsOf({ name, settings, configKeys }: PodInput): Mounts {
  const mounts: Mounts = { volumes: [], volumeMounts: [] };
  const add = (volume: string, source: object, mountPath: string, readOnly: boolean): void => {
    mounts.volumes.push({ name: volume, ...source });
    mounts.volumeMounts.push({ name: volume, mountPath, ...(readOnly ? { readOnly } : {}) });
  };
  if (configKeys.length > 0) {
    const items = [...configKeys].sort().map((key) => ({ key, path: key }));
    add('config', { configMap: { name, items } }, settings.config?.mountPath ?? '/etc/config', true);
  }
  for (const [i, volume] of (settings.secretVolumes ?? []).entries()) {
    const items = Object.entries(volume.items ?? {}).map(([key, path]) => ({ key, path }));
    const secret = { secretName: volume.secret, ...list('items', items), ...optional('optional', volume.optional) };
    add(`secret-${i}`, { secret }, volume.mountPath, true);
  }
  for (const volume of settings.volumes ?? []) {
    if (settings.stateful !== undefined) {
      // The controller adds the volume: a claim of this pod, from the template of that name.
      const { name: template, mountPath, readOnly } = volume;
      mounts.volumeMounts.push({ name: template, mountPath, ...(readOnly === true ? { readOnly } : {}) });
      continue;
    }
    const claim = { claimName: `${name}-${volume.name}`, ...(volume.readOnly === true ? { readOnly: true } : {}) };
    add(`data-${volume.name}`, { persistentVolumeClaim: claim }, volume.mountPath, volume.readOnly === true);
  }
  for (const [i, scratch] of (settings.scratch ?? []).entries()) {
    const emptyDir = {
      ...(scratch.inMemory === true ? { medium: 'Memory' } : {}),
      ...optional('sizeLimit', scratch.sizeLimit),
    };
    add(`scratch-${i}`, { emptyDir }, scratch.mountPath, false);
  }
  const mounted = mounts.volumeMounts.some((mount) => mount.mountPath === '/tmp');
  if (settings.writableFileSystem !== true && !mounted) add('tmp', { emptyDir: {} }, '/tmp', false);
  return mounts;
}

/** A toleration as Kubernetes has it. */
export function tolerationOf(toleration: NonNullable<ServiceSettings['tolerations']>[number]): object {
  const { key, value, effect } = toleration;
  return {
    key,
    operator: value === undefined ? 'Exists' : 'Equal',
    ...optional('value', value),
    ...optional('effect', effect),
  };
}

function optional<T>(key: string, value: T | undefined): { [key: string]: T } {
  return value === undefined ? {} : { [key]: value };
}

function list<T>(key: string, values: readonly T[]): { [key: string]: readonly T[] } {
  return values.length === 0 ? {} : { [key]: values };
}

function map(key: string, values: object | undefined): { [key: string]: object } {
  return values === undefined || Object.keys(values).length === 0 ? {} : { [key]: values };
}
