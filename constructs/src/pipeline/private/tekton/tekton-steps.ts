import { isDnsLabel } from '../../../private/names';
import { present } from '../../../private/present-members';
import { quantityOf } from '../../../private/quantity';
import type { EnvVar, Step, TaskVolume } from '../../../private/tekton/objects';
import type { TektonBackendProps } from '../../tekton-backend-props';
import { securityContext, volumeObject } from '../pod-template';
import { shellCommand, shellWord } from '../shell-words';
import { expandStep } from '../step-expansion';
import type { AgentTree, ContainerTree, CredentialTree, NamedValue, StepTree } from '../tree';
import { antRegex } from './tekton-conditions';
import { environmentValue, literalText, plain, type Reports, slug, untouched } from './tekton-text';

/** Where steps run. */
export interface StepScope {
  readonly agent: AgentTree | undefined;
  /** Variables that every step has, before those of its container. */
  readonly base: readonly EnvVar[];
  /** Variables of the pipeline and the stage. */
  readonly environment: readonly EnvVar[];
}

/** The steps of a task, and what the task needs for them. */
export interface TaskSteps {
  readonly steps: readonly Step[];
  readonly volumes: readonly TaskVolume[];
  readonly usesArtifacts: boolean;
}

interface Place {
  readonly container?: string;
  /** Instead of a container of the agent. */
  readonly image?: string;
  readonly dir?: string;
  readonly env: readonly EnvVar[];
  readonly mounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly timeout?: string;
  /** The server whose analysis a quality gate waits for. */
  readonly isPlan?: boolean;
}

const RESTRICTED = securityContext({ isolation: 'restricted' });

/** Turns steps into containers of a task, one after another. */
export class StepTranslation {
  private readonly result: Step[] = [];
  private readonly volumes = new Map<string, TaskVolume>();
  private readonly names = new Set<string>();
  private usesArtifacts = false;
  private sonar = 'sonar';

  public constructor(
    private readonly scope: StepScope,
    private readonly props: TektonBackendProps,
    private readonly reports: Reports,
  ) {}

  public of(steps: readonly StepTree[]): TaskSteps {
    for (const step of steps) this.add(step, { env: [], mounts: [] });
    return { steps: atATime(this.result), volumes: [...this.volumes.values()], usesArtifacts: this.usesArtifacts };
  }

  private add(step: StepTree, place: Place): void {
    switch (step.kind) {
      case 'deploy':
        for (const basic of expandStep(step)) this.add(basic, { ...place, isPlan: true });
        return;
      case 'image':
        for (const basic of expandStep(step)) this.add(basic, place);
        return;
      case 'notify':
        for (const basic of expandStep(step)) this.add(basic, { ...place, image: this.curl });
        return;
      case 'container':
        this.all(step.steps, { ...place, container: step.name });
        return;
      case 'dir':
        this.all(step.steps, {
          ...place,
          dir: within(place.dir, plain(step.path, 'the name of a folder', this.reports)),
        });
        return;
      case 'timeout':
        this.all(step.steps, { ...place, timeout: `${step.seconds}s` });
        return;
      case 'retry':
        this.all(step.steps, place);
        return;
      case 'call':
        this.all(step.steps ?? [], place);
        return;
      case 'withEnv':
        this.all(step.steps, { ...place, env: [...place.env, ...this.variables(step.variables)] });
        return;
      case 'withCredentials':
        this.all(
          step.steps,
          step.credentials.reduce((outer, credential) => this.bound(credential, outer), place),
        );
        return;
      case 'sonarqube':
        this.sonar = this.secretOf(step.server);
        this.all(step.steps, { ...place, env: [...place.env, ...this.sonarVariables()] });
        return;
      case 'sh':
        this.script(step.script, place, step.label ?? (place.isPlan === true ? 'orrery' : undefined));
        return;
      case 'echo':
        this.printed(step.message, 'echo', 'printf \'%s\\n\' "$MESSAGE"', place);
        return;
      case 'error':
        this.printed(step.message, 'fail', 'printf \'%s\\n\' "$MESSAGE" >&2\nexit 1', place);
        return;
      case 'checkout':
        if (this.props.source === undefined)
          this.reports.report(
            'ORR2011',
            'the sources are fetched, and the back-end knows none.',
            'Set source of the back-end.',
          );
        return;
      case 'git':
        this.clone(step, place);
        return;
      case 'archive':
        if (place.isPlan !== true) this.kept(step.artifacts, step.allowEmpty, place);
        return;
      case 'junit':
        this.kept(step.results, step.allowEmpty, place);
        return;
      case 'qualityGate':
        this.gate(step.seconds, step.aborts, place);
        return;
      default:
        // stash and unstash: all stages have the same folder. The rest is no step of Tekton, and was reported.
        return;
    }
  }

