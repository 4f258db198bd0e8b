import { isDnsLabel } from '../../../private/names';
import { present } from '../../../private/present-members';
import type { Finding } from '../../../private/service-validation';
import { goDuration } from '../../../private/tekton/durations';
import {
  type EnvVar,
  type ParamSpec,
  type PipelineRunSpec,
  type PipelineSpec,
  type PipelineTask,
  type PodSettings,
  pipelineObject,
  type Step,
  taskObject,
} from '../../../private/tekton/objects';
import { pipelineFindings } from '../../../private/tekton/pipeline-rules';
import { runFindings } from '../../../private/tekton/run-rules';
import { taskFindings } from '../../../private/tekton/task-rules';
import { triggerFindings } from '../../../private/tekton/trigger-rules';
import { type TektonBackendProps, TektonForge } from '../../tekton-backend-props';
import { securityContext } from '../pod-template';
import type { AgentTree, ParameterTree, PipelineTree } from '../tree';
import { STANDARD, shellCondition, type Variables } from './tekton-conditions';
import { cronMinutes } from './tekton-cron';
import { discarded, housekeepingObjects } from './tekton-housekeeping';
import { type Listening, listenerObjects, triggerObjects } from './tekton-listener';
import { type PlacedTask, PREPARE, RUN_PARAMS, StageTranslation, timeoutOf } from './tekton-stages';
import { cloneScript, GIT_IMAGE, oneOf } from './tekton-steps';
import { carried, literalText, type Reports, untouched } from './tekton-text';

/** What a pipeline becomes on Tekton. */
export interface TektonTranslation {
  readonly objects: readonly object[];
  readonly findings: readonly Finding[];
}

const TKN_IMAGE = 'ghcr.io/tektoncd/plumbing/tkn:latest';

type Parameter = Extract<ParameterTree, { kind: 'parameter' }>;

/** Translates a pipeline, whose shortcomings were reported before. */
export function tektonTranslation(name: string, tree: PipelineTree, props: TektonBackendProps): TektonTranslation {
  const findings: Finding[] = [];
  const reports: Reports = { report: (code, what, fix) => findings.push({ code, what: `Tekton: ${what}`, fix }) };
  const { namespaceName: namespace, source } = props;
  checkProps(props, reports);
  const parameters = tree.parameters.filter((one): one is Parameter => one.kind === 'parameter');
  const names = parameters.map((one) => one.name);
  for (const taken of names.filter((one) => RUN_PARAMS.includes(one)))
    reports.report('ORR2004', `parameter "${taken}" is one of the run itself.`, 'Name it otherwise.');

  const stages = new StageTranslation(name, names, source !== undefined, props, reports);
  const choices = parameters.filter(({ type }) => type === 'choice');
  // The stages are placed twice: only then it is known whether something has to be worked out before the first.
  const draft = new StageTranslation(name, names, source !== undefined, props, { report: () => undefined });
  draft.of(tree.stages, tree.agent, tree.environment, []);
  const isPrepared = source !== undefined || choices.length > 0 || draft.gates.size > 0;
  stages.of(tree.stages, tree.agent, tree.environment, isPrepared ? [PREPARE] : []);
  stages.after(tree.post, tree.agent, tree.environment);
  const prepared = isPrepared ? [prepareTask(name, choices, names, stages, props, reports)] : [];
  const tasks = [...prepared, ...stages.tasks];

  const spec = present<PipelineSpec>({
    params: [...runParams(props), ...parameters.map((one) => parameterSpec(one, reports))],
    workspaces: [{ name: 'source' }, ...(stages.usesArtifacts ? [{ name: 'artifacts' }] : [])],
    tasks: tasks.map(({ place }) => place),
    finally: stages.last.length === 0 ? undefined : stages.last.map(({ place }) => place),
  });
  const all = [...tasks, ...stages.last];
  const known = all.flatMap(({ task }) => task ?? []);
  for (const task of known) findings.push(...taskFindings(`Tekton: Task "${task.name}"`, task.spec));
  findings.push(...pipelineFindings('Tekton', spec, new Map(known.map((task) => [task.name, task.spec]))));

  const run = runSpec(name, tree, all, stages.usesArtifacts, props);
  findings.push(...runFindings('Tekton: a run', run, spec));
  const listening: Listening = {
    name,
    namespace,
    source,
    schedules: tree.triggers.flatMap(({ arguments: given }) => {
      const schedule = given.kind === 'positional' ? (literalText(given.values[0]) ?? '') : '';
      return cronMinutes(schedule, name) ?? [];
    }),
    run,
    curlImage: props.curlImage ?? 'curlimages/curl:8.16.0',
    defaultRevision: source?.defaultRevision ?? 'main',
  };
  const triggers = triggerObjects(listening);
  for (const object of triggers) findings.push(...triggerFindings(object));
  const kept = discarded(tree.options);
  const metadata = (own: string) => ({ name: own, namespace });
  return {
    findings: unique(findings),
    objects: [
      ...known.map((task) => taskObject(metadata(task.name), task.spec)),
      pipelineObject(metadata(name), spec),
      ...listenerObjects(listening),
      ...(kept === undefined ? [] : housekeepingObjects(name, namespace, kept, props.tknImage ?? TKN_IMAGE)),
      ...triggers,
    ],
  };
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.what, finding])).values()];
}

