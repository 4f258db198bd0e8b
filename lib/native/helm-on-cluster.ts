import path from 'node:path';
import { readClusterUid } from '../cluster/identity.ts';
import type { KubeTarget } from '../cluster/target.ts';
import type { SecretMask } from '../diff/secret-mask.ts';
import { OrreryError, type Where } from '../errors.ts';
import type { HelmBinary } from '../helm/find-helm.ts';
import { helmBinary } from '../helm/helm-binary.ts';
import type { HelmOptions } from '../helm/helm-options.ts';
import type { NativeInput } from '../helm/native-input.ts';
import { uninstallArguments, upgradeArguments } from '../helm/release-arguments.ts';
import { type HelmRun, runHelm } from '../helm/run-helm.ts';
import { withoutSecrets } from '../helm/secret-values.ts';
import { describeId, type ObjectId } from '../kubernetes/object.ts';
import { withKubeconfig } from './kubeconfig-file.ts';
import { signFolder } from './leftover-folders.ts';
import { type ReleaseContent, releaseContent } from './stored-release.ts';

/** What a helm that writes is told beside the release. */
export interface WriteSettings {
  readonly wait: boolean;
  /** For each thing that helm waits for. */
  readonly timeoutMs: number;
}

/** helm against one cluster, with the very connection that our own client has. */
export class HelmOnCluster {
  readonly #target: KubeTarget;
  readonly #platformId: string;
  readonly #options: HelmOptions;
  readonly #mask: SecretMask;
  #found: Promise<HelmBinary> | undefined;

  /** @param mask of what helm says */
  constructor(target: KubeTarget, platformId: string, options: HelmOptions, mask: SecretMask) {
    this.#target = target;
    this.#platformId = platformId;
    this.#options = options;
    this.#mask = mask;
  }

  /**
   * What an install or upgrade would make of a release: rendered by helm with the cluster at hand (`lookup`), stored nowhere.
   * @throws OrreryError ORR2301, ORR2302 with what helm said, ORR2304
   */
  async dryRun(input: NativeInput, where: Where): Promise<ReleaseContent> {
    const settings = { platformId: this.#platformId, dryRun: true, timeoutMs: 0 };
    const stdout = await this.#upgrade(input, settings, where, 'cannot render');
    try {
      return releaseContent(JSON.parse(stdout));
    } catch {
      throw new OrreryError('ORR2302', 'helm did not answer a dry run with a release', where);
    }
  }

  /**
   * Installs or upgrades a release. Once begun it comes to its end, whatever becomes of this process.
   * @param beforeStart called last of all before helm starts; throws to keep it from starting
   * @throws OrreryError ORR2301, ORR2304, ORR3003, ORR5011 with what helm said
   */
  async upgrade(input: NativeInput, settings: WriteSettings, where: Where, beforeStart: () => void): Promise<void> {
    await this.#upgrade(input, { ...settings, platformId: this.#platformId }, where, 'could not apply', beforeStart);
  }

  async #upgrade(
    input: NativeInput,
    settings: Omit<Parameters<typeof upgradeArguments>[2], 'helmVersion'>,
    where: Where,
    failed: string,
    beforeStart?: () => void,
  ): Promise<string> {
    const { manifest, chart } = input;
    const [{ file: binary, version: helmVersion }, location, secrets] = await Promise.all([
      this.#binary(where),
      input.location(),
      input.secrets(),
    ]);
    const args = upgradeArguments(manifest, location, { ...settings, helmVersion: await helmVersion }, where);
    const stdin = manifest.values === undefined ? undefined : JSON.stringify(manifest.values);
    const what = `helm ${failed} release "${manifest.releaseName}" of ${chart.description}`;
    const run = { binary, args, cwd: input.folder, stdin };
    return this.#run(run, beforeStart, where, (said) => this.#failure(beforeStart, what, said, secrets, where));
  }

  /**
   * Uninstalls a release. Once begun it comes to its end.
   * @throws OrreryError ORR2301, ORR3003, ORR5011 with what helm said
   */
  async uninstall(id: ObjectId, settings: WriteSettings, where: Where, beforeStart: () => void): Promise<void> {
    const { file: binary } = await this.#binary(where);
    const args = uninstallArguments({ releaseName: id.name, namespace: id.namespace }, settings, where);
    const what = `helm could not uninstall ${describeId(id)}`;
    await this.#run({ binary, args }, beforeStart, where, (said) => this.#failure(beforeStart, what, said, [], where));
  }

  /** Looked for once for all releases of a cluster. */
  #binary(where: Where): Promise<HelmBinary> {
    this.#found ??= helmBinary(this.#options, where);
    return this.#found;
  }

  async #run(
    run: Pick<HelmRun, 'binary' | 'args' | 'stdin'> & { readonly cwd?: string },
    beforeStart: (() => void) | undefined,
    where: Where,
    describe: (stderr: string) => OrreryError,
  ): Promise<string> {
    const { connection, client, cluster, clusterUid, description } = this.#target;
    if (connection === undefined) throw new OrreryError('ORR3001', `helm does not reach ${cluster}.`, where);
    return withKubeconfig(connection, async ({ folder, kubeconfig }) => {
      if (beforeStart !== undefined) {
        // Law 9, once more: helm knows no uid, and what it is about to do it cannot be kept from any more.
        if ((await readClusterUid(client, cluster, description)) !== clusterUid)
          throw new OrreryError('ORR3003', `${description} is another cluster by now.`, where);
        beforeStart();
      }
      const home = path.join(folder, 'home');
      const outlives = beforeStart === undefined ? undefined : folder;
      const { stdout } = await runHelm(
        {
          ...{ ...run, cwd: run.cwd ?? folder, home, kubeconfig, outlives },
          // It runs already: without its name the folder stays for an hour, no more.
          onStart: (pid) => signFolder(folder, 'helm', pid).catch(() => undefined),
        },
        this.#options,
        where,
        describe,
      );
      return stdout;
    });
  }

  #failure(
    writes: (() => void) | undefined,
    what: string,
    said: string,
    secrets: readonly string[],
    where: Where,
  ): OrreryError {
    const words = said
      .replace(/^Error: /gm, '')
      .replace(/^(?:level=|[IWE]\d{4} ).*$/gm, '')
      .trim();
    const message = this.#mask.said(withoutSecrets(words, secrets));
    const text = `${what}:\n${message === '' ? 'it said nothing' : message}`;
    if (writes === undefined)
      return new OrreryError('ORR2302', text, { ...where, fix: 'Correct the values of the release, or the chart.' });
    const fix =
      'Mend what helm names, then apply again: helm goes on from the release as it stands (orrery status shows it).';
    return new OrreryError('ORR5011', text, { ...where, fix });
  }
}