  private get curl(): string {
    return this.props.curlImage ?? 'curlimages/curl:8.16.0';
  }

  private all(steps: readonly StepTree[], place: Place): void {
    for (const step of steps) this.add(step, place);
  }

  private variables(values: readonly NamedValue[]): EnvVar[] {
    return values.map(({ name, value }) => ({
      name,
      value: environmentValue(value, `variable "${name}"`, this.reports),
    }));
  }

  private printed(message: Parameters<typeof environmentValue>[0], label: string, script: string, place: Place): void {
    const value = environmentValue(message, 'a message', this.reports);
    this.script(script, { ...place, env: [...place.env, { name: 'MESSAGE', value }] }, label);
  }

  private secretOf(id: string): string {
    const { credentialSecrets = {} } = this.props;
    const name = Object.hasOwn(credentialSecrets, id) ? (credentialSecrets[id] as string) : id;
    if (!isDnsLabel(name))
      this.reports.report(
        'ORR2003',
        `credential "${id}" is no name of a Secret.`,
        'Name its Secret in credentialSecrets of the back-end.',
      );
    return name;
  }

  private sonarVariables(): EnvVar[] {
    const from = (name: string, key: string): EnvVar => ({
      name,
      valueFrom: { secretKeyRef: { name: this.sonar, key } },
    });
    return [from('SONAR_HOST_URL', 'url'), from('SONAR_TOKEN', 'token')];
  }

  private bound(credential: CredentialTree, place: Place): Place {
    const name = this.secretOf(credential.id);
    const key = (variable: string | undefined, of: string): EnvVar[] =>
      variable === undefined ? [] : [{ name: variable, valueFrom: { secretKeyRef: { name, key: of } } }];
    switch (credential.kind) {
      case 'usernamePassword':
        return {
          ...place,
          env: [
            ...place.env,
            ...key(credential.usernameVariable, 'username'),
            ...key(credential.passwordVariable, 'password'),
          ],
        };
      case 'secretText':
        return { ...place, env: [...place.env, ...key(credential.variable, 'secret')] };
      case 'kubeconfig':
        return { ...place, env: [...place.env, ...key(credential.variable, 'content')] };
      case 'secretFile':
        return this.mounted(name, 'content', credential.variable, place);
      case 'sshKey': {
        const env = [
          ...place.env,
          ...key(credential.usernameVariable, 'username'),
          ...key(credential.passphraseVariable, 'passphrase'),
        ];
        return this.mounted(name, 'private_key', credential.keyFileVariable, { ...place, env });
      }
    }
  }

  private mounted(secret: string, file: string, variable: string, place: Place): Place {
    const volume = `secret-${secret}`.slice(0, 63).replace(/-+$/, '');
    const mountPath = `/credentials/${secret}`;
    this.volumes.set(volume, { name: volume, secret: { secretName: secret } });
    return {
      ...place,
      env: [...place.env, { name: variable, value: `${mountPath}/${file}` }],
      mounts: [...place.mounts.filter((one) => one.name !== volume), { name: volume, mountPath, readOnly: true }],
    };
  }

  private clone(step: Extract<StepTree, { kind: 'git' }>, place: Place): void {
    const base: Place = {
      ...place,
      image: this.props.gitImage ?? GIT_IMAGE,
      env: [
        ...place.env,
        { name: 'CLONE_URL', value: plain(step.url, 'the address of a repository', this.reports) },
        { name: 'CLONE_REVISION', value: plain(step.branch, 'the name of a branch', this.reports) },
      ],
    };
    const credential = step.credential;
    const login: Place =
      credential === undefined
        ? base
        : this.bound(
            {
              kind: 'usernamePassword',
              id: credential,
              usernameVariable: 'GIT_USERNAME',
              passwordVariable: 'GIT_PASSWORD',
            },
            base,
          );
    this.script(cloneScript(credential !== undefined), login, 'git');
  }

