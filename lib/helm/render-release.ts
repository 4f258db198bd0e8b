import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { HelmReleaseManifest, JsonValue } from '@orrery/constructs/assembly-format';
import type { Assets } from '../assembly/assets.ts';
import { isOrreryError, OrreryError, type Where } from '../errors.ts';
import { canonicalJson, sha256 } from '../kubernetes/canonical.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { Slots } from '../slots.ts';
import { HostileArchive } from './chart-archive.ts';
import { chartDefinitions, holdsDefinitions } from './chart-definitions.ts';
import { chartFiles } from './chart-files.ts';
import { type ChartSource, chartSource } from './chart-source.ts';
import type { HelmBinary } from './find-helm.ts';
import { helmBinary } from './helm-binary.ts';
import type { HelmOptions } from './helm-options.ts';
import { parseHelmOutput, type RenderedChart } from './helm-output.ts';
import type { NativeInput } from './native-input.ts';
import {
  findNonDeterminism,
  mergeSuspects,
  type NonDeterminism,
  refuseDifference,
  templateTexts,
  zoneOfAnotherDay,
} from './non-determinism.ts';
import { assertNames, type RenderContext, templateArguments } from './release-arguments.ts';
import { RenderCache } from './render-cache.ts';
import { runHelm } from './run-helm.ts';
import { secretTexts, withoutSecrets } from './secret-values.ts';

/** Part of every cache key: raised when what is kept changes. */
const CACHE_FORMAT = 4;

interface ServedVersions {
  readonly apiVersions: readonly string[];
  readonly digest: string;
}

/** Renders Helm releases. One renderer serves a whole assembly; `close` removes what it kept only for itself. */
export class HelmRenderer {
  readonly #options: HelmOptions;
  readonly #assets: Assets;
  readonly #cache: RenderCache;
  /** By what it is rendered from: a release that is the same in several clusters is rendered once. */
  readonly #rendered = new Map<string, Promise<RenderedChart>>();
  readonly #scans = new Map<string, Promise<NonDeterminism | undefined>>();
  readonly #servedBy = new WeakMap<readonly string[], ServedVersions>();
  readonly #sources = new Map<string, Promise<ChartSource>>();
  readonly #definitions = new Map<string, Promise<readonly KubernetesObject[]>>();
  readonly #fetched = new Map<string, string>();
  readonly #slots: Slots;
  #helm: Promise<HelmBinary> | undefined;
  /** The release that did not wait for helm's version; never rejects. */
  #ahead: Promise<unknown> | undefined;
  #temporary: Promise<string> | undefined;

  constructor(assets: Assets, options: HelmOptions) {
    this.#assets = assets;
    this.#options = options;
    this.#cache = new RenderCache(options.cacheFolder);
    this.#slots = new Slots(options.concurrency ?? availableParallelism());
  }

