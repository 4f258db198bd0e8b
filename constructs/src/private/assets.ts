import * as fs from 'node:fs';
import * as path from 'node:path';
import type { IConstruct } from 'constructs';
import { sha256 } from './canonical';
import { fail } from './problem';
import type { AssetSource } from './unit';

/** A file, kept by its content. Fails where it cannot be read. */
export function fileAsset(construct: IConstruct, what: string, file: string): AssetSource {
  const absolute = resolve(construct, what, file);
  const bytes = attempt(construct, what, file, () => fs.readFileSync(absolute));
  return { file: absolute, asset: { sha256: sha256(bytes), source: shown(absolute) } };
}

/** A file that the program makes, kept by its content. */
export function textAsset(source: string, text: string): AssetSource {
  return { file: source, asset: { sha256: sha256(Buffer.from(text)), source }, text };
}

/** A file or a folder, kept by its content. */
export function fileOrFolderAsset(construct: IConstruct, what: string, file: string): AssetSource {
  const absolute = resolve(construct, what, file);
  const stat = attempt(construct, what, file, () => fs.statSync(absolute));
  return stat.isDirectory() ? folderAsset(construct, what, file) : fileAsset(construct, what, file);
}

/** A folder, kept by its content. Fails where it cannot be read. */
export function folderAsset(construct: IConstruct, what: string, file: string): AssetSource {
  const absolute = resolve(construct, what, file);
  const list = attempt(construct, what, file, () =>
    filesOf(absolute).map((name) => `${name}\0${sha256(fs.readFileSync(path.join(absolute, name)))}\n`),
  );
  return { file: absolute, asset: { sha256: sha256(list.join('')), source: shown(absolute) } };
}

export function hasFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Copies every asset into `assets/<sha256>` once. */
export function copyAssets(assets: readonly AssetSource[], folder: string): void {
  if (assets.length === 0) return;
  const target = path.join(folder, 'assets');
  fs.mkdirSync(target);
  for (const { file, asset, text } of new Map(assets.map((source) => [source.asset.sha256, source])).values()) {
    const copy = path.join(target, asset.sha256);
    if (text !== undefined) {
      fs.writeFileSync(copy, text);
      continue;
    }
    if (!fs.statSync(file).isDirectory()) {
      fs.writeFileSync(copy, fs.readFileSync(file));
      continue;
    }
    fs.mkdirSync(copy);
    for (const name of filesOf(file)) {
      fs.mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
      fs.writeFileSync(path.join(copy, name), fs.readFileSync(path.join(file, name)));
    }
  }
}

/** Files below a folder, with forward slashes, in UTF-16 order. A symbolic link that leaves the folder is refused. */
function filesOf(folder: string): string[] {
  const real = fs.realpathSync(folder);
  const files: string[] = [];
  const visit = (relative: string): void => {
    for (const entry of fs.readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.name === '.git') continue;
      let isFolder = entry.isDirectory();
      if (entry.isSymbolicLink()) {
        const target = fs.realpathSync(path.join(folder, name));
        if (target !== real && !target.startsWith(real + path.sep))
          throw new Error(`the link ${name} leaves the folder`);
        if (path.join(real, relative).startsWith(target))
          throw new Error(`the link ${name} leads back to a folder around it`);
        isFolder = fs.statSync(target).isDirectory();
      }
      if (isFolder) visit(name);
      else files.push(name);
    }
  };
  visit('');
  return files.sort();
}

function resolve(construct: IConstruct, what: string, file: string): string {
  if (file === '' || file.includes('\0')) fail(construct, 'ORR2014', `${what} "${file}" is no path.`);
  return path.resolve(file);
}

function attempt<T>(construct: IConstruct, what: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read: ${message}`;
    fail(construct, 'ORR2014', `${what} "${file}" ${why}.`, {
      fix: 'Paths are relative to the folder that the program runs in.',
    });
  }
}

function shown(absolute: string): string {
  return path.relative(process.cwd(), absolute).split(path.sep).join('/');
}
