import type { VariableSaid } from './private/dashboard/panel-content';

/** What all variables of a dashboard may say. */
export interface DashboardVariableOptions {
  /** What it is called on the screen. @default - its name */
  readonly title?: string;
  /** Whether it is not shown. @default false */
  readonly hidden?: boolean;
}

/** A variable with values to choose from. */
export interface ChoiceVariableOptions extends DashboardVariableOptions {
  /** Whether several may be chosen: queries then match by `=~`. @default false */
  readonly multiple?: boolean;
  /** Whether "All" may be chosen, and is at first. @default false */
  readonly includeAll?: boolean;
}

/** A variable whose values a data source tells. */
export interface QueryVariableOptions extends ChoiceVariableOptions {
  /** Only values that match, e.g. "/^prod-/". @default - all */
  readonly regex?: string;
  /** What "All" stands for in queries. `.*` also matches series without the label. @default - all values, one by one */
  readonly allValue?: string;
  /** Which data source is asked. @default - the one that is chosen in the dashboard */
  readonly datasourceUid?: string;
}

/** Something that is chosen at the top of a dashboard, and stands in queries as `$name`. */
export class DashboardVariable {
  /**
   * The values of a label.
   * @param name letters, digits and "_"
   * @param selector series that have it: `kube_pod_info{cluster=~"$cluster"}`
   * @param label the label
   */
  public static labelValues(
    name: string,
    selector: string,
    label: string,
    options: QueryVariableOptions = {},
  ): DashboardVariable {
    return DashboardVariable.query(name, `label_values(${selector}, ${label})`, options);
  }

  /** What a query of Grafana's Prometheus data source gives: `label_values(…)`, `query_result(…)`, `metrics(…)`. */
  public static query(name: string, query: string, options: QueryVariableOptions = {}): DashboardVariable {
    return new DashboardVariable({ kind: 'query', name, query, ...options });
  }

  /** One of these values, the first at the beginning; of "Shop : mall|cart" the name is shown. */
  public static custom(name: string, values: string[], options: ChoiceVariableOptions = {}): DashboardVariable {
    return new DashboardVariable({ kind: 'custom', name, values, ...options });
  }

  /** One of the data sources of a type: "prometheus", "loki". */
  public static datasource(name: string, pluginId: string, options: DashboardVariableOptions = {}): DashboardVariable {
    return new DashboardVariable({ kind: 'datasource', name, pluginId, ...options });
  }

  /** One of these times, e.g. "5m", the first at the beginning. */
  public static interval(name: string, values: string[], options: DashboardVariableOptions = {}): DashboardVariable {
    return new DashboardVariable({ kind: 'interval', name, values, ...options });
  }

  /** Any text. */
  public static text(name: string, value: string, options: DashboardVariableOptions = {}): DashboardVariable {
    return new DashboardVariable({ kind: 'textbox', name, value, ...options });
  }

  private constructor(private readonly said: VariableSaid) {}

  /** @internal */
  public _said(): VariableSaid {
    return this.said;
  }
}
