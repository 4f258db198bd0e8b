import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolDefinition } from './tool-catalogue.ts';

/** Operating system and processor in Go's names, e.g. linux and amd64. */
export interface GoPlatform {
  readonly os: string;
  readonly architecture: string;
}

/** @param platform `process.platform`. @param architecture `process.arch`. */
export function goPlatform(platform: string, architecture: string): GoPlatform {
  return {
    os: platform === 'win32' ? 'windows' : platform,
    architecture: architecture === 'x64' ? 'amd64' : architecture === 'ia32' ? '386' : architecture,
  };
}

/** Arguments of `go` that build a tool, without the output. */
export function buildArguments({ variables = {} }: ToolDefinition): string[] {
  const values = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ['build', '-mod=readonly', '-buildvcs=false', '-trimpath', `-ldflags=${['-s', '-w', ...values].join(' ')}`];
}

/**
 * Names what a build depends on: sha256, as 16 hex digits, over the module's go.mod, go.sum and Go sources, the build flags, the package and
 * the platform.
 */
export function cacheKey(tool: ToolDefinition, modulesFolder: string, platform: GoPlatform): string {
  const folder = join(modulesFolder, tool.module);
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (name === 'go.mod' || name === 'go.sum' || name.endsWith('.go')) {
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(folder, name)))
        .update('\0');
    }
  }
  hash.update(JSON.stringify([buildArguments(tool), tool.package, platform.os, platform.architecture]));
  return hash.digest('hex').slice(0, 16);
}