  /** Files by patterns of Ant. */
  private kept(patterns: string, allowEmpty: boolean, place: Place): void {
    if (this.props.artifactsClaim === undefined) {
      const fix = 'Set artifactsClaim of the back-end to a PersistentVolumeClaim.';
      this.reports.report('ORR2011', 'files are kept with the run, and Tekton has no place for them.', fix);
    }
    this.usesArtifacts = true;
    const regex = patterns
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .map((one) => antRegex(one.endsWith('/') ? `${one}**` : one))
      .join('|');
    const script = [
      'set -eu',
      `files=$(find . -type f | sed 's|^[.]/||' | grep -Ex ${shellWord(regex)} || true)`,
      `if [ -z "$files" ]; then ${allowEmpty ? 'exit 0' : 'echo "no file fits" >&2; exit 1'}; fi`,
      'printf \'%s\\n\' "$files" | while IFS= read -r file; do',
      '  mkdir -p "$ARTIFACTS/$(dirname "$file")"',
      '  cp "$file" "$ARTIFACTS/$file"',
      'done',
    ].join('\n');
    const value = '$(workspaces.artifacts.path)/$(params.run-name)';
    this.script(script, { ...place, env: [...place.env, { name: 'ARTIFACTS', value }] }, 'keep');
  }

  /** Asks SonarQube until it has looked at the last scan (its web API: api/ce/task, api/qualitygates/project_status). */
  private gate(seconds: number, aborts: boolean, place: Place): void {
    const script = [
      'set -eu',
      'report=$(find . -name report-task.txt | head -n 1)',
      '[ -n "$report" ] || { echo "no scan was made" >&2; exit 1; }',
      'task=$(sed -n \'s/^ceTaskUrl=//p\' "$report")',
      'ask() { curl -fsS -u "$SONAR_TOKEN:" "$1"; }',
      'while :; do',
      '  answer=$(ask "$task")',
      '  case "$answer" in',
      '    *\'"status":"SUCCESS"\'*) break ;;',
      '    *\'"status":"FAILED"\'*|*\'"status":"CANCELED"\'*) echo "the analysis failed" >&2; exit 1 ;;',
      '  esac',
      '  sleep 5',
      'done',
      'analysis=$(printf %s "$answer" | sed -n \'s/.*"analysisId":"\\([^"]*\\)".*/\\1/p\')',
      'gate=$(ask "$SONAR_HOST_URL/api/qualitygates/project_status?analysisId=$analysis")',
      'printf \'%s\\n\' "$gate"',
      `case "$gate" in '{"projectStatus":{"status":"ERROR"'*) ${aborts ? 'exit 1' : 'echo "the quality gate failed"'} ;; esac`,
    ].join('\n');
    const env = [...place.env, ...this.sonarVariables()];
    this.script(script, { ...place, image: this.curl, env, timeout: `${seconds}s` }, 'quality-gate');
  }

  private script(text: string, place: Place, label: string | undefined): void {
    untouched(text, 'a script', this.reports);
    if (text.trimStart().startsWith('#!win'))
      this.reports.report('ORR2011', 'a script is for Windows.', 'Use a script for a shell of Linux.');
    const target = this.container(place);
    const env = lastOfEach([...this.scope.base, ...target.env, ...this.scope.environment, ...place.env]);
    this.checkVariables(env);
    const mounts = [...target.mounts, ...place.mounts];
    this.result.push(
      present<Step>({
        name: this.nameFor(label ?? place.container ?? 'run'),
        image: target.image,
        script: text,
        workingDir: within('$(workspaces.source.path)', place.dir ?? ''),
        env: env.length === 0 ? undefined : env,
        timeout: place.timeout === undefined ? undefined : place.timeout,
        computeResources: target.resources,
        volumeMounts: mounts.length === 0 ? undefined : mounts,
        securityContext: target.security,
      }),
    );
  }

