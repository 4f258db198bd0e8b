import { shellCommand, shellWord } from './shell-words';
import type { BasicStep, ComposedStep, CredentialTree, ImageBuildTree, NotifyTree, StepTree, ValueTree } from './tree';

/** Takes a step apart into those that every back-end has. Basic steps stay as they are. */
export function expandStep(step: StepTree): readonly BasicStep[] {
  switch (step.kind) {
    case 'image':
      return [imageBuild(step)];
    case 'notify':
      return [notification(step)];
    case 'deploy':
      return [deployment(step)];
    default:
      return [step];
  }
}

/** Variables that values are handed over in: a script reads them in quotes and never contains them. */
const TAG = 'IMAGE_TAG';
const USER = 'REGISTRY_USER';
const PASSWORD = 'REGISTRY_PASSWORD';

function imageBuild(step: ImageBuildTree): BasicStep {
  const script: BasicStep = { kind: 'sh', script: imageScript(step) };
  const tagged: BasicStep = { kind: 'withEnv', variables: [{ name: TAG, value: step.tag }], steps: [script] };
  const inside = withCredentials(
    step.registryCredential === undefined
      ? []
      : [
          {
            kind: 'usernamePassword',
            id: step.registryCredential,
            usernameVariable: USER,
            passwordVariable: PASSWORD,
          },
        ],
    [tagged],
  );
  return { kind: 'container', name: step.container, steps: inside };
}

function imageScript(step: ImageBuildTree): string {
  const login = step.registryCredential === undefined ? [] : registryLogin(step.tool, registryOf(step.image));
  const commands = { buildkit: buildkitCommand, buildah: buildahCommands, kaniko: kanikoCommand }[step.tool](step);
  return ['set -eu', ...login, ...commands].join('\n');
}

function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'https://index.docker.io/v1/';
}

/** BuildKit and Kaniko have no login of their own: they read the file that Docker's would write. */
function registryLogin(tool: ImageBuildTree['tool'], registry: string): string[] {
  if (tool === 'buildah') {
    const host = registry.startsWith('https://') ? 'docker.io' : registry;
    return [`printf %s "$${PASSWORD}" | buildah login --username "$${USER}" --password-stdin ${shellWord(host)}`];
  }
  const folder = tool === 'kaniko' ? '/kaniko/.docker' : '"$HOME/.docker"';
  const file = tool === 'kaniko' ? '/kaniko/.docker/config.json' : '"$HOME/.docker/config.json"';
  return [
    `mkdir -p ${folder}`,
    `auth=$(printf '%s:%s' "$${USER}" "$${PASSWORD}" | base64 | tr -d '\\n')`,
    `printf '{"auths":{"%s":{"auth":"%s"}}}' ${shellWord(registry)} "$auth" > ${file}`,
  ];
}

/** The name with its tag, as words of the shell: the tag comes from the environment. */
function taggedName(image: string): string {
  return `${shellWord(image)}:"$${TAG}"`;
}

function buildkitCommand(step: ImageBuildTree): string[] {
  const lines = [
    'buildctl-daemonless.sh build',
    shellCommand('--frontend', 'dockerfile.v0'),
    shellCommand('--local', `context=${step.context}`),
    shellCommand('--local', `dockerfile=${joined(step.context, folderOf(step.dockerfile))}`),
    shellCommand('--opt', `filename=${fileOf(step.dockerfile)}`),
    ...(step.platforms.length === 0 ? [] : [shellCommand('--opt', `platform=${step.platforms.join(',')}`)]),
    ...Object.entries(step.buildArguments).map(([name, value]) => shellCommand('--opt', `build-arg:${name}=${value}`)),
    ...(step.cacheImage === undefined
      ? []
      : [
          shellCommand('--import-cache', `type=registry,ref=${step.cacheImage}`),
          ...(step.push ? [shellCommand('--export-cache', `type=registry,ref=${step.cacheImage},mode=max`)] : []),
        ]),
    `--output type=image,name=${taggedName(step.image)},push=${step.push}`,
  ];
  return [lines.join(' \\\n  ')];
}

function buildahCommands(step: ImageBuildTree): string[] {
  const build = [
    'buildah build --layers --isolation chroot --storage-driver vfs',
    shellCommand('--file', joined(step.context, step.dockerfile)),
    ...(step.platforms.length === 0 ? [] : [shellCommand('--platform', step.platforms.join(','))]),
    ...Object.entries(step.buildArguments).map(([name, value]) => shellCommand('--build-arg', `${name}=${value}`)),
    ...(step.cacheImage === undefined
      ? []
      : [
          shellCommand('--cache-from', step.cacheImage),
          ...(step.push ? [shellCommand('--cache-to', step.cacheImage)] : []),
        ]),
    `${step.platforms.length > 1 ? '--manifest' : '--tag'} ${taggedName(step.image)}`,
    shellWord(step.context),
  ].join(' \\\n  ');
  if (!step.push) return [build];
  const push =
    step.platforms.length > 1
      ? `buildah manifest push --all --storage-driver vfs ${taggedName(step.image)} docker://${taggedName(step.image)}`
      : `buildah push --storage-driver vfs ${taggedName(step.image)}`;
  return [build, push];
}

