import type { JenkinsPlugins, PluginSymbol } from '../jenkins-plugins';
import { AGENTS, CONDITIONS, OPTIONS, PARAMETERS, STAGE_OPTIONS, TOOLS, TRIGGERS } from './section-catalog';
import { STEPS } from './step-catalog';
import type { Symbols } from './symbol-model';

/** Everything that the Jenkins of a pipeline knows by name. */
export interface KnownSymbols {
  readonly agents: Symbols;
  readonly options: Symbols;
  readonly stageOptions: Symbols;
  readonly triggers: Symbols;
  readonly parameters: Symbols;
  readonly conditions: Symbols;
  readonly steps: Symbols;
  /** Names that tools are installed under, by their kind; undefined: not known. */
  readonly tools: { readonly [kind: string]: readonly string[] | undefined };
}

export function knownSymbols(plugins: JenkinsPlugins = {}): KnownSymbols {
  return {
    agents: { ...AGENTS, ...added(plugins.agents) },
    options: { ...OPTIONS, ...added(plugins.stageOptions), ...added(plugins.options) },
    stageOptions: { ...STAGE_OPTIONS, ...added(plugins.stageOptions) },
    triggers: { ...TRIGGERS, ...added(plugins.triggers) },
    parameters: { ...PARAMETERS, ...added(plugins.parameters) },
    conditions: { ...CONDITIONS, ...added(plugins.conditions) },
    steps: { ...STEPS, ...added(plugins.steps) },
    tools: { ...Object.fromEntries(TOOLS.map((kind) => [kind, undefined])), ...plugins.tools },
  };
}

function added(symbols: { readonly [name: string]: PluginSymbol } | undefined): Symbols {
  return Object.fromEntries(
    Object.entries(symbols ?? {}).map(([name, { requires, takes }]) => [
      name,
      {
        parameters: Object.fromEntries([...(requires ?? []), ...(takes ?? [])].map((parameter) => [parameter, 'any'])),
        required: [...(requires ?? [])],
        ...(requires === undefined && takes === undefined ? { isOpen: true } : {}),
      },
    ]),
  );
}
