import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'tsdown';

/**
 * Of @kubernetes/client-node only the exec plugin runner and the OIDC provider are used. The latter takes one small function from config.js, which drags
 * in 880 generated models (0.3 s to load, 2.5 MB in the bundle): it gets that function alone.
 */
const clientNodeWithoutModels = {
  name: 'client-node-without-models',
  resolveId(source: string, importer: string | undefined) {
    const fromClientNode = importer !== undefined && /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]/.test(importer);
    return fromClientNode && source === './config.js' ? '\0client-node-config' : null;
  },
  load(id: string) {
    if (id !== '\0client-node-config') return null;
    return `import { readFileSync } from 'node:fs';
export const bufferFromFileOrString = (file, data) =>
  file ? readFileSync(file) : data ? Buffer.from(data, 'base64') : null;`;
  },
};

/**
 * commander imports node:process, which touches every getter of it, stdin among them (9 ms), and node:child_process for subcommands that are programs of
 * their own (6 ms). It gets the global, and nothing to start programs with: we have none.
 */
const commanderStubs: Record<string, string> = {
  'node:process': 'export default globalThis.process;',
  'node:child_process': 'export default {};',
};
const commanderWithoutBuiltins = {
  name: 'commander-without-builtins',
  resolveId(source: string, importer: string | undefined) {
    const fromCommander = importer !== undefined && /[\\/]node_modules[\\/]commander[\\/]/.test(importer);
    return fromCommander && source in commanderStubs ? `\0commander:${source}` : null;
  },
  load(id: string) {
    return id.startsWith('\0commander:') ? commanderStubs[id.slice('\0commander:'.length)] : null;
  },
};

/** What is bundled keeps its licence: dist/THIRD-PARTY-LICENSES.txt holds that of every package with a module in the bundle. */
const thirdPartyLicenses = {
  name: 'third-party-licenses',
  generateBundle(
    this: Emitter,
    _: unknown,
    bundle: Readonly<Record<string, { readonly moduleIds?: readonly string[] }>>,
  ) {
    const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
    const packages = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
    const texts = [...packages].sort().map(licenseText);
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: texts.join('\n') });
  },
};

interface Emitter {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string;
}

/** The folder of the npm package that a module belongs to, or undefined for our own modules. */
function packageFolder(module: string): string | undefined {
  return module.startsWith('\0') || !/[\\/]node_modules[\\/]/.test(module)
    ? undefined
    : nearestPackage(dirname(module));
}

function nearestPackage(folder: string): string {
  const manifest = join(folder, 'package.json');
  // Some packages have nested package.json files without a name, to say what kind of modules a folder holds.
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name !== undefined) return folder;
  return nearestPackage(dirname(folder));
}

function licenseText(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

export default defineConfig({
  entry: {
    index: 'index.ts',
    orrery: 'cli/orrery.ts',
    'program-hook': 'cli/program-hook.ts',
    vitest: 'vitest/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  outDir: 'dist',
  // "type": "module" says it already; package.json names .js files.
  fixedExtension: false,
  dts: { sourcemap: false },
  clean: true,
  sourcemap: false,
  // client-node is 62 MB: what is used of it goes into the bundle, users do not install it. yaml, commander and execa load in half the time as one file, or less.
  deps: {
    alwaysBundle: [
      /^@kubernetes\/client-node/,
      /^openid-client$/,
      /^oauth4webapi$/,
      /^jose/,
      /^rfc4648$/,
      /^yaml$/,
      /^commander$/,
      /^execa$/,
    ],
  },
  plugins: [clientNodeWithoutModels, commanderWithoutBuiltins, thirdPartyLicenses],
});
