import type { TaskVolume } from '../../private/tekton/objects';
import { writeYaml } from '../../yaml';
import type { CacheTree, ContainerTree, PodTree } from './tree';

/** How a container that only waits for steps is kept alive. */
const SLEEP = ['sleep', 'infinity'];

/** User of the container "jnlp", to whom the files of the workspace belong: another one without rights of root could not write them. */
const JENKINS_USER = 1000;

/** Where Jenkins mounts the workspace in every container: a user that an image does not know has no other home. */
const HOME = '/home/jenkins/agent';

/** The pod of a build. Jenkins adds the container "jnlp", which talks to it, and the volume of the workspace. */
export function podTemplate(pod: PodTree): object {
  const user = pod.runAsUser ?? JENKINS_USER;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: {
      ...(pod.serviceAccount === undefined ? {} : { serviceAccountName: pod.serviceAccount }),
      automountServiceAccountToken: pod.serviceAccount !== undefined,
      ...(Object.keys(pod.nodeSelector).length === 0 ? {} : { nodeSelector: pod.nodeSelector }),
      ...(pod.pullSecrets.length === 0 ? {} : { imagePullSecrets: pod.pullSecrets.map((name) => ({ name })) }),
      securityContext: { runAsUser: user, runAsGroup: user, fsGroup: user },
      containers: pod.containers.map(containerObject),
      ...(pod.caches.length === 0 ? {} : { volumes: pod.caches.map(volumeObject) }),
    },
  };
}

/** It begins on a line of its own: that is how people write it into a Jenkinsfile. */
export function podYaml(pod: PodTree): string {
  return `\n${writeYaml(podTemplate(pod))}`;
}

function containerObject(container: ContainerTree): object {
  const { name, image, command, environment, mounts, cpu, memory, cpuLimit, memoryLimit } = container;
  const [program = '', ...args] = command ?? SLEEP;
  const home = container.isolation === 'restricted' ? { HOME } : {};
  const env = Object.entries({ ...home, ...environment }).map(([key, value]) => ({ name: key, value }));
  return {
    name,
    image,
    command: [program],
    ...(args.length === 0 ? {} : { args }),
    ...(env.length === 0 ? {} : { env }),
    resources: {
      requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) },
      limits: {
        ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }),
        ...(memoryLimit === undefined ? {} : { memory: memoryLimit }),
      },
    },
    ...(mounts.length === 0
      ? {}
      : {
          volumeMounts: mounts.map(({ volume, path, subPath }) => ({
            name: volume,
            mountPath: path,
            ...(subPath === undefined ? {} : { subPath }),
          })),
        }),
    securityContext: securityContext(container),
  };
}

/**
 * What a container may. Steps run as the user of the image: many images of build tools know no other than root, without any of its rights here.
 * Tools that make images without root need new privileges (newuidmap) and system calls that the default profiles forbid
 * (moby/buildkit docs/rootless.md).
 */
export function securityContext({ isolation }: Pick<ContainerTree, 'isolation'>): object {
  switch (isolation) {
    case 'restricted':
      return {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      };
    case 'rootless-build':
      return {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Unconfined' },
      };
    case 'root':
      return { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } };
  }
}

export function volumeObject({ name, source }: CacheTree): TaskVolume {
  switch (source.kind) {
    case 'claim':
      return { name, persistentVolumeClaim: { claimName: source.claim } };
    case 'empty':
      return { name, emptyDir: {} };
    case 'secret': {
      const items = Object.entries(source.items ?? {}).map(([key, path]) => ({ key, path }));
      return { name, secret: { secretName: source.secret, ...(items.length === 0 ? {} : { items }) } };
    }
  }
}
