import { ContentCache } from '../files/content-cache.ts';
import type { RenderedChart } from './helm-output.ts';

/** Charts that were rendered before, by everything they were rendered from; and the version of a helm that was asked. */
export class RenderCache {
  readonly #files: ContentCache;

  /** @param folder undefined: nothing is kept */
  constructor(folder: string | undefined) {
    this.#files = new ContentCache(folder);
  }

  async rendered(key: string): Promise<RenderedChart | undefined> {
    const entry = await this.#files.read('rendered', key);
    return isRenderedChart(entry) ? entry : undefined;
  }

  keepRendered(key: string, chart: RenderedChart): Promise<void> {
    return this.#files.write('rendered', key, chart);
  }

  /** Version of the helm binary with this identity. */
  async helmVersion(identity: string): Promise<string | undefined> {
    const version = await this.#files.read('helm-version', identity, 'last');
    return typeof version === 'string' ? version : undefined;
  }

  keepHelmVersion(identity: string, version: string): Promise<void> {
    return this.#files.write('helm-version', identity, version, 'last');
  }
}

function isRenderedChart(value: unknown): value is RenderedChart {
  const chart = value as Partial<RenderedChart> | null | undefined;
  return Array.isArray(chart?.objects) && Array.isArray(chart.leftOut) && Array.isArray(chart.warnings);
}