  /**
   * Renders one release, from the cache where nothing has changed. At most `concurrency` helm processes run at a time.
   * @throws OrreryError ORR2301 without a usable helm, ORR2302 when helm fails, ORR2303 when the chart renders differently each time, ORR2304
   * when release or chart are refused, ORR2306 for another chart than the one that is pinned, ORR2201/ORR2202 when what was rendered is no Kubernetes object
   */
  async render(release: HelmReleaseManifest, context: RenderContext, where: Where): Promise<RenderedChart> {
    const [helm, chart] = await Promise.all([this.#binary(where), this.#chart(release, where)]);
    const { apiVersions, digest: served } = this.#served(context.apiVersions);
    const arguments_ = templateArguments(release, '', { ...context, apiVersions: [] }, where);
    const input = canonicalJson({
      format: CACHE_FORMAT,
      chart: chart.digest,
      arguments: arguments_,
      served,
      values: release.values ?? null,
    });
    let rendered = this.#rendered.get(input);
    if (rendered === undefined) {
      const anew = () => this.#renderAnew(release, chart, { ...context, apiVersions }, where);
      rendered = this.#cachedOrAnew(helm, input, release, this.#early(helm, anew));
      this.#rendered.set(input, rendered);
    }
    return rendered;
  }

  /** API versions in order and once each: the same for every release of a cluster, and there are hundreds. */
  #served(given: readonly string[]): ServedVersions {
    let served = this.#servedBy.get(given);
    if (served === undefined) {
      const apiVersions = [...new Set(given)].sort();
      served = { apiVersions, digest: sha256(apiVersions.join('\n')) };
      this.#servedBy.set(given, served);
    }
    return served;
  }

  /**
   * CustomResourceDefinitions that a release brings from the crds/ folders of its chart: known without rendering, so that other releases can be told of them.
   * @throws as `render` does for the chart
   */
  async definitions(release: HelmReleaseManifest, where: Where): Promise<readonly KubernetesObject[]> {
    if (release.includeCrds === false) return [];
    const chart = await this.#chart(release, where);
    let definitions = this.#definitions.get(chart.digest);
    if (definitions === undefined) {
      definitions = this.#readDefinitions(release, chart, where);
      this.#definitions.set(chart.digest, definitions);
    }
    return definitions;
  }

  /** What is read here only says which API versions there are: that the chart is the one that was written is made sure of when it is rendered. */
  async #readDefinitions(
    { chart }: HelmReleaseManifest,
    source: ChartSource,
    where: Where,
  ): Promise<KubernetesObject[]> {
    const { asset } = chart;
    const location = asset === undefined ? await source.location() : path.join(this.#assets.folder, asset.sha256);
    const files = await chartFiles(location, holdsDefinitions).catch((error: unknown) => {
      if (error instanceof HostileArchive) refusedBy(source, where)(error);
      return [];
    });
    return chartDefinitions(files);
  }

  /** The chart of a release, looked at once for all releases of it. A failure is each release's own. */
  #chart(release: HelmReleaseManifest, where: Where): Promise<ChartSource> {
    const key = canonicalJson(release.chart);
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = this.#findChart(release, where);
      this.#sources.set(key, source);
      source.catch(() => this.#sources.delete(key));
    }
    return source;
  }

