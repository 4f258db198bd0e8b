import { anyOf, array, FLAG, later, object, SCALAR, type Shape, TEXT } from './json-shape';

/*
 * The tree of a declarative pipeline in JSON, as jenkinsci/pipeline-model-definition-plugin pipeline-model-api/src/main/resources/ast-schema.json has
 * it, and beyond it: what is a call has a name.
 */

const raw = object({ isLiteral: FLAG, value: SCALAR });
const named = object({ key: TEXT, value: raw });
const stepArguments = anyOf(array(named), raw, array(raw));

const step: Shape = later(() =>
  anyOf(
    object({ name: TEXT, arguments: stepArguments }),
    object({ name: TEXT, arguments: stepArguments, children: array(step, 1) }),
  ),
);

const condition: Shape = later(() =>
  anyOf(object({ name: TEXT, arguments: stepArguments }), object({ name: TEXT, children: array(condition, 1) })),
);

const call: Shape = later(() => object({ name: TEXT, arguments: array(callArgument) }));
const callValue = anyOf(raw, call);
const callArgument = anyOf(callValue, object({ key: TEXT, value: callValue }));

const mapArguments: Shape = later(() => array(object({ key: TEXT, value: anyOf(raw, mapArguments) })));
const agent = object({ type: TEXT, 'arguments?': mapArguments, 'argument?': raw });

const branch = object({ name: TEXT, steps: array(step, 1) });
const axis = object({ name: TEXT, values: array(raw, 1) });
const excludedAxis = object({ name: TEXT, values: array(raw, 1), 'inverse?': FLAG });
const parameters = object({ parameters: array(call, 1) });

const scope = {
  'agent?': agent,
  'environment?': array(object({ key: TEXT, value: anyOf(raw, object({ name: TEXT, arguments: array(raw) })) }), 1),
  'tools?': array(named, 1),
  'options?': object({ options: array(call, 1) }),
  'post?': object({ conditions: array(object({ condition: TEXT, branch }), 1) }),
};

const conditionalScope = {
  ...scope,
  'when?': object({
    conditions: array(condition, 1),
    'beforeAgent?': FLAG,
    'beforeInput?': FLAG,
    'beforeOptions?': FLAG,
  }),
  'input?': object({
    message: raw,
    'id?': raw,
    'ok?': raw,
    'submitter?': raw,
    'submitterParameter?': raw,
    'parameters?': parameters,
  }),
};

const stage: Shape = later(() =>
  object({
    name: TEXT,
    ...conditionalScope,
    'failFast?': FLAG,
    'branches?': array(branch),
    'stages?': array(stage, 1),
    'parallel?': array(stage, 1),
    'matrix?': object({
      axes: array(axis, 1),
      'excludes?': array(array(excludedAxis, 1), 1),
      ...conditionalScope,
      stages: array(stage, 1),
    }),
  }),
);

const { 'agent?': pipelineAgent, ...pipelineScope } = scope;

export const PIPELINE_SHAPE: Shape = object({
  pipeline: object({
    agent: pipelineAgent,
    ...pipelineScope,
    'libraries?': object({ libraries: array(raw, 1) }),
    'parameters?': parameters,
    'triggers?': object({ triggers: array(call, 1) }),
    stages: array(stage, 1),
  }),
});
