import type { AuditPolicy } from './audit-policy';
import type { LogAlerts } from './log-alerts';
import type { LogDrop, MultilineFormat, MultilineStart } from './log-lines';
import type { LogStore } from './log-store';

/** Who did what, as the API servers of clusters write it down. */
export interface AuditLogSource {
  /** File on control-plane nodes, what `--audit-log-path` of their API server says. @default "/var/log/kubernetes/audit/audit.log" */
  readonly path?: string;
  /** What API servers are to write down: it is in a ConfigMap of each cluster, "<stack>-audit-policy", for whoever runs the control plane. @default - somebody else sees to it */
  readonly policy?: AuditPolicy;
}

/** What every way of collecting has. */
export interface LogSourceProps {
  /** Names of data streams begin with it: "<prefix>-container-<workspace>". @default "k8s" */
  readonly prefix?: string;
  /** Traces of which languages are one record. @default - all */
  readonly multiline?: MultilineFormat[];
  /** Formats of one's own for records of several lines. @default - none */
  readonly multilineStarts?: MultilineStart[];
  /** What is not kept. @default - nothing */
  readonly drop?: LogDrop[];
  /** Whether events of Kubernetes are kept. @default true */
  readonly events?: boolean;
  /** Also keep the audit logs of API servers. What they write down is decided by their audit policy. @default - not kept */
  readonly audit?: AuditLogSource;
  /** Alerts on what is logged, by elastalert2; not with Loki. @default - none */
  readonly alerts?: LogAlerts;
  /** Lets go of what cannot be sent beyond so much disk on a node, e.g. "5G"; until then nothing is lost. @default "5G" */
  readonly bufferSize?: string;
}

/** Collecting with Fluent Bit, by its operator. */
export interface FluentBitProps extends LogSourceProps {
  readonly to: LogStore;
  /** Units of systemd whose logs are kept, too: ["kubelet", "containerd"]. @default - none */
  readonly units?: string[];
  /** Memory of Fluent Bit on a node. @default "256Mi" */
  readonly memory?: string;
  /** @default - that of the chart's version */
  readonly image?: string;
  /** Another copy of the operator's chart: a local folder or archive, or an OCI reference. @default - "fluent-operator" 4.3.0 of https://fluent.github.io/helm-charts */
  readonly operatorChart?: string;
}
