import type { Construct } from 'constructs';
import { type ArgoCdDeliveryProps, ArgoCdGrouping } from '../argo-cd-delivery';
import { canonicalJson } from './canonical';
import { DNS_LABEL_RULE, isDnsLabel } from './names';
import { type Problem, type ProblemCode, problemAt } from './problem';
import type { Pulled, PulledCluster } from './pulled-clusters';
import type { Entry } from './unit';

const ARGO = 'argoproj.io/v1alpha1';
/** Names the wave of an Application; steps of a progressive sync select by it. */
const WAVE = 'orrery.dev/wave';
const CLUSTER = '{cluster}';

export function validateArgo(construct: Construct, props: ArgoCdDeliveryProps, problems: Problem[]): void {
  const { repository, path = `targets/${CLUSTER}`, namespaceName = 'argocd', project = 'default' } = props;
  const report = (code: ProblemCode, what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix }));
  if (!isRepository(repository)) {
    const fix = 'Give an address like "https://git.example.com/platform.git" or "git@git.example.com:platform.git".';
    report('ORR2011', `"${repository}" is no address of a Git repository.`, fix);
  }
  if (/^\/|(^|\/)\.\.(\/|$)/.test(path) || path === '')
    report('ORR2011', `"${path}" is no folder of a repository.`, 'It is relative, and stays inside.');
  if (!path.includes(CLUSTER)) {
    const what = `Every cluster would get the folder "${path}".`;
    report('ORR2012', what, `Write ${CLUSTER} where the name of the cluster stands.`);
  }
  for (const name of [namespaceName, project])
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is not a valid name.`, `Use ${DNS_LABEL_RULE}.`);
}

function isRepository(address: string): boolean {
  return /^((https?|ssh|git|oci):\/\/[^\s/]+\/\S+|[\w.-]+@[\w.-]+:\S+)$/.test(address);
}

/** The objects of the hub. */
export function argoObjects(
  construct: Construct,
  props: ArgoCdDeliveryProps,
  pulled: Pulled,
  problems: Problem[],
): Entry[] {
  const { clusters, waves } = pulled;
  const isSet = (props.grouping ?? ArgoCdGrouping.APPLICATION_SET) === ArgoCdGrouping.APPLICATION_SET;
  const report = (code: ProblemCode, what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix }));
  if (!isSet && waves.length > 1) {
    const what = `The rollout has ${waves.length} waves, and single Applications are synchronised all at once.`;
    report('ORR2012', what, 'Use ArgoCdGrouping.APPLICATION_SET.');
  }
  const unknown = Object.keys(props.destinationNames ?? {}).filter(
    (name) => !clusters.some(({ cluster }) => cluster.clusterName === name),
  );
  for (const name of unknown)
    report(
      'ORR2005',
      `destinationNames names cluster "${name}", which is not served.`,
      'Remove it, or correct the name.',
    );
  for (const one of clusters) {
    const name = applicationName(construct.node.id, one);
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is too long for an Application.`, `Use ${DNS_LABEL_RULE}.`);
  }
  const objects: { readonly path: string; readonly object: object }[] = [];
  if (props.project === undefined)
    objects.push({ path: 'AppProject', object: appProject(construct.node.id, props, clusters) });
  if (isSet) objects.push({ path: 'ApplicationSet', object: applicationSet(construct.node.id, props, pulled) });
  else
    for (const one of clusters)
      objects.push({
        path: `Application/${one.cluster.clusterName}`,
        object: application(construct.node.id, props, one),
      });
  return objects.map(({ path, object }) => ({
    path: `${construct.node.path}/${path}`,
    owner: construct,
    content: { type: 'object', object },
  }));
}

