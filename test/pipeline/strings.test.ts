import { execFileSync } from 'node:child_process';
import {
  BuildContainer,
  BuildTool,
  PipelineAgent,
  PipelineCredential,
  PipelineDefinition,
  PipelineInput,
  PipelineOption,
  PipelineParameter,
  PipelinePost,
  PipelineStage,
  PipelineStep,
  PipelineTrigger,
  PipelineValue,
  PipelineWhen,
} from '@orrery/constructs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GROOVY_TIMEOUT, groovySkipped, isGroovyMissing, parseGroovy, runPipelines } from './groovy.ts';
import { canonical } from './groovy-ast.ts';

/** A pipeline with a text of its own in every place that takes one, and how many it takes. */
function pipelineOf(texts: readonly string[]): { readonly pipeline: PipelineDefinition; readonly used: number } {
  let used = 0;
  const text = () => texts[used++] ?? '';
  const { env, param, joined, list, record, symbol } = PipelineValue;
  const credentials = [
    PipelineCredential.usernamePassword(text(), 'USER', 'PASSWORD'),
    PipelineCredential.secretText(text(), 'TOKEN'),
    PipelineCredential.secretFile(text(), 'FILE'),
    PipelineCredential.sshKey(text()),
    PipelineCredential.kubeconfig(text()),
  ];
  const steps = [
    PipelineStep.git(text(), { branch: text(), credential: text() }),
    PipelineStep.sh(text(), { label: text() }),
    PipelineStep.echo(text()),
    PipelineStep.echo(joined(text(), env('BUILD_NUMBER'), text(), param('TARGET'), text())),
    PipelineStep.failWith(text()),
    PipelineStep.dir(text(), PipelineStep.unstash(text())),
    PipelineStep.stash(text(), { includes: text(), excludes: text() }),
    PipelineStep.archive(text()),
    PipelineStep.junit(text(), { allowEmpty: true }),
    PipelineStep.withCredentials(credentials, PipelineStep.sh(text())),
    PipelineStep.withEnvironment({ A: text(), B: joined(text(), env('A')) }, PipelineStep.checkout()),
    PipelineStep.approval(text(), { ok: text(), submitters: [text()] }),
    PipelineStep.sonarScan({ server: text() }),
    PipelineStep.mail([text()], text(), text()),
    PipelineStep.slack(text(), text()),
    PipelineStep.call('anything', { [text()]: text(), other: list([text(), record({ [text()]: text() })]) }),
    PipelineStep.callWith('anything', [text(), symbol('thing', { [text()]: text() })]),
    PipelineStep.timeout('90s', PipelineStep.retry(2, PipelineStep.callWith('sleepy', [text()]))),
  ];
  const pipeline = new PipelineDefinition({
    agent: PipelineAgent.none(),
    libraries: [text(), text()],
    environment: { PLAIN: text() },
    environmentCredentials: { SECRET: text() },
    environmentValues: { JOINED: joined(text(), env('PLAIN')) },
    tools: { maven: text() },
    parameters: [
      PipelineParameter.line('TARGET', { defaultValue: text(), description: text() }),
      PipelineParameter.choice('CHOICE', [text(), text()]),
      PipelineParameter.flag('FLAG', { description: text() }),
    ],
    options: [PipelineOption.checkoutToSubdirectory(text()), PipelineOption.timeout('1h')],
    triggers: [PipelineTrigger.cron(text()), PipelineTrigger.upstream([text()])],
    stages: [
      PipelineStage.steps(text(), steps, {
        agent: PipelineAgent.label(text()),
        when: [
          PipelineWhen.branch(text()),
          PipelineWhen.changeRequest({ target: text(), title: text() }),
          PipelineWhen.changeset(text()),
          PipelineWhen.anyOf(PipelineWhen.environment('PLAIN', text()), PipelineWhen.equal(param('TARGET'), text())),
        ],
        input: new PipelineInput(text(), {
          id: text(),
          ok: text(),
          submitters: [text()],
          parameters: [PipelineParameter.text('REASON', { defaultValue: text() })],
        }),
      }),
      PipelineStage.matrix(text(), [PipelineStage.steps(text(), [PipelineStep.echo(text())])], {
        axes: [{ name: 'AXIS', values: [text(), text()] }],
        excludes: [{ notValues: [{ name: 'AXIS', values: [text()] }] }],
      }),
      PipelineStage.steps(text(), [PipelineStep.checkout()], {
        agent: PipelineAgent.docker('image:1', { args: text(), registryCredentialsId: text() }),
      }),
      PipelineStage.steps(text(), [PipelineStep.checkout()], {
        agent: PipelineAgent.pod([BuildContainer.node({ environment: { VALUE: text() } })]),
      }),
    ],
    post: [PipelinePost.always(PipelineStep.echo(text()))],
  });
  return { pipeline, used };
}

const COUNT = pipelineOf([]).used;

