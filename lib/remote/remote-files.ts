import { OrreryError } from '../errors.ts';
import { ContentCache } from '../files/content-cache.ts';
import { sha256 } from '../kubernetes/canonical.ts';
import { Slots } from '../slots.ts';
import { download } from './download.ts';
import type { RemoteOptions } from './remote-options.ts';

const AT_A_TIME = 8;

/** Files at addresses that an assembly names with their digests. What was fetched once is kept, and no request is made for it again. */
export class RemoteFiles {
  readonly #options: RemoteOptions;
  readonly #cache: ContentCache;
  readonly #slots = new Slots(AT_A_TIME);

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#cache = new ContentCache(options.cacheFolder);
  }

  /**
   * Bytes of a file.
   * @param digest lower-case hex sha256 that they must have
   * @param shown the address for messages
   * @throws OrreryError ORR2204 when it cannot be had, ORR2205 when it is another one, ORR2206 for an address that is refused
   */
  async bytes(url: string, digest: string, shown: string): Promise<Buffer> {
    const kept = await this.#cache.read('remote-file', digest);
    const known = typeof kept === 'string' ? Buffer.from(kept, 'base64') : undefined;
    if (known !== undefined && sha256(known) === digest) return known;
    const bytes = await this.#slots.run(() => download(url, this.#options));
    const found = sha256(bytes);
    if (found !== digest) {
      throw new OrreryError('ORR2205', `${shown} has the sha256 ${found}, not ${digest} as the program says`, {
        fix: 'Look at what changed there, and who changed it; if it is right, set sha256 of the Include to the new one.',
      });
    }
    await this.#cache.write('remote-file', digest, bytes.toString('base64'));
    return bytes;
  }
}
