import * as fs from 'node:fs';
import { ByteWriter } from './byte-writer';

const CHUNK = 1 << 16;

/**
 * Files written one after another, in chunks: a cluster's objects as one text would cost twice their size in memory. A file that is smaller
 * than a chunk takes three system calls.
 */
export class ChunkFile {
  public readonly bytes = new ByteWriter(2 * CHUNK);
  private path: string | undefined;
  private descriptor: number | undefined;

  public get isOpen(): boolean {
    return this.path !== undefined;
  }

  /** Begins a file, which must not exist. */
  public open(path: string): void {
    this.path = path;
  }

  /** To be called between pieces that belong together: what stands in `bytes` may be written and taken away. */
  public breathe(): void {
    if (this.bytes.length > CHUNK) this.flush();
  }

  /** Ends the file, if one is open. */
  public close(): void {
    if (this.path === undefined) return;
    try {
      this.flush();
    } finally {
      if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
      this.descriptor = undefined;
      this.path = undefined;
    }
  }

  private flush(): void {
    const { path, bytes } = this;
    this.descriptor ??= fs.openSync(path as string, 'wx');
    const all = bytes.from(0);
    for (let at = 0; at < all.length; ) at += fs.writeSync(this.descriptor, all, at);
    bytes.length = 0;
  }
}
