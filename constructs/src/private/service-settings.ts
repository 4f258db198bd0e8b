import type { ServiceOverride, ServicePort, ServiceProps } from '../service-props';
import { present } from './present-members';

/** A service's settings in one cluster: its props with the overrides of that cluster over them. */
export type ServiceSettings = Omit<ServiceProps, 'replicas' | 'replicasPerCluster' | 'autoscaling'> &
  Pick<ServiceOverride, 'replicas' | 'autoscaling' | 'partition'>;

/** Applies overrides in order; maps are merged by key, everything else is replaced. */
export function settingsIn(props: ServiceProps, overrides: readonly ServiceOverride[]): ServiceSettings {
  const { replicas: _total, replicasPerCluster: _each, autoscaling: _totals, ...base } = props;
  let settings: ServiceSettings = base;
  for (const override of overrides) {
    const merged: { -readonly [K in keyof ServiceSettings]?: ServiceSettings[K] } = {
      ...settings,
      ...present(override),
    };
    for (const key of MAPS) {
      if (override[key] !== undefined) merged[key] = { ...settings[key], ...override[key] } as never;
    }
    // A variable has one source: the later declaration decides which.
    merged.env = without(merged.env, override.secretEnv);
    merged.secretEnv = without(merged.secretEnv, override.env);
    settings = merged as ServiceSettings;
  }
  return settings;
}

const MAPS = ['env', 'secretEnv', 'nodeSelector', 'podLabels', 'podAnnotations', 'serviceAnnotations'] as const;

function without<T>(map: { [name: string]: T } | undefined, names: object | undefined): { [name: string]: T } {
  return Object.fromEntries(
    Object.entries(map ?? {}).filter(([name]) => names === undefined || !Object.hasOwn(names, name)),
  );
}

/** A port with everything filled in. */
export type NamedPort = Required<Pick<ServicePort, 'name' | 'port' | 'targetPort' | 'protocol'>> &
  Pick<ServicePort, 'appProtocol'>;

/** The ports of a service, whichever way they are declared. */
export function portsOf(props: Pick<ServiceProps, 'port' | 'ports'>): NamedPort[] {
  const ports: readonly ServicePort[] =
    props.port === undefined ? (props.ports ?? []) : [{ port: props.port }, ...(props.ports ?? [])];
  return ports.map((port) => ({
    name: port.name ?? 'http',
    port: port.port,
    targetPort: port.targetPort ?? port.port,
    protocol: port.protocol ?? ('TCP' as NamedPort['protocol']),
    ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
  }));
}