function kanikoCommand(step: ImageBuildTree): string[] {
  const lines = [
    '/kaniko/executor',
    shellCommand('--context', step.context),
    shellCommand('--dockerfile', joined(step.context, step.dockerfile)),
    ...(step.platforms.length === 0 ? [] : [shellCommand('--customPlatform', step.platforms.join(','))]),
    ...Object.entries(step.buildArguments).map(([name, value]) => shellCommand('--build-arg', `${name}=${value}`)),
    ...(step.cacheImage === undefined ? [] : [shellCommand('--cache=true', '--cache-repo', step.cacheImage)]),
    `--destination ${taggedName(step.image)}`,
    ...(step.push ? [] : ['--no-push']),
  ];
  return [lines.join(' \\\n  ')];
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function joined(folder: string, path: string): string {
  if (path.startsWith('/') || folder === '.') return path;
  return path === '.' ? folder : `${folder}/${path}`;
}

/** Steps with credentials, if there are any. */
function withCredentials(credentials: readonly CredentialTree[], steps: readonly StepTree[]): readonly StepTree[] {
  return credentials.length === 0 ? steps : [{ kind: 'withCredentials', credentials, steps }];
}

function deployment(step: Extract<ComposedStep, { kind: 'deploy' }>): BasicStep {
  const steps = withCredentials(step.credentials, deploySteps(step));
  const placed: readonly StepTree[] = step.directory === '.' ? steps : [{ kind: 'dir', path: step.directory, steps }];
  const [only] = placed;
  if (step.container !== undefined) return { kind: 'container', name: step.container, steps: placed };
  return only !== undefined && placed.length === 1 && isBasic(only)
    ? only
    : { kind: 'dir', path: step.directory, steps: placed };
}

function isBasic(step: StepTree): step is BasicStep {
  return step.kind !== 'image' && step.kind !== 'notify' && step.kind !== 'deploy';
}

function deploySteps(step: Extract<ComposedStep, { kind: 'deploy' }>): StepTree[] {
  const clusters = step.clusters.length === 0 ? [] : ['--cluster', step.clusters.join(',')];
  if (step.verb === 'apply') {
    const command =
      step.planFile === undefined
        ? shellCommand('npx', 'orrery', 'apply', '--yes', ...clusters)
        : shellCommand('npx', 'orrery', 'apply', ...clusters, step.planFile);
    const apply: StepTree = { kind: 'sh', script: command, label: 'orrery apply' };
    return step.planFile === undefined ? [apply] : [{ kind: 'unstash', name: step.planFile }, apply];
  }
  const saved = step.planFile === undefined ? [] : ['--out', step.planFile];
  const command = shellCommand('npx', 'orrery', 'plan', '--output', 'markdown', ...clusters, ...saved);
  return [
    { kind: 'sh', script: `${command} > plan.md\ncat plan.md`, label: 'orrery plan' },
    { kind: 'archive', artifacts: 'plan.md', allowEmpty: false },
    ...(step.planFile === undefined ? [] : [{ kind: 'stash' as const, name: step.planFile, includes: step.planFile }]),
  ];
}

function notification({ channel, message }: NotifyTree): BasicStep {
  switch (channel.kind) {
    case 'mail':
      return call('mail', { to: text(channel.to.join(',')), subject: text(channel.subject), body: message });
    case 'slack':
      return call('slackSend', { channel: text(channel.channel), message });
    case 'webhook':
      return {
        kind: 'withCredentials',
        credentials: [{ kind: 'secretText', id: channel.credential, variable: 'WEBHOOK_URL' }],
        steps: [{ kind: 'sh', script: webhookScript(message), label: 'webhook' }],
      };
  }
}

/** The address of a build has no character that JSON would read something into: it is percent-encoded. */
function webhookScript(message: ValueTree): string {
  const said = message.kind === 'literal' ? String(message.value) : '';
  const quoted = JSON.stringify(`${said}\n`);
  const body = `${shellWord(`{"text":${quoted.slice(0, -1)}`)}"$BUILD_URL"'"}'`;
  return `printf %s ${body} |\n  curl -fsS -H 'Content-Type: application/json' --data-binary @- "$WEBHOOK_URL"`;
}

function text(value: string): ValueTree {
  return { kind: 'literal', value };
}

function call(name: string, values: { readonly [name: string]: ValueTree }): BasicStep {
  const named = Object.entries(values).map(([key, value]) => ({ name: key, value }));
  return { kind: 'call', name, arguments: { kind: 'named', values: named } };
}