  async #findChart(release: HelmReleaseManifest, where: Where): Promise<ChartSource> {
    const downloads = path.join(await this.#folder(), 'charts');
    const pull = (args: readonly string[]) => this.#pull(args, where);
    const chart = await chartSource(release.chart, this.#assets, downloads, pull, where, this.#options.chartPins);
    if (chart.isFetched) this.#fetched.set(chart.description, chart.digest);
    return chart;
  }

  /**
   * What helm is given to install a release by itself. Nothing is rendered.
   * @throws as `render` does for release and chart
   */
  async nativeInput(release: HelmReleaseManifest, where: Where): Promise<NativeInput> {
    assertNames(release, where);
    const chart = await this.#chart(release, where);
    const { releaseName, namespace, values, valuesFiles = [] } = release;
    const files = valuesFiles.map(({ sha256: digest }) => digest);
    return {
      manifest: release,
      chart: { digest: chart.digest, description: chart.description },
      digest: sha256(canonicalJson({ chart: chart.digest, releaseName, namespace, files, values: values ?? null })),
      folder: this.#assets.folder,
      location: async () => {
        const location = await chart.location();
        if (chart.isFetched) await assertArchive(location, chart, where);
        await chartFiles(location, () => false).catch(refusedBy(chart, where));
        return location;
      },
      secrets: async () => secretTexts(await parsedValues(release, await this.#valuesTexts(release))),
    };
  }

  /** @param input what the release is rendered from, helm's version aside */
  async #cachedOrAnew(
    helm: HelmBinary,
    input: string,
    release: HelmReleaseManifest,
    anew: () => Promise<RenderedChart>,
  ): Promise<RenderedChart> {
    const key = sha256(`${await helm.version}\n${input}`);
    const known = await this.#cache.rendered(key);
    if (known !== undefined) {
      await this.#verifyAssets(release);
      return known;
    }
    const rendered = await anew();
    await this.#cache.keepRendered(key, rendered);
    return rendered;
  }

  /** While helm says its version, the first release is rendered: the other cores have nothing to do. */
  #early(helm: HelmBinary, anew: () => Promise<RenderedChart>): () => Promise<RenderedChart> {
    if (helm.isKnown || this.#ahead !== undefined) return anew;
    const ahead = anew();
    this.#ahead = ahead.catch(() => undefined);
    return () => ahead;
  }

  /** What was rendered before stands for the digest of its chart; the assembly must hold that chart all the same. */
  async #verifyAssets({ chart, valuesFiles = [] }: HelmReleaseManifest): Promise<void> {
    const charts = chart.asset === undefined ? [] : [chart.asset];
    await Promise.all([...charts, ...valuesFiles].map((asset) => this.#assets.path(asset)));
  }

  /** sha256 of the charts of repositories that were rendered, by "<repository>/<name> <version>". */
  get fetchedCharts(): ReadonlyMap<string, string> {
    return this.#fetched;
  }

  async close(): Promise<void> {
    await this.#ahead;
    if (this.#temporary !== undefined) await rm(await this.#temporary, { recursive: true, force: true });
  }

  async #renderAnew(
    release: HelmReleaseManifest,
    chart: ChartSource,
    context: RenderContext,
    where: Where,
  ): Promise<RenderedChart> {
    const location = await chart.location();
    const valuesTexts = await this.#valuesTexts(release);
    const suspect = mergeSuspects(await this.#scan(chart, location, where), findNonDeterminism(valuesTexts));
    const args = templateArguments(release, location, context, where);
    const once = (timeZone?: string) =>
      this.#slots.run(() => this.#template(args, release, chart, valuesTexts, timeZone, where));
    const first = await once();
    if (suspect === undefined) return first;
    const again = await this.#renderAgain(suspect, once);
    refuseDifference(first, again, suspect, chart, where);
    return first;
  }

  /** What the chart itself names, found once for all its releases. */
  #scan(chart: ChartSource, location: string, where: Where): Promise<NonDeterminism | undefined> {
    let scan = this.#scans.get(chart.digest);
    if (scan === undefined) {
      scan = chartFiles(location).then((files) => findNonDeterminism(templateTexts(files)), refusedBy(chart, where));
      this.#scans.set(chart.digest, scan);
    }
    return scan;
  }

  /** Dates and times must show: the second time it is another second, and in its time zone another day. */
  async #renderAgain(
    suspect: NonDeterminism,
    once: (timeZone?: string) => Promise<RenderedChart>,
  ): Promise<RenderedChart> {
    if (!suspect.usesClock) return once();
    await wait(1000 - (Date.now() % 1000) + 5);
    return once(zoneOfAnotherDay(new Date()));
  }

  async #template(
    args: readonly string[],
    release: HelmReleaseManifest,
    chart: ChartSource,
    valuesTexts: readonly string[],
    timeZone: string | undefined,
    where: Where,
  ): Promise<RenderedChart> {
    const { file: binary } = await this.#binary(where);
    const run = {
      binary,
      args,
      cwd: release.valuesFiles === undefined ? await this.#folder() : this.#assets.folder,
      home: path.join(await this.#folder(), 'helm-home'),
      stdin: release.values === undefined ? undefined : JSON.stringify(release.values),
      timeZone,
    };
    const secrets = async () => secretTexts(await parsedValues(release, valuesTexts));
    const { stdout, stderr } = await runHelm(run, this.#options, where, async (text) => {
      return failure(
        `helm could not render release "${release.releaseName}" of ${chart.description}`,
        withoutSecrets(text, await secrets()),
        where,
      );
    });
    try {
      const rendered = await parseHelmOutput(stdout);
      return { ...rendered, warnings: stderr.trim() === '' ? [] : [withoutSecrets(stderr.trim(), await secrets())] };
    } catch (error) {
      if (!isOrreryError(error)) throw error;
      throw new OrreryError(error.code, `release "${release.releaseName}": ${error.message}`, {
        ...where,
        ...known(error.where),
        fix: error.fix,
        cause: error,
      });
    }
  }

  async #valuesTexts(release: HelmReleaseManifest): Promise<string[]> {
    const files = await Promise.all((release.valuesFiles ?? []).map((file) => this.#assets.bytes(file)));
    const inline = release.values === undefined ? [] : [JSON.stringify(release.values)];
    return [...files.map((bytes) => bytes.toString('utf8')), ...inline];
  }

  async #pull(args: readonly string[], where: Where): ReturnType<typeof runHelm> {
    const { file: binary } = await this.#binary(where);
    const folder = await this.#folder();
    const run = { binary, args, cwd: folder, home: path.join(folder, 'helm-home') };
    return this.#slots.run(() =>
      runHelm(run, this.#options, where, (stderr) =>
        failure(
          `helm could not fetch ${args[1]}`,
          withoutSecrets(stderr, []),
          where,
          'Check repository, name and version, the network, and what helm needs to log in.',
        ),
      ),
    );
  }

