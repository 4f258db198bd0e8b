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
    podMisbehaves('never-ready', 'Running', `running: { startedAt: {{ $now | Quote }} }`, 0),
    podMisbehaves(
      'crash-loop',
      'Running',
      `waiting: { reason: CrashLoopBackOff, message: back-off restarting failed container }`,
      5,
    ),
    podMisbehaves(
      'fail',
      'Failed',
      `terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }`,
      0,
    ),
    POD_IS_DELETED,
    CLAIM_GETS_VOLUME,
    RELEASED_VOLUME_IS_DELETED,
    LOAD_BALANCER_GETS_ADDRESS,
  ].join('---\n');
}

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

const nodeBecomesReady = (kubeletVersion: string): string => `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: node-becomes-ready }
spec:
  resourceRef: { apiGroup: v1, kind: Node }
  selector:
    matchExpressions:
    - key: '.status.conditions.[] | select(.type == "Ready") | .status'
      operator: NotIn
      values: ['True']
  next:
    statusTemplate: |
      {{ $now := Now }}
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
      phase: Running
`;

const NODE_STAYS_READY = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: node-stays-ready }
spec:
  resourceRef: { apiGroup: v1, kind: Node }
  selector:
    matchExpressions:
    - key: '.status.phase'
      operator: In
      values: ['Running']
    - key: '.status.conditions.[] | select(.type == "Ready") | .status'
      operator: In
      values: ['True']
  delay: { durationMilliseconds: 300000, jitterDurationMilliseconds: 360000 }
  next:
    statusTemplate: |
      {{ $now := Now }}
      {{ $since := or .metadata.creationTimestamp $now }}${NODE_CONDITIONS}
`;

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
        state: { running: { startedAt: {{ $now | Quote }} } }
        {{ else }}
        started: false
        state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
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

const podConditions = (ready: boolean): string => `
      conditions:
      - { type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now | Quote }} }
      - { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
      - { type: ContainersReady, status: "${ready ? 'True' : 'False'}", lastTransitionTime: {{ $now | Quote }} }
      - { type: Ready, status: "${ready ? 'True' : 'False'}", lastTransitionTime: {{ $now | Quote }} }${
        ready
          ? `
      {{ range .spec.readinessGates }}
      - { type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
      {{ end }}`
          : ''
      }`;

const POD_BECOMES_READY = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-becomes-ready }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: DoesNotExist }
    - { key: '.metadata.annotations["${POD_BEHAVIOUR_ANNOTATION}"]', operator: DoesNotExist }
    - { key: '.status.phase', operator: In, values: ['Pending'] }
  next:
    statusTemplate: |
      {{ $now := Now }}${podConditions(true)}
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: 0
        ready: true
        started: true
        state: { running: { startedAt: {{ $now | Quote }} } }
      {{ end }}${INIT_CONTAINERS}${POD_ADDRESSES}
      phase: Running
`;

const POD_COMPLETES = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-completes }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: DoesNotExist }
    - { key: '.metadata.annotations["${POD_BEHAVIOUR_ANNOTATION}"]', operator: DoesNotExist }
    - { key: '.metadata.ownerReferences.[].kind', operator: In, values: ['Job'] }
    - { key: '.status.phase', operator: In, values: ['Running'] }
  next:
    statusTemplate: |
      {{ $now := Now }}
      conditions:
      - { type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
      - { type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: 0
        ready: false
        started: false
        state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
      {{ end }}
      phase: Succeeded
`;

const podMisbehaves = (
  behaviour: string,
  phase: string,
  containerState: string,
  restarts: number,
): string => `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-${behaviour} }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: DoesNotExist }
    - { key: '.metadata.annotations["${POD_BEHAVIOUR_ANNOTATION}"]', operator: In, values: ['${behaviour}'] }
    - { key: '.status.phase', operator: In, values: ['Pending'] }
  next:
    statusTemplate: |
      {{ $now := Now }}${podConditions(false)}
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: ${restarts}
        ready: false
        started: false
        state: { ${containerState} }
      {{ end }}${INIT_CONTAINERS}${POD_ADDRESSES}
      phase: ${phase}
`;

const POD_IS_DELETED = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: pod-is-deleted }
spec:
  resourceRef: { apiGroup: v1, kind: Pod }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: Exists }
  next: { delete: true }
`;

const PROVISIONER = 'sandbox.orrery/volumes';

/** The volume is bound in advance; the volume controller of kube-controller-manager completes the binding. Nothing ever mounts its path. */
const CLAIM_GETS_VOLUME = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: claim-gets-volume }
spec:
  resourceRef: { apiGroup: v1, kind: PersistentVolumeClaim }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: DoesNotExist }
    - { key: '.spec.storageClassName | select(. != "")', operator: Exists }
    - { key: '.spec.volumeName', operator: DoesNotExist }
  steps:
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
`;

const RELEASED_VOLUME_IS_DELETED = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: released-volume-is-deleted }
spec:
  resourceRef: { apiGroup: v1, kind: PersistentVolume }
  selector:
    matchExpressions:
    - { key: '.metadata.annotations["pv.kubernetes.io/provisioned-by"]', operator: In, values: ['${PROVISIONER}'] }
    - { key: '.status.phase', operator: In, values: ['Released'] }
  steps:
  - delete: true
`;

/** The cluster address serves as outside address: one per Service, and nothing else has it. */
const LOAD_BALANCER_GETS_ADDRESS = `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: { name: load-balancer-gets-address }
spec:
  resourceRef: { apiGroup: v1, kind: Service }
  selector:
    matchExpressions:
    - { key: '.metadata.deletionTimestamp', operator: DoesNotExist }
    - { key: '.spec.type', operator: In, values: ['LoadBalancer'] }
    - { key: '.status.loadBalancer.ingress', operator: DoesNotExist }
  steps:
  - patch:
      subresource: status
      root: status
      template: |
        loadBalancer:
          ingress:
          - ip: {{ .spec.clusterIP | Quote }}
`;
