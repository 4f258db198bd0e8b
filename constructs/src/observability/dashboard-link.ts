import type { LinkSaid } from './private/dashboard/panel-content';

/** The way to another dashboard. */
export interface DashboardTarget {
  /** What is clicked on. */
  readonly title: string;
  /** The dashboard. */
  readonly uid: string;
  /** What its variables become: { cluster: DashboardLink.columnValue('cluster') }. @default - none is changed */
  readonly variables?: { readonly [name: string]: string };
  /** Whether it shows the same time. @default true */
  readonly keepTime?: boolean;
}

/** A way out of a dashboard, a panel or a value in it. */
export class DashboardLink {
  /** To another dashboard; the chosen data source goes along. */
  public static dashboard(target: DashboardTarget): DashboardLink {
    return new DashboardLink({ to: 'dashboard', ...target });
  }

  /** To a page elsewhere: a runbook, a console. */
  public static url(title: string, url: string): DashboardLink {
    return new DashboardLink({ to: 'url', title, url });
  }

  /** In links of tables: what the row has in a column. */
  public static columnValue(column: string): string {
    return `\${__data.fields["${column}"]:percentencode}`;
  }

  /** In links of charts: a label of the line that was clicked on. */
  public static labelValue(label: string): string {
    return `\${__field.labels.${label}:percentencode}`;
  }

  /** What a variable of the dashboard is set to. */
  public static variableValue(name: string): string {
    return `\${${name}:percentencode}`;
  }

  private constructor(private readonly said: LinkSaid) {}

  /** @internal */
  public _said(): LinkSaid {
    return this.said;
  }
}