function checkProps({ namespaceName, source, artifactsClaim }: TektonBackendProps, reports: Reports): void {
  if (!isDnsLabel(namespaceName))
    reports.report('ORR2003', `"${namespaceName}" is not a valid namespace.`, 'Use a DNS label.');
  if (artifactsClaim !== undefined && !isDnsLabel(artifactsClaim))
    reports.report('ORR2003', `"${artifactsClaim}" is no name of a PersistentVolumeClaim.`, 'Use a DNS label.');
  if (source === undefined) return;
  const { url, forge, webhookSecret, branches = [], defaultRevision = 'main' } = source;
  if (!/^https:\/\/[A-Za-z0-9.-]+(:\d+)?\/[A-Za-z0-9._~/%+-]+$/.test(url))
    reports.report(
      'ORR2011',
      `"${url}" is no address of a repository.`,
      'Use an https:// address without user and password.',
    );
  if (forge !== undefined && webhookSecret === undefined)
    reports.report(
      'ORR2011',
      'the listener has no secret: whoever reaches it could start runs.',
      'Set webhookSecret of the source.',
    );
  if (
    forge === undefined &&
    (webhookSecret !== undefined || source.branches !== undefined || source.pullRequests !== undefined)
  )
    reports.report(
      'ORR2012',
      'the source says which events count, and nobody sends any.',
      `Set forge, e.g. TektonForge.${Object.keys(TektonForge)[0]}.`,
    );
  for (const name of [...branches, defaultRevision]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name))
      reports.report('ORR2011', `"${name}" is no name of a branch.`, 'Use letters, digits, ".", "_", "/" and "-".');
  }
}

/** Params that a run gets from its event, or by hand. */
function runParams({ source }: TektonBackendProps): ParamSpec[] {
  const given = new Map([
    ['git-url', source?.url ?? ''],
    ['git-revision', source?.defaultRevision ?? 'main'],
  ]);
  const names = [
    'git-url',
    'git-revision',
    ...RUN_PARAMS.filter((one) => !['git-url', 'git-commit', 'run-name', 'run-url'].includes(one)),
  ];
  return names.map((name) => ({ name, type: 'string', default: given.get(name) ?? '' }));
}

function parameterSpec({ name, type, defaultValue, description, choices }: Parameter, reports: Reports): ParamSpec {
  const value =
    type === 'choice' ? (choices?.[0] ?? '') : String(defaultValue ?? (type === 'booleanParam' ? false : ''));
  for (const choice of choices ?? []) carried(choice, `a choice of parameter "${name}"`, reports);
  const told = type === 'choice' ? `${description ?? ''} (${(choices ?? []).join(', ')})`.trim() : description;
  return present<ParamSpec>({
    name,
    type: 'string',
    description: told === undefined ? undefined : untouched(told, `the description of parameter "${name}"`, reports),
    default: carried(value, `the default of parameter "${name}"`, reports),
  });
}

