import type { DashboardLink } from './dashboard-link';
import type { DashboardPanel } from './dashboard-panel';
import type { DashboardVariable } from './dashboard-variable';
import type { DashboardSaid } from './private/dashboard/dashboard-content';

/** Panels under a heading. */
export interface DashboardRow {
  /** Unique in the dashboard. */
  readonly title: string;
  /** In the order in which they stand, from the left. */
  readonly panels: DashboardPanel[];
  /** Whether it is closed at first: its queries are asked when it is opened. @default false */
  readonly collapsed?: boolean;
  /** A variable: the row is there once for each of its values. @default - once */
  readonly repeatFor?: string;
}

/** Moments that are marked in all charts. */
export interface DashboardAnnotation {
  readonly title: string;
  /** In PromQL: what is marked is when it has a value. */
  readonly expression: string;
  /** What stands at the mark: "{{namespace}}/{{deployment}}". @default - its labels */
  readonly text?: string;
  /** @default "blue" */
  readonly color?: string;
}

/** A dashboard that is made of rows and panels. */
export interface DashboardProps {
  /** Known to Grafana, and in links, by this: letters, digits, "-" and "_", at most 40. One dashboard has it. */
  readonly uid: string;
  readonly title: string;
  /** @default - none */
  readonly description?: string;
  /** @default - none */
  readonly tags?: string[];
  /** Folder of Grafana; made where it is not there. @default - that of whoever emits it */
  readonly folder?: string;
  /** What is chosen at the top. The data sources that queries ask can be chosen without saying so here. @default - none */
  readonly variables?: DashboardVariable[];
  /** Panels above the first row. @default - none */
  readonly panels?: DashboardPanel[];
  /** @default - none */
  readonly rows?: DashboardRow[];
  /** Ways out, at the top. @default - none */
  readonly links?: DashboardLink[];
  /** @default - none */
  readonly annotations?: DashboardAnnotation[];
  /** How far back it shows: "6h". @default "1h" */
  readonly timeRange?: string;
  /** How often queries are asked again, e.g. "30s"; "" for never. @default "1m" */
  readonly refresh?: string;
}

/** A dashboard of Grafana: its classic model, which every Grafana from 10 on and its sidecar load. */
export class Dashboard {
  /** Made of rows and panels. */
  public static of(props: DashboardProps): Dashboard {
    return new Dashboard({ made: 'here', props });
  }

  /**
   * Made elsewhere: a file with Grafana's JSON, e.g. of a mixin. It has to have a `uid`.
   * @param file from the folder that the program runs in
   * @param folder of Grafana; that of whoever emits it where it is not said
   */
  public static fromFile(file: string, folder?: string): Dashboard {
    return new Dashboard({ made: 'elsewhere', file, folder });
  }

  private constructor(private readonly said: DashboardSaid) {}

  /** @internal */
  public _said(): DashboardSaid {
    return this.said;
  }
}
