import type { Finding } from '../private/service-validation';
import { writeYaml } from '../yaml';
import { auditFindings, auditObject } from './private/logs/audit-rules';

/** How much of a request is written down. */
export enum AuditLevel {
  NONE = 'None',
  /** Who, what, when; no content. */
  METADATA = 'Metadata',
  /** Also what was sent. */
  REQUEST = 'Request',
  /** Also the answer. */
  REQUEST_RESPONSE = 'RequestResponse',
}

/** When something is written down. */
export enum AuditStage {
  REQUEST_RECEIVED = 'RequestReceived',
  RESPONSE_STARTED = 'ResponseStarted',
  RESPONSE_COMPLETE = 'ResponseComplete',
  PANIC = 'Panic',
}

/** Resources of a group. */
export interface AuditResources {
  /** Group of the API; "" is the core one. */
  readonly group: string;
  /** "pods", "pods/log", "pods/*", "deployments/scale". @default - all of the group */
  readonly resources?: string[];
  /** Names of objects. @default - all */
  readonly resourceNames?: string[];
}

/** What is written down of some requests. */
export interface AuditRule {
  readonly level: AuditLevel;
  /** @default - everybody */
  readonly users?: string[];
  /** @default - everybody */
  readonly userGroups?: string[];
  /** "get", "create", "delete", … @default - all */
  readonly verbs?: string[];
  /** @default - all */
  readonly resources?: AuditResources[];
  /** "" is what is in no namespace. @default - all */
  readonly namespaces?: string[];
  /** Paths that are no resources: "/healthz*". Not together with resources and namespaces. @default - none */
  readonly nonResourceUrls?: string[];
  /** Beside those of the policy. @default - none */
  readonly omitStages?: AuditStage[];
}

export interface AuditPolicyProps {
  /** The first one that fits decides; what none fits is not written down. */
  readonly rules: AuditRule[];
  /** @default - AuditStage.REQUEST_RECEIVED */
  readonly omitStages?: AuditStage[];
  /** Whether what managed which field is left out. @default true */
  readonly omitManagedFields?: boolean;
}

/**
 * What the API servers of clusters write down (audit.k8s.io/v1 Policy): a file on control-plane nodes, named by `--audit-policy-file`. No object of Kubernetes sets it; a stack that keeps audit logs has it in a ConfigMap,
 * from where whoever runs the control plane copies it.
 */
export class AuditPolicy {
  /** Rules of one's own. */
  public static of(props: AuditPolicyProps): AuditPolicy {
    return new AuditPolicy(props);
  }

  /**
   * Who changed what, everywhere: changes with what was sent, changes of rights with the answer, of Secrets and ConfigMaps no content, reads only by people. Nothing of what nodes, controllers and
   * probes do all the time.
   */
  public static changes(): AuditPolicy {
    const core = (...resources: string[]) => ({ group: '', resources });
    const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];
    return new AuditPolicy({
      rules: [
        { level: AuditLevel.NONE, nonResourceUrls: ['/healthz*', '/livez*', '/readyz*', '/version', '/openapi/*'] },
        {
          level: AuditLevel.NONE,
          resources: [core('events'), { group: 'events.k8s.io' }, { group: 'coordination.k8s.io' }],
        },
        { level: AuditLevel.NONE, userGroups: ['system:nodes'], verbs: ['get', 'list', 'watch'] },
        {
          level: AuditLevel.METADATA,
          resources: [
            core('secrets', 'configmaps', 'serviceaccounts/token'),
            { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
          ],
        },
        {
          level: AuditLevel.METADATA,
          resources: [
            core('pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy', 'nodes/proxy'),
          ],
        },
        { level: AuditLevel.REQUEST_RESPONSE, verbs: writes, resources: [{ group: 'rbac.authorization.k8s.io' }] },
        {
          level: AuditLevel.REQUEST,
          verbs: writes,
          resources: [
            { group: '' },
            ...['apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io', 'admissionregistration.k8s.io'].map(
              (group) => ({ group }),
            ),
          ],
        },
        { level: AuditLevel.METADATA, verbs: writes },
        {
          level: AuditLevel.NONE,
          userGroups: ['system:serviceaccounts', 'system:masters'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          level: AuditLevel.NONE,
          users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:apiserver'],
        },
        { level: AuditLevel.METADATA },
      ],
    });
  }

  private constructor(private readonly props: AuditPolicyProps) {}

  /** The file. */
  public toYaml(): string {
    return writeYaml(auditObject(this.props));
  }

  /** @internal */
  public _findings(): Finding[] {
    return auditFindings(this.props);
  }
}
