import type { CallTree } from '../tree';
import { literalText } from './tekton-text';

/** Which runs are kept. */
export interface Kept {
  readonly runs?: number;
  readonly days?: number;
}

/** What the option `buildDiscarder` says; undefined where it says more than which builds are kept, or nothing. */
export function discarded(options: readonly CallTree[]): Kept | undefined {
  const given = options.find(({ name }) => name === 'buildDiscarder')?.arguments;
  const [value] = given?.kind === 'positional' ? given.values : [];
  const rotator = value?.kind === 'call' ? value.call.arguments : undefined;
  if (rotator?.kind !== 'named') return undefined;
  if (rotator.values.some(({ name }) => !['numToKeepStr', 'daysToKeepStr'].includes(name))) return undefined;
  const number = (name: string) => literalText(rotator.values.find((one) => one.name === name)?.value);
  const [runs, days] = [number('numToKeepStr'), number('daysToKeepStr')];
  return {
    ...(runs === undefined ? {} : { runs: Number(runs) }),
    ...(days === undefined ? {} : { days: Number(days) }),
  };
}

/**
 * Removes old runs of a pipeline, every hour, by Tekton's own command (tektoncd/cli docs/cmd/tkn_pipelinerun_delete.md: --keep, --keep-since). Runs that go on are left.
 */
export function housekeepingObjects(name: string, namespace: string, kept: Kept, image: string): object[] {
  const account = `${name}-keeper`;
  const metadata = { name: account, namespace };
  const flags = [
    ...(kept.runs === undefined ? [] : ['--keep', String(kept.runs)]),
    ...(kept.days === undefined ? [] : ['--keep-since', String(kept.days * 24 * 60)]),
  ];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        { apiGroups: ['tekton.dev'], resources: ['pipelines'], resourceNames: [name], verbs: ['get'] },
        {
          apiGroups: ['tekton.dev'],
          resources: ['pipelineruns'],
          verbs: ['get', 'list', 'delete', 'deletecollection'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '17 * * * *',
        concurrencyPolicy: 'Forbid',
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            template: {
              spec: {
                serviceAccountName: account,
                restartPolicy: 'Never',
                securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
                containers: [
                  {
                    name: 'keep',
                    image,
                    command: [
                      'tkn',
                      'pipelinerun',
                      'delete',
                      '--force',
                      '--namespace',
                      namespace,
                      '--pipeline',
                      name,
                      ...flags,
                    ],
                    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
                    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                  },
                ],
              },
            },
          },
        },
      },
    },
  ];
}
