import * as fs from 'node:fs';

const CHUNK = 1 << 18;

/** A file written in chunks: a cluster's objects as one string would cost twice their size in memory. */
export class ChunkFile {
  private readonly descriptor: number;
  private text = '';

  public constructor(path: string) {
    this.descriptor = fs.openSync(path, 'wx');
  }

  public write(text: string): void {
    this.text += text;
    if (this.text.length > CHUNK) this.flush();
  }

  public close(): void {
    try {
      this.flush();
    } finally {
      fs.closeSync(this.descriptor);
    }
  }

  private flush(): void {
    if (this.text === '') return;
    fs.writeFileSync(this.descriptor, this.text);
    this.text = '';
  }
}
