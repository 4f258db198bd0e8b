import type { DashboardProps } from '../../dashboard';

/** A dashboard as the program says it. */
export type DashboardSaid =
  | { readonly made: 'here'; readonly props: DashboardProps }
  | { readonly made: 'elsewhere'; readonly file: string; readonly folder: string | undefined };

/** What Grafana loads. */
export interface LoadedDashboard {
  readonly uid: string;
  readonly folder: string | undefined;
  /** JSON, the same for the same program. */
  readonly text: string;
}
