/**
 * Pods carry this annotation to misbehave in a sandbox, which has no container that could: `never-ready` (runs, never gets ready),
 * `crash-loop` (its containers wait in CrashLoopBackOff), `fail` (ends in phase Failed, also in a Job).
 */
const POD_BEHAVIOUR_ANNOTATION = 'sandbox.orrery/pod';

/**
 * The Stage documents that make kwok play kubelet, volume provisioner and load balancer: nodes become ready and keep their lease, pods run
 * and become ready, pods of Jobs complete, deleted objects go away, claims that name a storage class get a volume, Services of type
 * LoadBalancer get an address. (kwok.x-k8s.io/v1alpha1; without any Stage kwok refuses to start.)
 *
 * @param kubeletVersion what the nodes report, e.g. "v1.36.3".
 */
export function kwokStages(kubeletVersion: string): string {
  return [
    nodeBecomesReady(kubeletVersion),
    NODE_STAYS_READY,
    POD_BECOMES_READY,
    POD_COMPLETES,
    podMisbehaves('never-ready', 'Running', RUNNING, 0),
    podMisbehaves('crash-loop', 'Running', BACKING_OFF, 5),
    podMisbehaves('fail', 'Failed', ended(1, 'Error'), 0),
    POD_IS_DELETED,
    CLAIM_GETS_VOLUME,
    RELEASED_VOLUME_IS_DELETED,
    LOAD_BALANCER_GETS_ADDRESS,
  ].join('---\n');
}

/** One Stage: for objects of `kind` (core API) that match every expression, do `action` (the rest of its spec, in YAML). */
function stage(name: string, kind: string, expressions: readonly string[], action: string): string {
  return `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: ${name} }
spec:
  resourceRef: { apiGroup: v1, kind: ${kind} }
  selector:
    matchExpressions:
${expressions.map((expression) => `    - { ${expression} }\n`).join('')}${action}`;
}

function statusTemplate(lines: string): string {
  return `  next:
    statusTemplate: |
      {{ $now := Now }}${lines}
`;
}

const EXISTS = "key: '.metadata.deletionTimestamp', operator: DoesNotExist";
const DELETING = "key: '.metadata.deletionTimestamp', operator: Exists";
const NODE_READY = `key: '.status.conditions.[] | select(.type == "Ready") | .status', values: ['True']`;

const inPhase = (phase: string): string => `key: '.status.phase', operator: In, values: ['${phase}']`;

const NODE_CONDITIONS = `
      conditions:
      {{ range NodeConditions }}
      - type: {{ .type | Quote }}
        status: {{ .status | Quote }}
        reason: {{ .reason | Quote }}
        message: {{ .message | Quote }}
        lastHeartbeatTime: {{ $now | Quote }}
        lastTransitionTime: {{ $since | Quote }}
      {{ end }}`;

const nodeBecomesReady = (kubeletVersion: string): string =>
  stage(
    'node-becomes-ready',
    'Node',
    [`${NODE_READY}, operator: NotIn`],
    statusTemplate(`
      {{ $since := $now }}${NODE_CONDITIONS}
      nodeInfo:
        architecture: amd64
        operatingSystem: linux
        osImage: Orrery sandbox
        kernelVersion: simulated
        containerRuntimeVersion: simulated://0
        kubeletVersion: ${kubeletVersion}
        kubeProxyVersion: ${kubeletVersion}
        machineID: {{ .metadata.uid | Quote }}
        systemUUID: {{ .metadata.uid | Quote }}
        bootID: {{ .metadata.uid | Quote }}
      phase: Running`),
  );

const NODE_STAYS_READY = stage(
  'node-stays-ready',
  'Node',
  [inPhase('Running'), `${NODE_READY}, operator: In`],
  `  delay: { durationMilliseconds: 300000, jitterDurationMilliseconds: 360000 }
${statusTemplate(`
      {{ $since := or .metadata.creationTimestamp $now }}${NODE_CONDITIONS}`)}`,
);

const RUNNING = 'running: { startedAt: {{ $now | Quote }} }';
const BACKING_OFF = 'waiting: { reason: CrashLoopBackOff, message: back-off restarting failed container }';

function ended(exitCode: number, reason: string): string {
  const times = 'startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}';
  return `terminated: { exitCode: ${exitCode}, reason: ${reason}, ${times} }`;
}

const containers = (state: string, ready: boolean, restarts = 0): string => `
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: ${restarts}
        ready: ${ready}
        started: ${ready}
        state: { ${state} }
      {{ end }}`;

/** Restartable init containers ("sidecars") keep running; the others have ended well. */
const INIT_CONTAINERS = `
      {{ with .spec.initContainers }}
      initContainerStatuses:
      {{ range . }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: 0
        ready: true
        {{ if eq (or .restartPolicy "") "Always" }}
        started: true
        state: { ${RUNNING} }
        {{ else }}
        started: false
        state: { ${ended(0, 'Completed')} }
        {{ end }}
      {{ end }}
      {{ end }}`;

