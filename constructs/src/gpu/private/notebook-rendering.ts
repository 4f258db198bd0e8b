import { wholeSeconds } from '../../duration';
import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import { Probe } from '../../probe';
import type { ServiceVolume } from '../../service-props';
import type { GpuNotebookProps } from '../gpu-workload-props';
import {
  type GpuWorkload,
  type MainContainer,
  queueLabels,
  type WorkloadPods,
  workloadLabels,
  workloadMetadata,
} from './workload-pods';

const PORT = 8888;
const HOME: ServiceVolume = { name: 'home', mountPath: '/home/jovyan', size: '10Gi' };

/** The container of a notebook. */
export function notebookMain(props: GpuNotebookProps): MainContainer {
  const { image, command, args = [], workingDirectory, port = PORT, token, endsIdleKernelsAfter } = props;
  const seconds = wholeSeconds(endsIdleKernelsAfter);
  const culling =
    seconds === undefined
      ? []
      : [`--MappingKernelManager.cull_idle_timeout=${seconds}`, '--MappingKernelManager.cull_connected=True'];
  const all = [...culling, ...args];
  return {
    ...present<MainContainer>({
      image,
      // What the images of Jupyter start themselves; arguments alone would take its place.
      command: command ?? (all.length === 0 ? undefined : ['start-notebook.py']),
      args: all.length === 0 ? undefined : all,
      workingDirectory,
    }),
    secretEnv: { JUPYTER_TOKEN: token },
    env: { JUPYTER_PORT: String(port) },
    port,
    startup: Probe.tcp({ periodSeconds: 5, failureThreshold: 60 }),
    readiness: Probe.tcp({ periodSeconds: 10 }),
  };
}

/** All volumes of a notebook. */
export function notebookVolumes({ home = HOME, volumes = [] }: GpuNotebookProps): ServiceVolume[] {
  return [home, ...volumes];
}

/** The objects around the pod of a notebook. */
export function notebookObjects(workload: GpuWorkload, props: GpuNotebookProps, pods: WorkloadPods): object[] {
  const { port = PORT, stopped = false } = props;
  const metadata = workloadMetadata(workload);
  const selector = workloadLabels(workload);
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { ...metadata, labels: { ...metadata.labels, ...queueLabels(workload) } },
      spec: {
        replicas: stopped ? 0 : 1,
        serviceName: workload.name,
        selector: { matchLabels: selector },
        template: { metadata: pods.metadata, spec: pods.spec },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'ClusterIP', selector, ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }] },
    },
  ];
}

/** What is wrong with a notebook, beside its pod. */
export function notebookFindings({ endsIdleKernelsAfter }: GpuNotebookProps): Finding[] {
  const seconds = wholeSeconds(endsIdleKernelsAfter);
  if (endsIdleKernelsAfter === undefined || (seconds !== undefined && seconds >= 60)) return [];
  const what = `\`endsIdleKernelsAfter\` is "${endsIdleKernelsAfter}".`;
  return [{ code: 'ORR2011', what, fix: 'Use a duration like "2h", of at least a minute.' }];
}