  /** Kubernetes leaves "$(NAME)" as it is where no variable of the name stands before. */
  private checkVariables(env: readonly EnvVar[]): void {
    const before = new Set<string>();
    for (const { name, value = '' } of env) {
      for (const [, used] of value.matchAll(/\$\$|\$\(([^)]*)\)/g)) {
        if (used === undefined || used.includes('.') || before.has(used)) continue;
        const what = `variable "${name}" is made of "${used}", which nothing before it gives.`;
        this.reports.report(
          'ORR2011',
          what,
          'Jenkins has variables that Tekton does not: use GIT_COMMIT, BUILD_ID or others of the page of Tekton.',
        );
      }
      before.add(name);
    }
  }

  private nameFor(label: string): string {
    const base = slug(label, 30);
    let name = base;
    for (let count = 2; this.names.has(name); count += 1) name = `${base}-${count}`;
    this.names.add(name);
    return name;
  }

  private container(place: Place): {
    readonly image: string;
    readonly env: readonly EnvVar[];
    readonly mounts: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
    readonly resources: object | undefined;
    readonly security: object;
  } {
    const only = (image: string) => ({ image, env: [], mounts: [], resources: undefined, security: RESTRICTED });
    if (place.image !== undefined) return only(place.image);
    const { agent } = this.scope;
    if (agent?.kind === 'pod') {
      const name = place.container ?? agent.defaultContainer;
      const container = agent.containers.find((one) => one.name === name);
      if (container !== undefined) {
        for (const cache of agent.caches) {
          if (container.mounts.some(({ volume }) => volume === cache.name))
            this.volumes.set(cache.name, volumeObject(cache));
        }
        return this.ofPod(container);
      }
      this.reports.report('ORR2012', `the pod has no container "${name}".`, 'Add it to the agent.');
      return only('');
    }
    const docker = agent?.kind === 'other' && agent.type === 'docker' ? dockerImage(agent) : undefined;
    const image = docker ?? this.props.image;
    if (place.container !== undefined || image === undefined) {
      const what =
        place.container === undefined
          ? 'a step runs in no container.'
          : `a step runs in container "${place.container}" of no pod.`;
      this.reports.report(
        'ORR2012',
        what,
        'Use an agent with containers (PipelineAgent.pod), or set image of the back-end.',
      );
    }
    return only(untouched(image ?? '', 'the name of an image', this.reports));
  }

  private ofPod(container: ContainerTree): ReturnType<StepTranslation['container']> {
    const { image, environment, mounts, cpu, memory, cpuLimit, memoryLimit } = container;
    return {
      image: untouched(image, 'the name of an image', this.reports),
      env: Object.entries(environment).map(([name, value]) => ({
        name,
        value: plain(value, `variable "${name}"`, this.reports),
      })),
      mounts: mounts.map(({ volume, path, subPath }) => present({ name: volume, mountPath: path, subPath })),
      resources: { requests: present({ cpu, memory }), limits: present({ cpu: cpuLimit, memory: memoryLimit }) },
      security: securityContext(container),
    };
  }
}

/**
 * Steps run one after another, but a pod asks for all that its containers ask for together (docs/compute-resources.md of tektoncd/pipeline): the first one asks for what the largest needs, the
 * others for nothing.
 */
function atATime(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const asked = steps.map((step) => (step.computeResources as Asked | undefined)?.requests ?? {});
  const most = present({
    cpu: largest(asked.map(({ cpu }) => cpu)),
    memory: largest(asked.map(({ memory }) => memory)),
  });
  if (Object.keys(most).length === 0) return steps;
  const none = Object.fromEntries(Object.keys(most).map((resource) => [resource, '0']));
  return steps.map((step, at) => ({
    ...step,
    computeResources: { ...(step.computeResources as Asked | undefined), requests: at === 0 ? most : none },
  }));
}

interface Asked {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
}

function largest(quantities: readonly (string | undefined)[]): string | undefined {
  const known = quantities.flatMap((one) => one ?? []);
  return known.reduce<string | undefined>(
    (most, one) => (most === undefined || (quantityOf(one) ?? 0) > (quantityOf(most) ?? 0) ? one : most),
    undefined,
  );
}

export const GIT_IMAGE = 'alpine/git:2.49.1';

/** Fetches one revision into the folder that it runs in. Nothing of its arguments can be an option: they stand behind "--". */
export function cloneScript(withLogin: boolean): string {
  const login = withLogin
    ? [
        'git config credential.helper \'!f() { printf "username=%s\\npassword=%s\\n" "$GIT_USERNAME" "$GIT_PASSWORD"; }; f\'',
      ]
    : [];
  return [
    'set -eu',
    'export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="*"',
    '[ -d .git ] || git init -q .',
    ...login,
    'git fetch -q -- "$CLONE_URL" "$CLONE_REVISION"',
    'git checkout -q -f FETCH_HEAD',
  ].join('\n');
}

function dockerImage({ argument, arguments: given }: Extract<AgentTree, { kind: 'other' }>): string | undefined {
  return literalText(argument ?? given?.find(({ name }) => name === 'image')?.value);
}

/** A folder in another one. */
function within(outer: string | undefined, inner: string): string {
  if (inner.startsWith('/') || outer === undefined) return inner;
  return inner === '' || inner === '.' ? outer : `${outer}/${inner}`;
}

/** Of variables of one name the last; it stands where the last stood, so that what it is made of stands before. */
export function lastOfEach(variables: readonly EnvVar[]): EnvVar[] {
  const all = new Map<string, EnvVar>();
  for (const variable of variables) {
    all.delete(variable.name);
    all.set(variable.name, variable);
  }
  return [...all.values()];
}

/** A command that fails where a variable has none of some values. */
export function oneOf(variable: string, values: readonly string[]): string {
  const words = values.map(shellWord).join('|');
  return `case "$${variable}" in ${words}) ;; *) ${shellCommand('echo', `${variable}: not one of its choices`)} >&2; exit 1 ;; esac`;
}
