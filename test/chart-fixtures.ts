import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A chart of our own with a subchart, definitions, hooks and a test. */
export const STOREFRONT = fileURLToPath(new URL('charts/storefront', import.meta.url));

/** Writes a chart with some templates. */
export function writeChart(folder: string, templates: Readonly<Record<string, string>>, values = '{}'): string {
  mkdirSync(path.join(folder, 'templates'), { recursive: true });
  writeFileSync(path.join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: sample\nversion: 0.1.0\n');
  writeFileSync(path.join(folder, 'values.yaml'), values);
  for (const [name, text] of Object.entries(templates)) writeFileSync(path.join(folder, 'templates', name), text);
  return folder;
}

export interface TarEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** POSIX typeflag. Default "0", a file. */
  readonly type?: string;
  /** Size to claim. Default the content's. */
  readonly size?: number;
}

/** A gzipped tar archive, hostile ones included. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0', size }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0, 'utf8');
    header.write('0000644\0', 100, 'latin1');
    header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('        ', 148, 'latin1');
    header.write(type, 156, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** The archive that `helm package` would make of a chart folder. */
export function packedChart(folder: string, name: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(path.join(folder, file)).isFile(),
  );
  files.sort((a, b) => (a === 'Chart.yaml' ? -1 : b === 'Chart.yaml' ? 1 : a < b ? -1 : 1));
  return tarArchive(files.map((file) => ({ name: `${name}/${file}`, content: readFileSync(path.join(folder, file)) })));
}
