/** Up to this length copying byte by byte is cheaper than a call into the runtime. */
const SHORT = 8;

/**
 * Text as UTF-8 bytes in one buffer that grows and is used again: nothing is left for the garbage collector. Looking at bytes is many times
 * cheaper than looking at the characters of a string; so texts are written first, looked at, and taken back where they need another form.
 */
export class ByteWriter {
  /** What is written stands before `length`. It is another buffer after it grew: ask for it again after every write. */
  public buffer: Buffer;
  /** Bytes written; may be set back. */
  public length = 0;

  /** @param size bytes to begin with */
  public constructor(size: number) {
    this.buffer = Buffer.allocUnsafeSlow(size);
  }

  public write(text: string): void {
    const { length } = text;
    // Three bytes for a UTF-16 code unit is the most that UTF-8 needs.
    this.reserve(length * 3);
    if (length > SHORT) {
      this.length += this.buffer.write(text, this.length);
      return;
    }
    const { buffer } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.length += buffer.write(text, this.length);
        return;
      }
      buffer[at++] = code;
    }
    this.length = at;
  }

  /** Writes one ASCII character. */
  public byte(code: number): void {
    this.reserve(1);
    this.buffer[this.length++] = code;
  }

  /** Writes a new line and blanks. */
  public line(blanks: number): void {
    this.reserve(1 + blanks);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = LINE_FEED;
    for (let i = 0; i < blanks; i++) buffer[at++] = BLANK;
    this.length = at;
  }

  /** Copies a few bytes. */
  public copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const { buffer } = this;
    let at = this.length;
    for (let i = 0; i < bytes.length; i++) buffer[at++] = bytes[i] as number;
    this.length = at;
  }

  /** Copies many bytes. */
  public append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** The bytes from a position on; valid until the next write. */
  public from(position: number): Uint8Array {
    return this.buffer.subarray(position, this.length);
  }

  /** Everything as text. */
  public toString(): string {
    return this.buffer.toString('utf8', 0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + more));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

const LINE_FEED = 10;
const BLANK = 32;

const MOST_KEYS = 5000;
const LONGEST_KEY = 100;

/** Places whose last key is remembered; larger objects than these are rare. */
const PLACES = 1024;

/** Keys repeat from object to object: each is encoded once. */
export class EncodedKeys {
  private readonly keys = new Map<string, Uint8Array>();
  /** The key that stood at a place last, and its bytes: objects of one shape have the same keys at the same places. */
  private readonly last: string[] = new Array<string>(PLACES).fill('');
  private readonly lastBytes: Uint8Array[] = new Array<Uint8Array>(PLACES).fill(new Uint8Array());
  private readonly form: (key: string) => string;

  /** @param form how a key is written */
  public constructor(form: (key: string) => string) {
    this.form = form;
  }

  /** @param place a number that keys of objects of one shape have in common */
  public get(key: string, place: number): Uint8Array {
    if (place >= PLACES || key === '' || key.length > LONGEST_KEY) return this.find(key);
    if (this.last[place] === key) return this.lastBytes[place] as Uint8Array;
    const bytes = this.find(key);
    this.last[place] = key;
    this.lastBytes[place] = bytes;
    return bytes;
  }

  private find(key: string): Uint8Array {
    let bytes = this.keys.get(key);
    if (bytes === undefined) {
      bytes = Buffer.from(this.form(key));
      if (this.keys.size < MOST_KEYS && key.length <= LONGEST_KEY) this.keys.set(key, bytes);
    }
    return bytes;
  }
}
