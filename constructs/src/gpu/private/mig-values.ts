import { sha256 } from '../../private/canonical';
import { writeYaml } from '../../yaml';

/** What some cards of a node are partitioned into, as NVIDIA/mig-parted has it. */
export interface MigEntry {
  readonly devices: 'all' | readonly number[];
  readonly 'mig-enabled': boolean;
  readonly 'mig-devices'?: { readonly [profile: string]: number };
}

/** An entry for cards with a mix; those without any stay whole. */
export function migEntry(devices: 'all' | readonly number[], mix: { readonly [profile: string]: number }): MigEntry {
  return Object.keys(mix).length === 0
    ? { devices, 'mig-enabled': false }
    : { devices, 'mig-enabled': true, 'mig-devices': mix };
}

/** Named by what it is: a node keeps its label where nothing of it changes, whatever other nodes there are. */
export function migLayoutName(entries: readonly MigEntry[]): string {
  return `layout-${sha256(JSON.stringify(entries)).slice(0, 10)}`;
}

/** Values of the GPU operator's chart for configurations of the MIG manager, by name; nodes without a label stay whole. */
export function migValues(
  strategy: string,
  configMapName: string,
  configs: { readonly [name: string]: readonly MigEntry[] },
): object {
  const text = writeYaml({ version: 'v1', 'mig-configs': { [WHOLE]: [migEntry('all', {})], ...configs } });
  const data = { 'config.yaml': text };
  return {
    mig: { strategy },
    migManager: { enabled: true, config: { create: true, name: configMapName, default: WHOLE, data } },
  };
}

const WHOLE = 'all-disabled';
