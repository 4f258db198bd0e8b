import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'index.ts', orrery: 'cli/orrery.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  outDir: 'dist',
  dts: { sourcemap: false },
  clean: true,
  sourcemap: false,
});
