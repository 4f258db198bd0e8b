import type { LogAlert } from './log-alert';
import type { LogCredentials } from './log-store';

/** Alerts on what is logged, and the elastalert2 that looks for them, in the centre. */
export interface LogAlerts {
  readonly rules: LogAlert[];
  /** Who reads logs and writes the indices of elastalert2: keys of one Secret in the stack's namespace. @default - anybody may */
  readonly reader?: LogCredentials;
  /** Alertmanagers that are told: "http://alertmanager:9093". @default - the one that the metrics of the stack install */
  readonly alertmanagers?: string[];
  /** Minutes between two looks. @default 1 */
  readonly everyMinutes?: number;
  /** Another copy of the chart: a local folder or archive, or an OCI reference. @default - "elastalert2" 2.31.0 of https://jertel.github.io/elastalert2 */
  readonly chart?: string;
}
