import { list, record } from '../../kubernetes/fields.ts';
import {
  addedCapabilities,
  annotatedSeccomp,
  BASELINE,
  capabilitiesBeyond,
  profiles,
  type Rule,
  unmaskedProc,
} from './baseline.ts';
import {
  containersOf,
  type DeclaredPod,
  isInUserNamespace,
  isWindows,
  securityContextsOf,
  type Violation,
} from './pod.ts';

/** The restricted level of the Pod Security Standards: how a hardened workload runs. Source: as for the baseline. */

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const volumeTypes: Rule = ({ path, spec }) =>
  list(spec.volumes).flatMap((volume, at) => {
    const type = Object.keys(volume).find((key) => key !== 'name' && volume[key] !== undefined && volume[key] !== null);
    // A volume without a source is an empty folder.
    return type === undefined || VOLUMES.some((allowed) => volume[allowed] !== undefined && volume[allowed] !== null)
      ? []
      : [{ path: `${path}.volumes[${at}]`, what: `is of type ${type}; allowed are ${VOLUMES.join(', ')}` }];
  });

/** What Windows does not know is not asked of its pods since 1.25. */
function isExempt(pod: DeclaredPod, minor: number): boolean {
  return minor >= 25 && isWindows(pod);
}

const privilegeEscalation: Rule = (pod, minor) =>
  minor < 8 || isExempt(pod, minor)
    ? []
    : containersOf(pod).flatMap(({ path, securityContext }) =>
        securityContext.allowPrivilegeEscalation === false
          ? []
          : [{ path: `${path}.securityContext.allowPrivilegeEscalation`, what: 'must be false' }],
      );

const nonRoot: Rule = (pod, minor) => {
  if (minor >= 35 && isInUserNamespace(pod)) return [];
  const ofPod = record(pod.spec.securityContext).runAsNonRoot;
  return securityContextsOf(pod).flatMap(({ path, fields: { runAsNonRoot } }, at) => {
    const isPod = at === 0;
    const violates = runAsNonRoot === false || (!isPod && (runAsNonRoot ?? undefined) === undefined && ofPod !== true);
    return violates
      ? [{ path: `${path}.runAsNonRoot`, what: `must be true${isPod ? '' : ', here or in the pod'}` }]
      : [];
  });
};

const rootUser: Rule = (pod, minor) =>
  minor < 23 || (minor >= 35 && isInUserNamespace(pod))
    ? []
    : securityContextsOf(pod).flatMap(({ path, fields: { runAsUser } }) =>
        runAsUser === 0 ? [{ path: `${path}.runAsUser`, what: 'is 0, which is root' }] : [],
      );

const seccomp: Rule = (pod, minor) => {
  if (minor < 19) return annotatedSeccomp(pod);
  if (isExempt(pod, minor)) return [];
  const bad = profiles(pod, 'seccompProfile');
  return bad.length > 0 ? bad : withoutSeccomp(pod);
};

function withoutSeccomp(pod: DeclaredPod): Violation[] {
  const isSet = (fields: Readonly<Record<string, unknown>>) => (fields.seccompProfile ?? undefined) !== undefined;
  if (isSet(record(pod.spec.securityContext))) return [];
  return containersOf(pod).flatMap(({ path, securityContext }) =>
    isSet(securityContext)
      ? []
      : [
          {
            path: `${path}.securityContext.seccompProfile`,
            what: 'must be RuntimeDefault or Localhost, here or in the pod',
          },
        ],
  );
}

const capabilities: Rule = (pod, minor) => {
  if (minor < 22) return addedCapabilities(pod, minor);
  if (isExempt(pod, minor)) return [];
  const kept = containersOf(pod).flatMap(({ path, securityContext }) => {
    const { drop } = record(securityContext.capabilities);
    return Array.isArray(drop) && drop.includes('ALL')
      ? []
      : [{ path: `${path}.securityContext.capabilities.drop`, what: 'must hold ALL' }];
  });
  return [...kept, ...capabilitiesBeyond(pod, new Set(['NET_BIND_SERVICE']))];
};

const { 'host path volumes': _, capabilities: __, seccomp: ___, 'proc mount': ____, ...shared } = BASELINE;

/** By the name of the control; the stricter form where the baseline has one of the same name. */
export const RESTRICTED: Readonly<Record<string, Rule>> = {
  ...shared,
  'volume types': volumeTypes,
  'privilege escalation': privilegeEscalation,
  'running as non-root': nonRoot,
  'running as root': rootUser,
  seccomp,
  capabilities,
  'proc mount': unmaskedProc,
};
