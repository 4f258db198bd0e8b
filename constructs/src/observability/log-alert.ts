import {
  type LogAlertProps,
  type LogCardinalityProps,
  type LogChangeProps,
  type LogFlatlineProps,
  type LogFrequencyProps,
  type LogMetricProps,
  type LogMetricSpikeProps,
  type LogNewTermProps,
  type LogShareProps,
  type LogSpikeProps,
  type LogValuesProps,
  SpikeDirection,
} from './log-alert-props';
import { type AlertModel, bucketFilter, elastTime } from './private/logs/alert-rule';

/** An alert on what is logged: a rule of elastalert2 (jertel/elastalert2, docs/source/ruletypes.rst). */
export class LogAlert {
  /** Each record. @param name a DNS label that no other alert has */
  public static any(name: string, props: LogAlertProps): LogAlert {
    return new LogAlert({ name, type: 'any', props, settings: {}, times: {} });
  }

  /** At least so many records in a time. */
  public static frequency(name: string, props: LogFrequencyProps): LogAlert {
    const { events, within } = props;
    const settings = { num_events: events, timeframe: elastTime(within) };
    return new LogAlert({ name, type: 'frequency', props, settings, times: { within }, counts: { events } });
  }

  /** Fewer than so many records in a time: something fell silent. */
  public static flatline(name: string, props: LogFlatlineProps): LogAlert {
    const { fewerThan, within } = props;
    const settings = { threshold: fewerThan, timeframe: elastTime(within) };
    return new LogAlert({ name, type: 'flatline', props, settings, times: { within }, counts: { fewerThan } });
  }

  /** Much more, or less, than in the time before. */
  public static spike(name: string, props: LogSpikeProps): LogAlert {
    const settings = spikeSettings(props);
    return new LogAlert({ name, type: 'spike', props, settings, times: { within: props.within } });
  }

  /** A number made of a field is much more, or less, than in the time before. */
  public static metricSpike(name: string, props: LogMetricSpikeProps): LogAlert {
    const { field, metric, within } = props;
    const settings = { ...spikeSettings(props), metric_agg_key: field, metric_agg_type: metric };
    return new LogAlert({ name, type: 'spike_aggregation', props, settings, times: { within } });
  }

  /** A number made of a field is over or under a limit. */
  public static metric(name: string, props: LogMetricProps): LogAlert {
    const { field, metric, within, above, below } = props;
    const settings = {
      metric_agg_key: field,
      metric_agg_type: metric,
      buffer_time: elastTime(within),
      max_threshold: above,
      min_threshold: below,
    };
    return new LogAlert({
      name,
      type: 'metric_aggregation',
      props,
      settings,
      times: { within },
      limits: { above, below },
    });
  }

  /** The share of some records among all is over or under a limit. */
  public static share(name: string, props: LogShareProps): LogAlert {
    const { of, within, above, below, atLeast } = props;
    const settings = {
      match_bucket_filter: bucketFilter(of),
      buffer_time: elastTime(within),
      max_percentage: above,
      min_percentage: below,
      min_denominator: atLeast,
    };
    return new LogAlert({
      name,
      type: 'percentage_match',
      props,
      settings,
      times: { within },
      limits: { above, below },
    });
  }

  /** A field has more, or fewer, different values than a limit. */
  public static cardinality(name: string, props: LogCardinalityProps): LogAlert {
    const { field, within, above, below } = props;
    const settings = {
      cardinality_field: field,
      timeframe: elastTime(within),
      max_cardinality: above,
      min_cardinality: below,
    };
    return new LogAlert({ name, type: 'cardinality', props, settings, times: { within }, limits: { above, below } });
  }

  /** A field has a value that it did not have before. */
  public static newTerm(name: string, props: LogNewTermProps): LogAlert {
    const { fields, lookBack = '30d' } = props;
    const settings = { fields, terms_window_size: elastTime(lookBack) };
    return new LogAlert({ name, type: 'new_term', props, settings, times: { lookBack } });
  }

  /** A field has another value than before, for each value of `queryKey`. */
  public static change(name: string, props: LogChangeProps): LogAlert {
    const { fields, within } = props;
    const timeframe = within === undefined ? undefined : elastTime(within);
    const settings = { compare_key: fields, ignore_null: true, timeframe };
    return new LogAlert({ name, type: 'change', props, settings, times: { within }, needsKey: true });
  }

  /** A field has one of some values. */
  public static blacklist(name: string, props: LogValuesProps): LogAlert {
    const settings = { compare_key: props.field, blacklist: props.values };
    return new LogAlert({ name, type: 'blacklist', props, settings, times: {} });
  }

  /** A field has a value that is none of some. */
  public static whitelist(name: string, props: LogValuesProps): LogAlert {
    const settings = { compare_key: props.field, whitelist: props.values, ignore_null: true };
    return new LogAlert({ name, type: 'whitelist', props, settings, times: {} });
  }

  private constructor(private readonly model: AlertModel) {}

  /** @internal */
  public _model(): AlertModel {
    return this.model;
  }
}

function spikeSettings({
  times,
  within,
  direction = SpikeDirection.UP,
  atLeastBefore,
  atLeastNow,
}: LogSpikeProps): object {
  return {
    spike_height: times,
    spike_type: direction,
    timeframe: elastTime(within),
    threshold_ref: atLeastBefore,
    threshold_cur: atLeastNow,
  };
}
