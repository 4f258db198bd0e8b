// The way of a platform, step by step: synth, plan, apply, plan again. Shared by `npm start` and `npm run sandbox`.
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { bundledHelm } from './bundled-helm.mjs';
import { must, root, say, setUp } from './set-up.mjs';

export const example = join(root, 'examples', 'online-shop');

/** A function that runs the built CLI in the example's folder and ends this process when it fails. */
export async function orreryInExample() {
  const node = await setUp();
  const helm = await helmOnPath();
  const env =
    helm === undefined
      ? {}
      : { PATH: [join(root, 'node_modules', '.bin'), dirname(helm), process.env.PATH].join(delimiter) };
  mkdirSync(example, { recursive: true });
  return async (...args) => {
    say(`\n$ orrery ${args.join(' ')}`);
    await must(node, [join(root, 'lib', 'dist', 'orrery.js'), ...args], { cwd: example, env });
  };
}

/** The helm that comes with a dev-dependency, for machines that have none on the PATH (Linux x64); undefined: the PATH decides. */
async function helmOnPath() {
  const { existsSync } = await import('node:fs');
  const name = process.platform === 'win32' ? 'helm.exe' : 'helm';
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
  return onPath ? undefined : bundledHelm(join(root, 'node_modules', '.cache', 'orrery'));
}
