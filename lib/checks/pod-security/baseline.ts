import { list, record } from '../../kubernetes/fields.ts';
import { containersOf, type DeclaredPod, isInUserNamespace, securityContextsOf, type Violation } from './pod.ts';

/**
 * The baseline level of the Pod Security Standards: what no ordinary workload needs. Source of the rules and of the versions in which they changed:
 * k8s.io/pod-security-admission v0.37, package policy (check_*.go).
 */
export type Rule = (pod: DeclaredPod, minor: number) => Violation[];

const CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

/** Sysctls that stay inside the pod, with the minor version that allowed them. */
const SYSCTLS: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

const hostProcess: Rule = (pod) =>
  securityContextsOf(pod).flatMap(({ path, fields }) =>
    record(fields.windowsOptions).hostProcess === true
      ? [{ path: `${path}.windowsOptions.hostProcess`, what: 'runs as a process of the node' }]
      : [],
  );

const hostNamespaces: Rule = ({ path, spec }) =>
  ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field) =>
    spec[field] === true ? [{ path: `${path}.${field}`, what: 'shares a namespace of the node' }] : [],
  );

const privileged: Rule = (pod) =>
  containersOf(pod).flatMap(({ path, securityContext }) =>
    securityContext.privileged === true
      ? [{ path: `${path}.securityContext.privileged`, what: 'has every right on the node' }]
      : [],
  );

export const addedCapabilities: Rule = (pod) => capabilitiesBeyond(pod, CAPABILITIES);

/** Added capabilities that are not among the allowed ones. */
export function capabilitiesBeyond(pod: DeclaredPod, allowed: ReadonlySet<string>): Violation[] {
  return containersOf(pod).flatMap(({ path, securityContext }) => {
    const { add } = record(securityContext.capabilities);
    const beyond = Array.isArray(add) ? add.filter((name) => !allowed.has(String(name))) : [];
    const what = `adds ${beyond.join(', ')}; allowed ${allowed.size === 1 ? 'is' : 'are'} ${[...allowed].join(', ')}`;
    return beyond.length === 0 ? [] : [{ path: `${path}.securityContext.capabilities.add`, what }];
  });
}

const hostPathVolumes: Rule = ({ path, spec }) =>
  list(spec.volumes).flatMap((volume, at) =>
    volume.hostPath === undefined || volume.hostPath === null
      ? []
      : [{ path: `${path}.volumes[${at}].hostPath`, what: 'mounts a folder of the node' }],
  );

const hostPorts: Rule = (pod) =>
  containersOf(pod).flatMap(({ path, fields }) =>
    list(fields.ports).flatMap(({ hostPort }, at) =>
      typeof hostPort === 'number' && hostPort !== 0
        ? [{ path: `${path}.ports[${at}].hostPort`, what: `takes port ${hostPort} of the node` }]
        : [],
    ),
  );

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HANDLERS = ['postStart', 'preStop'];

/** A probe that names a host makes the kubelet knock at doors that the pod itself may not reach. */
const hostProbes: Rule = (pod, minor) => {
  if (minor < 34) return [];
  return containersOf(pod).flatMap(({ path, fields }) => {
    const handlers = [
      ...PROBES.map((name) => ({ at: `${path}.${name}`, handler: record(fields[name]) })),
      ...HANDLERS.map((name) => ({ at: `${path}.lifecycle.${name}`, handler: record(record(fields.lifecycle)[name]) })),
    ];
    return handlers.flatMap(({ at, handler }) =>
      ['httpGet', 'tcpSocket'].flatMap((action) => {
        const { host } = record(handler[action]);
        return typeof host === 'string' && host !== ''
          ? [{ path: `${at}.${action}.host`, what: `makes the kubelet of the node call ${host}` }]
          : [];
      }),
    );
  });
};

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