const POD_ADDRESSES = `
      {{ with NodeIPsWith .spec.nodeName }}
      hostIP: {{ index . 0 | Quote }}
      hostIPs:
      {{ range . }}
      - ip: {{ . | Quote }}
      {{ end }}
      {{ end }}
      {{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
      podIP: {{ index . 0 | Quote }}
      podIPs:
      {{ range . }}
      - ip: {{ . | Quote }}
      {{ end }}
      {{ end }}
      startTime: {{ $now | Quote }}`;

const condition = (type: string, status: boolean, reason = ''): string => `
      - { type: ${type}, status: "${status ? 'True' : 'False'}"${reason && `, reason: ${reason}`}, lastTransitionTime: {{ $now | Quote }} }`;

const READINESS_GATES = `
      {{ range .spec.readinessGates }}${condition('{{ .conditionType | Quote }}', true)}
      {{ end }}`;

/** Conditions of a pod that runs, ready or not. */
const podConditions = (ready: boolean): string =>
  [
    '\n      conditions:',
    condition('PodReadyToStartContainers', true),
    condition('Initialized', true),
    condition('ContainersReady', ready),
    condition('Ready', ready),
    ready ? READINESS_GATES : '',
  ].join('');

const behaviour = (operator: string): string =>
  `key: '.metadata.annotations["${POD_BEHAVIOUR_ANNOTATION}"]', operator: ${operator}`;

const POD_BECOMES_READY = stage(
  'pod-becomes-ready',
  'Pod',
  [EXISTS, behaviour('DoesNotExist'), inPhase('Pending')],
  statusTemplate(`${podConditions(true)}${containers(RUNNING, true)}${INIT_CONTAINERS}${POD_ADDRESSES}
      phase: Running`),
);

const POD_COMPLETES = stage(
  'pod-completes',
  'Pod',
  [
    EXISTS,
    behaviour('DoesNotExist'),
    "key: '.metadata.ownerReferences.[].kind', operator: In, values: ['Job']",
    inPhase('Running'),
  ],
  statusTemplate(`
      conditions:${condition('ContainersReady', false, 'PodCompleted')}${condition('Ready', false, 'PodCompleted')}${containers(
        ended(0, 'Completed'),
        false,
      )}
      phase: Succeeded`),
);

const podMisbehaves = (how: string, phase: string, containerState: string, restarts: number): string =>
  stage(
    `pod-${how}`,
    'Pod',
    [EXISTS, behaviour(`In, values: ['${how}']`), inPhase('Pending')],
    statusTemplate(`${podConditions(false)}${containers(containerState, false, restarts)}${INIT_CONTAINERS}${POD_ADDRESSES}
      phase: ${phase}`),
  );

const POD_IS_DELETED = stage('pod-is-deleted', 'Pod', [DELETING], '  next: { delete: true }\n');

const PROVISIONER = 'sandbox.orrery/volumes';

/** The volume is bound in advance; the volume controller of kube-controller-manager completes the binding. Nothing ever mounts its path. */
const CLAIM_GETS_VOLUME = stage(
  'claim-gets-volume',
  'PersistentVolumeClaim',
  [
    EXISTS,
    `key: '.spec.storageClassName | select(. != "")', operator: Exists`,
    "key: '.spec.volumeName', operator: DoesNotExist",
  ],
  `  steps:
  - apply:
      template: |
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: pvc-{{ .metadata.uid }}
          annotations: { pv.kubernetes.io/provisioned-by: ${PROVISIONER} }
        spec:
          accessModes:
          {{ YAML .spec.accessModes 1 }}
          capacity: { storage: {{ .spec.resources.requests.storage | Quote }} }
          storageClassName: {{ .spec.storageClassName | Quote }}
          volumeMode: {{ or .spec.volumeMode "Filesystem" }}
          persistentVolumeReclaimPolicy: Delete
          claimRef:
            apiVersion: v1
            kind: PersistentVolumeClaim
            namespace: {{ .metadata.namespace | Quote }}
            name: {{ .metadata.name | Quote }}
            uid: {{ .metadata.uid | Quote }}
          hostPath: { path: /nonexistent/orrery-sandbox/{{ .metadata.uid }} }
`,
);

const RELEASED_VOLUME_IS_DELETED = stage(
  'released-volume-is-deleted',
  'PersistentVolume',
  [
    `key: '.metadata.annotations["pv.kubernetes.io/provisioned-by"]', operator: In, values: ['${PROVISIONER}']`,
    inPhase('Released'),
  ],
  '  steps:\n  - delete: true\n',
);

/** The cluster address serves as outside address: one per Service, and nothing else has it. */
const LOAD_BALANCER_GETS_ADDRESS = stage(
  'load-balancer-gets-address',
  'Service',
  [
    EXISTS,
    "key: '.spec.type', operator: In, values: ['LoadBalancer']",
    "key: '.status.loadBalancer.ingress', operator: DoesNotExist",
  ],
  `  steps:
  - patch:
      subresource: status
      root: status
      template: |
        loadBalancer:
          ingress:
          - ip: {{ .spec.clusterIP | Quote }}
`,
);
