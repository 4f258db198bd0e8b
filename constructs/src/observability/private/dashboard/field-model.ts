import { present } from '../../../private/present-members';
import type { PanelThreshold, ValuePanelProps } from '../../dashboard-panel';
import { type Model, valueLinkModel } from './query-model';

/** Steps of a scale. */
export function thresholdsModel(thresholds: readonly PanelThreshold[], lowestColor = 'green'): Model {
  const steps = thresholds.map(({ value, color }) => ({ color, value }));
  return { mode: 'absolute', steps: [{ color: lowestColor, value: null }, ...steps] };
}

/** How values look that say nothing else. */
export function fieldDefaults(props: ValuePanelProps, colorMode: string): Model {
  const { unit, decimals, minimum, maximum, thresholds = [], noValue = '–', valueLinks = [] } = props;
  return present({
    unit,
    decimals,
    min: minimum,
    max: maximum,
    noValue,
    color: { mode: colorMode },
    thresholds: thresholdsModel(thresholds, props.lowestColor),
    mappings: [],
    links: valueLinks.length === 0 ? undefined : valueLinks.map((link) => valueLinkModel(link._said())),
  });
}