const appArmor: Rule = (pod) => [
  ...profiles(pod, 'appArmorProfile'),
  ...Object.entries(pod.annotations).flatMap(([name, value]) => {
    const allowed = value === '' || value === 'runtime/default' || String(value).startsWith('localhost/');
    return name.startsWith(APPARMOR) && !allowed
      ? [
          {
            path: `${annotationsPath(pod)}["${name}"]`,
            what: `is ${String(value)}; allowed are runtime/default and localhost/…`,
          },
        ]
      : [];
  }),
];

/** Of a pod "metadata.annotations", of a template "spec.template.metadata.annotations". */
function annotationsPath({ path }: DeclaredPod): string {
  return `${path.slice(0, -'spec'.length)}metadata.annotations`;
}

/** Profiles of AppArmor or seccomp that switch the protection off. */
export function profiles(pod: DeclaredPod, name: 'appArmorProfile' | 'seccompProfile'): Violation[] {
  return securityContextsOf(pod).flatMap(({ path, fields }) => {
    if (fields[name] === undefined || fields[name] === null) return [];
    const { type } = record(fields[name]);
    return type === 'RuntimeDefault' || type === 'Localhost'
      ? []
      : [{ path: `${path}.${name}.type`, what: `is ${String(type)}; allowed are RuntimeDefault and Localhost` }];
  });
}

const SELINUX_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t']);

const seLinux: Rule = (pod, minor) =>
  securityContextsOf(pod).flatMap(({ path, fields }) => {
    const options = record(fields.seLinuxOptions);
    const type = String(options.type ?? '');
    const allowed = SELINUX_TYPES.has(type) || (type === 'container_engine_t' && minor >= 31);
    return [
      ...(allowed ? [] : [{ path: `${path}.seLinuxOptions.type`, what: `is ${type}, which is no type of containers` }]),
      ...['user', 'role'].flatMap((field) =>
        (options[field] ?? '') === '' ? [] : [{ path: `${path}.seLinuxOptions.${field}`, what: 'must not be set' }],
      ),
    ];
  });

const procMount: Rule = (pod, minor) => (minor >= 35 && isInUserNamespace(pod) ? [] : unmaskedProc(pod));

export const unmaskedProc = (pod: DeclaredPod): Violation[] =>
  containersOf(pod).flatMap(({ path, securityContext: { procMount: mount } }) =>
    mount === undefined || mount === null || mount === 'Default'
      ? []
      : [{ path: `${path}.securityContext.procMount`, what: `is ${String(mount)}, only Default is allowed` }],
  );

/** There are fields for it since 1.19. */
const seccomp: Rule = (pod, minor) => (minor >= 19 ? profiles(pod, 'seccompProfile') : annotatedSeccomp(pod));

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/';

export function annotatedSeccomp(pod: DeclaredPod): Violation[] {
  const names = [SECCOMP, ...containersOf(pod).map(({ name }) => `${CONTAINER_SECCOMP}${name}`)];
  return names.flatMap((name) => {
    const value = pod.annotations[name];
    const allowed = value === undefined || /^(runtime\/default$|docker\/default$|localhost\/)/.test(String(value));
    const what = `is ${String(value)}; allowed are runtime/default and localhost/…`;
    return allowed ? [] : [{ path: `${annotationsPath(pod)}["${name}"]`, what }];
  });
}

const sysctls: Rule = ({ path, spec }, minor) =>
  list(record(spec.securityContext).sysctls).flatMap(({ name }, at) =>
    (SYSCTLS.get(String(name)) ?? Number.POSITIVE_INFINITY) <= minor
      ? []
      : [{ path: `${path}.securityContext.sysctls[${at}]`, what: `${String(name)} reaches beyond the pod` }],
  );

/** By the name of the control. */
export const BASELINE: Readonly<Record<string, Rule>> = {
  'host process': hostProcess,
  'host namespaces': hostNamespaces,
  'privileged containers': privileged,
  capabilities: addedCapabilities,
  'host path volumes': hostPathVolumes,
  'host ports': hostPorts,
  'host probes': hostProbes,
  AppArmor: appArmor,
  SELinux: seLinux,
  'proc mount': procMount,
  seccomp,
  sysctls,
};
