import { wholeSeconds } from '../../duration';
import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import { GpuTrainingKind, type GpuTrainingProps } from '../gpu-workload-props';
import {
  type GpuWorkload,
  type MainContainer,
  queueLabels,
  type WorkloadPods,
  workloadLabels,
  workloadMetadata,
} from './workload-pods';

const RENDEZVOUS_PORT = 29500;

/** The container of a training. */
export function trainingMain(name: string, props: GpuTrainingProps): MainContainer {
  const { image, command, args, workingDirectory, rendezvous } = props;
  const program = present<MainContainer>({ image, command, args, workingDirectory });
  if (rendezvous === undefined) return program;
  const { pods } = countsOf(props);
  // Scripts read these, and torchrun the same with its prefix; the first pod is found by its name (completionMode of batch/v1).
  const found = {
    MASTER_ADDR: `${name}-0.${name}`,
    MASTER_PORT: String(rendezvous.port ?? RENDEZVOUS_PORT),
    NNODES: String(pods),
    NPROC_PER_NODE: String(props.gpu?.cards ?? 1),
  };
  const prefixed = Object.entries(found).map(([variable, value]) => [`${TORCHRUN}${variable}`, value]);
  return { ...program, env: { ...found, ...Object.fromEntries(prefixed) } };
}

const TORCHRUN = 'PET_';
const RANK = 'NODE_RANK';

/** The objects around the pods of a training. */
export function trainingObjects(workload: GpuWorkload, props: GpuTrainingProps, pods: WorkloadPods): object[] {
  const { metadata, spec } = pods;
  const own = workloadMetadata(workload);
  const object = { ...own, labels: { ...own.labels, ...queueLabels(workload) } };
  if (props.kind === GpuTrainingKind.POD) {
    const { labels, annotations } = metadata;
    const merged = { ...labels, ...object.labels };
    return [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...object, labels: merged, ...present({ annotations }) },
        spec: { ...spec, restartPolicy: props.restartsInPlace === true ? 'OnFailure' : 'Never' },
      },
    ];
  }
  const { pods: together, completions, indexed } = countsOf(props);
  const { retries = 3, ignoresDisruptions = true, restartsInPlace = false, deadline, keepFinished } = props;
  const policy = {
    rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
  };
  return [
    ...(props.rendezvous === undefined ? [] : [headlessService(workload, props.rendezvous.port ?? RENDEZVOUS_PORT)]),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: object,
      spec: {
        completions,
        parallelism: together,
        ...(indexed ? { completionMode: 'Indexed' } : {}),
        backoffLimit: retries,
        ...present({
          activeDeadlineSeconds: wholeSeconds(deadline),
          ttlSecondsAfterFinished: wholeSeconds(keepFinished),
        }),
        // The API server takes such rules only where failed pods are not started again in place.
        ...(ignoresDisruptions && !restartsInPlace ? { podFailurePolicy: policy } : {}),
        template: {
          metadata,
          spec: {
            ...withRank(props, spec),
            ...subdomain(workload, props),
            restartPolicy: restartsInPlace ? 'OnFailure' : 'Never',
          },
        },
      },
    },
  ];
}

/** Which pod it is of those that find each other. */
function withRank({ rendezvous }: GpuTrainingProps, spec: WorkloadPods['spec']): WorkloadPods['spec'] {
  if (rendezvous === undefined) return spec;
  const [main, ...others] = spec.containers;
  if (main === undefined) return spec;
  const fieldPath = "metadata.annotations['batch.kubernetes.io/job-completion-index']";
  const ranks = [RANK, `${TORCHRUN}${RANK}`].map((name) => ({ name, valueFrom: { fieldRef: { fieldPath } } }));
  const env = [...((main.env ?? []) as object[]), ...ranks];
  return { ...spec, containers: [{ ...main, env }, ...others] };
}

function subdomain({ name }: GpuWorkload, { rendezvous }: GpuTrainingProps): object {
  return rendezvous === undefined ? {} : { subdomain: name };
}

function headlessService(workload: GpuWorkload, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: workloadMetadata(workload),
    spec: {
      clusterIP: 'None',
      // The first pod has to be found before it is ready: the others wait for it, and it for them.
      publishNotReadyAddresses: true,
      selector: workloadLabels(workload),
      ports: [{ name: 'rendezvous', port }],
    },
  };
}

/** How many pods there are, at a time and in all. */
function countsOf({ completions = 1, parallelism = completions, indexed, rendezvous }: GpuTrainingProps): {
  readonly completions: number;
  readonly pods: number;
  readonly indexed: boolean;
} {
  return { completions, pods: parallelism, indexed: indexed ?? (completions > 1 || rendezvous !== undefined) };
}

/** What is wrong with a training, beside its pods. */
export function trainingFindings(name: string, props: GpuTrainingProps): Finding[] {
  const { completions, pods, indexed } = countsOf(props);
  const { rendezvous, retries, deadline, keepFinished, kind, env = {}, secretEnv = {} } = props;
  const findings: Finding[] = [];
  const bad = (what: string, fix: string) => findings.push({ code: 'ORR2011', what, fix });
  const contradiction = (what: string, fix: string) => findings.push({ code: 'ORR2012', what, fix });
  for (const [what, value, least] of [
    ['completions', completions, 1],
    ['parallelism', pods, 1],
    ['retries', retries ?? 0, 0],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1) {
      bad(`\`${what}\` is ${value}.`, `Use a whole number from ${least} on.`);
    }
  }
  if (pods > completions) {
    contradiction(
      `${pods} pods at a time are more than the ${completions} that have to succeed.`,
      'Use fewer, or more `completions`.',
    );
  }
  for (const [what, text] of Object.entries({ deadline, keepFinished })) {
    const seconds = wholeSeconds(text);
    if (text !== undefined && (seconds === undefined || seconds < 1)) {
      bad(`\`${what}\` is "${text}".`, 'Use a duration like "12h", of at least a second.');
    }
  }
  if (kind === GpuTrainingKind.POD) {
    const said = (
      [
        'completions',
        'parallelism',
        'indexed',
        'rendezvous',
        'retries',
        'deadline',
        'keepFinished',
        'ignoresDisruptions',
      ] as const
    ).filter((member) => props[member] !== undefined);
    if (said.length > 0) {
      contradiction(
        `A Pod has no ${said.map((member) => `\`${member}\``).join(', ')}.`,
        'Leave them out, or use GpuTrainingKind.JOB.',
      );
    }
  }
  if (rendezvous === undefined) return findings;
  if (pods !== completions) {
    contradiction(
      `Pods that find each other run at a time, and ${pods} of ${completions} do.`,
      'Leave out `parallelism`.',
    );
  }
  if (!indexed) contradiction('Pods that find each other have numbers, and `indexed` is false.', 'Leave it out.');
  const { port = RENDEZVOUS_PORT } = rendezvous;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    bad(`${port} is not a port.`, 'Ports are whole numbers from 1 to 65535.');
  }
  // The pods are called <name>-<index>, and that has to be a DNS label.
  if (`${name}-${completions - 1}`.length > 63) {
    const what = `Pods that find each other are called ${name}-${completions - 1}, which is more than 63 characters.`;
    findings.push({ code: 'ORR2003', what, fix: 'Use a shorter id.' });
  }
  for (const variable of [RANK, `${TORCHRUN}${RANK}`]) {
    if (!Object.hasOwn(env, variable) && !Object.hasOwn(secretEnv, variable)) continue;
    contradiction(`${variable} is what tells the pods apart, and it is set.`, 'Leave it out.');
  }
  return findings;
}