  #binary(where: Where): Promise<HelmBinary> {
    this.#helm ??= helmBinary(this.#options, where);
    return this.#helm;
  }

  /** The cache folder, or a temporary one for as long as this renderer lives. */
  #folder(): Promise<string> {
    if (this.#options.cacheFolder !== undefined) return Promise.resolve(path.resolve(this.#options.cacheFolder));
    this.#temporary ??= mkdtemp(path.join(tmpdir(), 'orrery-helm-'));
    return this.#temporary;
  }
}

/** Between plan and apply the folder of downloads may have been cleared, or written to. */
async function assertArchive(location: string, chart: ChartSource, where: Where): Promise<void> {
  const bytes = await readFile(location).catch(() => undefined);
  if (bytes !== undefined && sha256(bytes) === chart.digest) return;
  const what = `the kept archive of ${chart.description} is gone or another one by now`;
  throw new OrreryError('ORR2304', what, { ...where, fix: 'Run it again: the chart is fetched anew.' });
}

/** Turns what is wrong with an archive in a chart into an error of its release. */
function refusedBy(chart: ChartSource, where: Where): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HostileArchive)) throw error;
    throw new OrreryError('ORR2304', `a subchart archive of ${chart.description} ${error.message}`, where);
  };
}

/** Values as data, for their secrets. Values that cannot be read are helm's to report. */
async function parsedValues(release: HelmReleaseManifest, texts: readonly string[]): Promise<JsonValue[]> {
  const { readYaml } = await import('../yaml/read.ts');
  const files = texts.slice(0, release.valuesFiles?.length ?? 0).flatMap((text) => {
    try {
      return readYaml(text, { source: 'values' }).map(({ value }) => value as JsonValue);
    } catch {
      return [];
    }
  });
  return [...files, release.values ?? {}];
}

function failure(
  what: string,
  stderr: string,
  where: Where,
  advice = 'Correct the values of the release, or the chart.',
): OrreryError {
  const message = stderr
    .replace(/^Error: /gm, '')
    .replace(/^.*Use --debug flag.*$/gm, '')
    .trim();
  const missing = /found in Chart\.yaml, but missing in charts\/ directory/.test(message);
  const fix = missing ? 'Run "helm dependency build" on the chart and synthesize again.' : advice;
  return new OrreryError('ORR2302', `${what}:\n${message === '' ? 'it said nothing' : message}`, { ...where, fix });
}

function known(where: Where): Where {
  return Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined));
}
