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

export default defineConfig({
  entry: { index: 'index.ts', orrery: 'cli/orrery.ts', 'program-hook': 'cli/program-hook.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  outDir: 'dist',
  // "type": "module" says it already; package.json names .js files.
  fixedExtension: false,
  dts: { sourcemap: false },
  clean: true,
  sourcemap: false,
  // client-node is 62 MB: what is used of it goes into the bundle, users do not install it. yaml and commander load in half the time as one file.
  deps: {
    alwaysBundle: [
      /^@kubernetes\/client-node/,
      /^openid-client$/,
      /^oauth4webapi$/,
      /^jose/,
      /^rfc4648$/,
      /^yaml$/,
      /^commander$/,
    ],
  },
  plugins: [clientNodeWithoutModels, commanderWithoutBuiltins],
});