/** Checks what was asked for, fetches the sources, and works out conditions that Tekton cannot compare. */
function prepareTask(
  pipelineName: string,
  choices: readonly Parameter[],
  parameters: readonly string[],
  stages: StageTranslation,
  props: TektonBackendProps,
  reports: Reports,
): PlacedTask {
  const { source } = props;
  const image = props.gitImage ?? GIT_IMAGE;
  const names = [
    'git-url',
    'git-revision',
    'git-branch',
    'git-tag',
    'git-change',
    'git-change-target',
    'git-event',
    ...parameters,
  ];
  const variables: EnvVar[] = [
    ...Object.entries(STANDARD).flatMap(([name, param]) =>
      names.includes(param) ? [{ name, value: `$(params.${param})` }] : [],
    ),
    ...parameters.map((name) => ({ name, value: `$(params.${name})` })),
  ];
  const step = (name: string, script: string, env: readonly EnvVar[]): Step => ({
    name,
    image,
    script: untouchedButPaths(script, reports),
    workingDir: '$(workspaces.source.path)',
    env,
    securityContext: securityContext({ isolation: 'restricted' }),
  });
  const login = source?.credentialSecret;
  const key = (name: string, of: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: login ?? '', key: of } },
  });
  const gates = [...stages.gates].map(([result, condition]) => {
    const command = shellCondition(condition, stages.gateScopes.get(result) as Variables, reports);
    return `if ${command}; then value=true; else value=false; fi\nprintf %s "$value" > "$(results.${result}.path)"`;
  });
  const steps: Step[] = [
    ...(choices.length === 0
      ? []
      : [step('choices', choices.map((one) => oneOf(one.name, one.choices ?? [])).join('\n'), variables)]),
    ...(source === undefined
      ? []
      : [
          step(
            'clone',
            `${cloneScript(login !== undefined)}\ngit rev-parse HEAD | tr -d '\\n' > "$(results.commit.path)"`,
            [
              { name: 'CLONE_URL', value: '$(params.git-url)' },
              { name: 'CLONE_REVISION', value: '$(params.git-revision)' },
              ...(login === undefined ? [] : [key('GIT_USERNAME', 'username'), key('GIT_PASSWORD', 'password')]),
            ],
          ),
        ]),
    ...(gates.length === 0 ? [] : [step('conditions', gates.join('\n'), variables)]),
  ];
  const results = [...(source === undefined ? [] : ['commit']), ...stages.gates.keys()];
  const name = `${pipelineName}-${PREPARE}`;
  return {
    place: present<PipelineTask>({
      name: PREPARE,
      taskRef: { kind: 'Task', name },
      params: names.map((param) => ({ name: param, value: `$(params.${param})` })),
      workspaces: [{ name: 'source', workspace: 'source' }],
    }),
    task: {
      name,
      spec: present({
        params: names.map((param) => ({ name: param, type: 'string' })),
        workspaces: [{ name: 'source' }],
        results: results.length === 0 ? undefined : results.map((result) => ({ name: result, type: 'string' })),
        steps,
      }),
    },
  };
}

/** Our own paths of results may stand in a script; what the program gave may not look like that. */
function untouchedButPaths(script: string, reports: Reports): string {
  untouched(script.replaceAll(/"\$\(results\.(commit|when-\d+)\.path\)"/g, '""'), 'a condition or choice', reports);
  return script;
}

function runSpec(
  name: string,
  tree: PipelineTree,
  tasks: readonly PlacedTask[],
  usesArtifacts: boolean,
  props: TektonBackendProps,
): PipelineRunSpec {
  const { workspaceSize = '2Gi', storageClass, artifactsClaim } = props;
  const seconds = timeoutOf(tree.options);
  const timeout = seconds === undefined ? props.timeout : `${seconds}s`;
  const claim = present({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: workspaceSize } },
    storageClassName: storageClass,
  });
  const own = tasks.flatMap(({ place, agent }) =>
    agent === undefined ? [] : [{ pipelineTaskName: place.name, ...podSettings(agent, props) }],
  );
  return present<PipelineRunSpec>({
    pipelineRef: { name },
    workspaces: [
      { name: 'source', volumeClaimTemplate: { spec: claim } },
      ...(usesArtifacts
        ? [{ name: 'artifacts', persistentVolumeClaim: { claimName: artifactsClaim ?? 'artifacts' } }]
        : []),
    ],
    taskRunTemplate: podSettings(tree.agent, props),
    taskRunSpecs: own.length === 0 ? undefined : own,
    timeouts: timeout === undefined ? undefined : { pipeline: goDuration(timeout) },
  });
}

/** Of the pods: what an agent says of its own. */
function podSettings(agent: AgentTree, { serviceAccountName, fsGroup = 1000 }: TektonBackendProps): PodSettings {
  const pod = agent.kind === 'pod' ? agent : undefined;
  const account = pod?.serviceAccount ?? serviceAccountName;
  const hasNodes = pod !== undefined && Object.keys(pod.nodeSelector).length > 0;
  return present<PodSettings>({
    serviceAccountName: account,
    podTemplate: present({
      nodeSelector: hasNodes ? pod.nodeSelector : undefined,
      imagePullSecrets:
        pod === undefined || pod.pullSecrets.length === 0 ? undefined : pod.pullSecrets.map((name) => ({ name })),
      securityContext: present({ fsGroup, runAsUser: pod?.runAsUser }),
      automountServiceAccountToken: account === undefined ? false : undefined,
    }),
  });
}
