import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Looks for an executable in a list of folders. Relative ones are passed over: what is run must not depend on where one stands.
 * @param searchPath as in PATH
 */
export async function findExecutable(searchPath: string, name: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${name}.exe`, name] : [name];
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '' || !path.isAbsolute(folder)) continue;
    for (const candidate of names) {
      const file = path.join(folder, candidate);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Whether a name of an executable is a path, and not to be looked for in the PATH. */
export function isPath(binary: string): boolean {
  return path.isAbsolute(binary) || binary.includes('/') || binary.includes(path.sep);
}

/** What tells one file from another without reading it. */
export async function fileIdentity(file: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(file);
  return `${file}|${size}|${mtimeMs}|${ino}`;
}