/** What has a meaning in Groovy, in its lexer, in GStrings, in shells, or is hard to see. */
const FRAGMENTS = [
  ...[
    "'",
    '"',
    "'''",
    '"""',
    '$',
    '${',
    '}',
    `\${x}`,
    '$x',
    '\\',
    '\\\\',
    "\\'",
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\b',
    '/',
    '$/',
    '/$',
  ],
  ...[
    '//',
    '/*',
    '*/',
    ')',
    '(',
    '{',
    ']',
    ',',
    ';',
    ':',
    '#',
    '`',
    '%s',
    '\\u0027',
    '\\\\u0027',
    '\\uuu0022',
    '\\u000a',
    '\\',
  ],
  ...[
    '\u2028',
    '\u2029',
    '\u0085',
    '\u00a0',
    '\ufeff',
    '\u202e',
    '\u200b',
    '\u0001',
    '\u001b',
    '\u007f',
    '\ufffe',
    '😀',
    'ü',
    '中',
  ],
  ...['u', 'a', ' ', '0', '-', '@', '__proto__', '$class', 'true', 'null', 'in '],
];

const hostile = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ unit: 'binary', maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.trim() !== '' && !/[\0\uffff]|\p{Cs}/u.test(text));

/** Stands for the text of this number. */
function placeholder(index: number): string {
  return `S${index}S`;
}

/** The tree with the texts in their places. A pod is compared as what its YAML means. */
function withTexts(tree: unknown, texts: readonly string[]): unknown {
  if (typeof tree === 'string') {
    const isPod = tree.startsWith('\napiVersion: v1\nkind: Pod\n');
    if (isPod) return withTexts(parse(tree), texts);
    return tree.replace(/S(\d+)S/g, (_token, index: string) => texts[Number(index)] ?? '');
  }
  if (Array.isArray(tree)) return tree.map((item) => withTexts(item, texts));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [withTexts(key, texts), withTexts(value, texts)]),
  );
}

describe('texts of a pipeline', () => {
  it.skipIf(isGroovyMissing)(
    `mean themselves and change nothing around them, whatever they are${groovySkipped}`,
    () => {
      const places = fc.uniqueArray(hostile, { minLength: COUNT, maxLength: COUNT });
      const samples = fc.sample(places, { numRuns: 60 });
      const sources = samples.map((texts) => pipelineOf(texts).pipeline.toJenkinsfile());
      const plain = pipelineOf([...Array(COUNT).keys()].map(placeholder)).pipeline.toJenkinsfile();
      const parsed = parseGroovy({ plain, ...Object.fromEntries(sources.entries()) });
      const shape = JSON.parse(canonical(parsed.plain));
      for (const [index, texts] of samples.entries()) {
        const tree = JSON.parse(canonical(parsed[index]));
        expect(withTexts(tree, []), sources[index]).toEqual(withTexts(shape, texts));
      }
    },
    GROOVY_TIMEOUT,
  );

  it.skipIf(isGroovyMissing)(
    `reach the steps as they are when the pipeline runs${groovySkipped}`,
    () => {
      const samples = fc.sample(fc.uniqueArray(hostile, { minLength: COUNT, maxLength: COUNT }), { numRuns: 10 });
      const sources = samples.map((texts) => pipelineOf(texts).pipeline.toJenkinsfile());
      const plain = pipelineOf([...Array(COUNT).keys()].map(placeholder)).pipeline.toJenkinsfile();
      const runs = runPipelines({ plain, ...Object.fromEntries(sources.entries()) });
      expect(runs.plain).toHaveProperty('calls');
      for (const [index, texts] of samples.entries()) {
        expect(withTexts(runs[index], []), sources[index]).toEqual(withTexts(runs.plain, texts));
      }
    },
    GROOVY_TIMEOUT,
  );

  it('are refused in every place when no file, lexer or shell could hold them', () => {
    const texts = [...Array(COUNT).keys()].map(placeholder);
    for (const offence of ['\0', '\uffff', '\ud800', 'a\udc00b']) {
      for (const index of texts.keys()) {
        const { pipeline } = pipelineOf(texts.with(index, `a${offence}`));
        expect(() => pipeline.toJenkinsfile(), `${index}: ${JSON.stringify(offence)}`).toThrow('The text has');
      }
    }
  });

  it('are one word each for a shell', () => {
    const samples = fc.sample(fc.array(hostile, { minLength: 1, maxLength: 5 }), { numRuns: 60 });
    for (const args of samples) {
      const pipeline = new PipelineDefinition({
        agent: PipelineAgent.any(),
        stages: [PipelineStage.steps('A', [PipelineStep.testProject(BuildTool.NODE, { args })])],
      });
      const [stage] = JSON.parse(pipeline.toJson()).pipeline.stages;
      const script: string = stage.branches[0].steps[0].children[0].arguments[0].value.value;
      const printed = execFileSync('sh', ['-c', script.replace(/^npm test /, "printf '%s\\0' ")], { encoding: 'utf8' });
      expect(printed.split('\0').slice(0, -1)).toEqual(args);
    }
  });
});
