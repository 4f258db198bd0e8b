import type { PanelKind } from './panel-content';

/** Columns of Grafana's grid (grafana/grafana public/app/core/constants.ts, GRID_COLUMN_COUNT). */
export const GRID_COLUMNS = 24;

/** Where a panel stands: columns of 24 and rows of 30 pixels. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

/** How large a panel is that says nothing of it. */
export const USUAL_SIZES: { readonly [K in PanelKind]: PanelSize } = {
  timeseries: { width: 12, height: 8 },
  stat: { width: 4, height: 4 },
  gauge: { width: 6, height: 6 },
  bargauge: { width: 12, height: 8 },
  table: { width: 24, height: 10 },
  heatmap: { width: 12, height: 8 },
  logs: { width: 24, height: 12 },
  text: { width: 24, height: 4 },
};

/**
 * Puts panels side by side, from the left, as many as fit; the next line begins below the highest of them.
 * @param top the row of the grid where the first one is
 */
export function placePanels(
  sizes: readonly PanelSize[],
  top: number,
): { readonly positions: readonly GridPosition[]; readonly bottom: number } {
  let [x, y, bottom] = [0, top, top];
  const positions = sizes.map(({ width, height }) => {
    if (x + width > GRID_COLUMNS) [x, y] = [0, bottom];
    const position = { x, y, w: width, h: height };
    x += width;
    bottom = Math.max(bottom, y + height);
    return position;
  });
  return { positions, bottom };
}

/** Ids that stay as they are when other panels come or go, so that links to a panel last: made of what it is called. */
export function panelIds(names: readonly string[]): number[] {
  const taken = new Set<number>();
  return names.map((name) => {
    let id = hash(name);
    while (taken.has(id)) id = (id % GREATEST_ID) + 1;
    taken.add(id);
    return id;
  });
}

/** Ids are 32-bit integers in Grafana's own schema (kinds/dashboard/dashboard_kind.cue, #Panel.id: uint32); small ones keep links short. */
const GREATEST_ID = 0xfffffff;

/** FNV-1a, over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return ((value >>> 0) % GREATEST_ID) + 1;
}