function appProject(id: string, props: ArgoCdDeliveryProps, clusters: readonly PulledCluster[]): object {
  return {
    apiVersion: ARGO,
    kind: 'AppProject',
    metadata: metadataOf(id, props),
    spec: {
      sourceRepos: [props.repository],
      destinations: clusters.map((one) => ({ name: destinationOf(one, props), namespace: '*' })),
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
}

function application(id: string, props: ArgoCdDeliveryProps, one: PulledCluster): object {
  const ignored = ignoredOf(one);
  return {
    apiVersion: ARGO,
    kind: 'Application',
    metadata: {
      ...metadataOf(applicationName(id, one), props),
      ...(one.wave === undefined ? {} : { labels: { [WAVE]: one.wave } }),
      ...finalizersOf(props),
    },
    spec: {
      ...specOf(id, props, pathOf(one, props), destinationOf(one, props)),
      ...(ignored.length === 0 ? {} : { ignoreDifferences: ignored }),
    },
  };
}

/**
 * A list of the clusters and what differs between them. Fields that controllers own stand in the template where all clusters have the same, else in the list: a
 * field must not be ignored in a cluster where nobody owns it.
 */
function applicationSet(id: string, props: ArgoCdDeliveryProps, { clusters, waves }: Pulled): object {
  const ignored = clusters.map(ignoredOf);
  const isSame = new Set(ignored.map((list) => canonicalJson(list as never))).size < 2;
  const common = isSame ? (ignored[0] ?? []) : [];
  const hasWaves = waves.length > 0;
  return {
    apiVersion: ARGO,
    kind: 'ApplicationSet',
    metadata: metadataOf(id, props),
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [
        {
          list: {
            elements: clusters.map((one, i) => ({
              name: applicationName(id, one),
              destination: destinationOf(one, props),
              path: pathOf(one, props),
              ...(hasWaves ? { wave: one.wave } : {}),
              ...(isSame ? {} : { ignoreDifferences: ignored[i] }),
            })),
          },
        },
      ],
      ...(waves.length > 1 || waves.some(({ maxParallelClusters }) => maxParallelClusters !== undefined)
        ? { strategy: { type: 'RollingSync', rollingSync: { steps: waves.map(stepOf) } } }
        : {}),
      syncPolicy: { preserveResourcesOnDeletion: props.deleteWithApplication !== true },
      template: {
        metadata: {
          name: '{{.name}}',
          ...(hasWaves ? { labels: { [WAVE]: '{{.wave}}' } } : {}),
          ...finalizersOf(props),
        },
        spec: {
          ...specOf(id, props, '{{.path}}', '{{.destination}}'),
          ...(common.length === 0 ? {} : { ignoreDifferences: common }),
        },
      },
      ...(isSame ? {} : { templatePatch: 'spec:\n  ignoreDifferences: {{ toJson .ignoreDifferences }}\n' }),
    },
  };
}

function stepOf({ name, maxParallelClusters }: Pulled['waves'][number]): object {
  return {
    matchExpressions: [{ key: WAVE, operator: 'In', values: [name] }],
    ...(maxParallelClusters === undefined ? {} : { maxUpdate: maxParallelClusters }),
  };
}

function specOf(id: string, props: ArgoCdDeliveryProps, path: string, destination: string): object {
  const { repository, revision = 'HEAD', project, prune = true, selfHeal = true } = props;
  return {
    project: project ?? id,
    source: {
      repoURL: repository,
      targetRevision: revision,
      path,
      // Argo CD takes every .json file for a manifest; this one is the index of the folder.
      directory: { recurse: true, exclude: '.orrery.json' },
    },
    destination: { name: destination },
    syncPolicy: {
      automated: { prune, selfHeal },
      // What is ignored in a comparison would still be written without RespectIgnoreDifferences.
      syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true'],
    },
  };
}

function ignoredOf({ owned }: PulledCluster): object[] {
  return owned.map(({ group, kind, name, namespace, jsonPointers, jqPathExpressions }) => ({
    ...(group === '' ? {} : { group }),
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(jsonPointers.length === 0 ? {} : { jsonPointers }),
    ...(jqPathExpressions.length === 0 ? {} : { jqPathExpressions }),
  }));
}

function metadataOf(name: string, { namespaceName = 'argocd' }: ArgoCdDeliveryProps): object {
  return { name, namespace: namespaceName };
}

/** Without it an Application is deleted, and what it brought stays. */
function finalizersOf({ deleteWithApplication }: ArgoCdDeliveryProps): object {
  return deleteWithApplication === true ? { finalizers: ['resources-finalizer.argocd.argoproj.io'] } : {};
}

function applicationName(id: string, { cluster }: PulledCluster): string {
  return `${id}-${cluster.clusterName}`;
}

function destinationOf(
  { cluster: { clusterName } }: PulledCluster,
  { destinationNames = {} }: ArgoCdDeliveryProps,
): string {
  return Object.hasOwn(destinationNames, clusterName) ? (destinationNames[clusterName] as string) : clusterName;
}

function pathOf({ cluster }: PulledCluster, { path = `targets/${CLUSTER}` }: ArgoCdDeliveryProps): string {
  return path.replaceAll(CLUSTER, cluster.clusterName);
}
