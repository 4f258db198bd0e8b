import type { PipelineValue } from '../pipeline-value';
import type { EnvironmentTree, ToolTree } from './tree';
import { literal } from './values';

interface EnvironmentOptions {
  readonly environment?: { [name: string]: string };
  readonly environmentValues?: { [name: string]: PipelineValue };
  readonly environmentCredentials?: { [name: string]: string };
}

/** The environment in the order of its kinds: what is computed may use what stands before. */
export function environmentTrees(options: EnvironmentOptions): EnvironmentTree[] {
  const { environment, environmentValues, environmentCredentials } = options;
  return [
    ...Object.entries(environment ?? {}).map(([name, text]) => ({ name, value: literal(text) })),
    ...Object.entries(environmentCredentials ?? {}).map(([name, id]) => ({
      name,
      value: { kind: 'credentials' as const, id: literal(id) },
    })),
    ...Object.entries(environmentValues ?? {}).map(([name, value]) => ({ name, value: value._tree() })),
  ];
}

export function toolTrees(tools: { readonly [type: string]: string } | undefined): ToolTree[] {
  return Object.entries(tools ?? {}).map(([type, version]) => ({ type, version: literal(version) }));
}
