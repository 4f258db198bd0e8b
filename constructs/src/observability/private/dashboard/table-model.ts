import { present } from '../../../private/present-members';
import type { TablePanelProps } from '../../dashboard-panel';
import { thresholdsModel } from './field-model';
import type { ColumnSaid } from './panel-content';
import { type Model, REF_IDS, valueLinkModel } from './query-model';

/**
 * A table: rows of all queries with the same labels are merged, columns are those that are said, in their order. Where there are several queries, the values of each are called "Value #A" and
 * so on (grafana/grafana packages/grafana-prometheus/src/result_transformer.ts).
 */
export function tableModel({ queries, columns, sortBy, descending = true }: TablePanelProps): Model {
  const said = columns.map((column) => column._said());
  const fields = said.map((column) =>
    column.of === 'label' ? column.label : queries.length === 1 ? 'Value' : `Value #${REF_IDS.charAt(column.query)}`,
  );
  return {
    fieldConfig: {
      defaults: {
        noValue: '–',
        custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false },
      },
      overrides: said.flatMap(overrideOf),
    },
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      sortBy: sortBy === undefined ? [] : [{ displayName: sortBy, desc: descending }],
    },
    transformations: [
      { id: 'merge', options: {} },
      { id: 'filterFieldsByName', options: { include: { names: fields } } },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
          renameByName: Object.fromEntries(said.map((column, index) => [fields[index], columnTitle(column)])),
        },
      },
    ],
  };
}

export function columnTitle(column: ColumnSaid): string {
  return column.of === 'value' ? column.title : (column.title ?? column.label);
}

function overrideOf(column: ColumnSaid): Model[] {
  const { links = [] } = column;
  const ofValues =
    column.of === 'label'
      ? {}
      : present({
          unit: column.unit,
          decimals: column.decimals,
          thresholds:
            column.thresholds === undefined ? undefined : thresholdsModel(column.thresholds, column.lowestColor),
          color: column.thresholds === undefined ? undefined : { mode: 'thresholds' },
          'custom.cellOptions': column.thresholds === undefined ? undefined : { type: 'color-text' },
        });
  const properties = Object.entries({
    ...ofValues,
    ...(links.length === 0 ? {} : { links: links.map((link) => valueLinkModel(link._said())) }),
  }).map(([id, value]) => ({ id, value }));
  if (properties.length === 0) return [];
  return [{ matcher: { id: 'byName', options: columnTitle(column) }, properties }];
}
