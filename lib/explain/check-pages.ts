/** What is told of a check beyond its title. */
export interface CheckPage {
  /** What happens where the mistake is left in. */
  readonly why: string;
  /** What to do about it. */
  readonly advice: string;
  /** A waiver, as it stands under `checks.waive` of cdk8s.yaml: object → reason. */
  readonly waiver: readonly [objects: string, reason: string];
}

export const CHECK_PAGES: Readonly<Record<string, CheckPage>> = {
  schema: {
    why: 'The API server refuses an object that does not follow its schema, or drops what it does not know: a misspelt field is a setting that is not there.',
    advice:
      'Correct the field; the nearest name that exists is said. Definitions that something else brings into the clusters are named in `checks.crds` of cdk8s.yaml.',
    waiver: ['Widget/shop/beta', 'its operator serves fields that its definition does not name'],
  },
  'cel-rule': {
    why: 'Rules in a definition (`x-kubernetes-validations`) say what its schema cannot: fields that exclude each other, one that another one needs. The API server refuses what breaks them, with the same message.',
    advice:
      'Do as the message says. Rules that compare with the former object, and those that cannot be evaluated here as the API server does it, are left to the server.',
    waiver: ['HTTPRoute/shop/legacy', 'the definition in that cluster is older and does not have the rule'],
  },
  promql: {
    why: 'The webhook of the Prometheus operator refuses an object with a rule that cannot be loaded. Where it is not installed, Prometheus goes on with the rules it has: of no object anything new is taken, and nobody is told.',
    advice:
      'Correct the rule; for expressions line and column are said. Only what every Prometheus refuses is an error: that a metric is there, and that regular expressions and templates are right, is not looked at. In queries of canaries a placeholder may stand for anything; where that may be the mistake, it is a warning.',
    waiver: ['PrometheusRule/logging/errors', 'is LogQL, read by Loki'],
  },
  'log-alert': {
    why: 'elastalert2 reads all rules when it starts. With one that it does not take it ends, and nobody is told of anything any more, whatever the other rules say. A setting that it does not know it takes without a word.',
    advice:
      'Correct the rule; its file and line are said, its values never. Looked at are ConfigMaps and Secrets that the program mounts where its elastalert2 has its rules. What stands for variables of the environment, imports and includes is left to elastalert2.',
    waiver: ['ConfigMap/logging/elastalert2-rules', 'a fork of elastalert2 with more types of rules reads them'],
  },
  dashboard: {
    why: 'The API server takes any text as a dashboard. Grafana then leaves it out with a line in its log, loads another one of the same uid, or shows a triangle in a corner of the panel: on the day it is needed.',
    advice:
      'Correct what is named: object, dashboard and panel are said, and for queries line and column. Variables of Grafana may have any value; where one is a function or an operator nothing is said. ConfigMaps are looked at with the label grafana_dashboard, data sources where the program provisions them.',
    waiver: ['ConfigMap/monitoring/old-boards', 'is replaced with the next release of its chart'],
  },
  'api-version': {
    why: 'An API version that a cluster’s Kubernetes no longer serves cannot be applied there; a deprecated one ends with an upgrade that somebody else decides about.',
    advice: 'Use the version that is named; read what became of its fields.',
    waiver: ['old:Ingress/*', 'this cluster is replaced before its next upgrade'],
  },
  selector: {
    why: 'A workload whose selector does not match the labels of its own pods is refused by the API server. Selectors cannot be changed later: the workload has to be made anew.',
    advice: 'Give the pod template every label that `spec.selector` names, with the same value.',
    waiver: ['Deployment/shop/old', 'is being removed next week'],
  },
  service: {
    why: 'A Service whose selector matches no pods has no endpoints: every request to it fails, and nothing else tells. A port that no container has is refused or leads nowhere.',
    advice:
      'Compare `spec.selector` with the labels of the pods, and `targetPort` with the names and numbers of the containers’ ports.',
    waiver: ['Service/shop/legacy', 'its pods belong to another team and are made by hand'],
  },
  'pod-security': {
    why: 'Where a namespace enforces a level of the Pod Security Standards, its pods are refused: a Deployment stays at zero replicas without an error of its own. Below the baseline level a pod can take over its node.',
    advice:
      'Drop what the finding names (privileged, host namespaces, host paths, capabilities, running as root), or move the workload to a namespace of a lower level.',
    waiver: ['DaemonSet/monitoring/node-exporter', 'reads the metrics of its node'],
  },
  autoscaler: {
    why: 'An autoscaler of a workload that is not there does nothing. One that measures the use of a resource cannot compute it where containers request none of it: it never scales.',
    advice:
      'Correct `scaleTargetRef`, and give every container of the workload a request of the resource that is measured.',
    waiver: ['HorizontalPodAutoscaler/shop/search', 'its workload is made by an operator'],
  },
  'disruption-budget': {
    why: 'A budget that never lets a pod go blocks every drain of a node: upgrades of the cluster wait for somebody, or force their way.',
    advice: 'Allow one pod to go (`maxUnavailable: 1`), or run more replicas than `minAvailable`.',
    waiver: ['PodDisruptionBudget/shop/ledger', 'is moved by hand'],
  },
  'image-version': {
    why: 'An image without a version, or with `latest`, is another one tomorrow: two pods of one Deployment may run different programs, and a rollback brings nothing back.',
    advice: 'Name a version that is never moved, or better a digest.',
    waiver: ['trial:*', 'this cluster follows the newest images'],
  },
  'idle-selector': {
    why: 'A network policy that selects no pods protects none, and a disruption budget guards none: a misspelt label is enough, and nothing ever says so.',
    advice: 'Compare the selector with the labels of the pods.',
    waiver: ['NetworkPolicy/shop/operator', 'its pods are made by an operator'],
  },
  monitor: {
    why: 'The operator of Prometheus drops monitors, rules and alert routes that nothing selects without a word, and a monitor without targets measures nothing: no alert ever fires, and all looks well.',
    advice:
      'Give the object the labels that the Prometheus of the cluster selects (`serviceMonitorSelector`, `ruleSelector`, …), and monitors a port by its name.',
    waiver: ['PodMonitor/shop/agents', 'is read by the Prometheus of another team'],
  },
  resources: {
    why: 'A container that requests nothing is put on any node, however full, is slowed down first, and is the first to be evicted; quotas refuse it, and autoscalers of nodes do not see it.',
    advice: 'Set `resources.requests` for CPU and memory to what it uses, or let a LimitRange of its namespace do so.',
    waiver: ['Deployment/trial/*', 'nobody waits for what is tried there'],
  },
  probe: {
    why: 'Without a readiness probe a pod gets requests as soon as its process runs: every rollout and every restart loses some, and a rollout goes on although the new pods answer nothing.',
    advice: 'Give the container that listens a `readinessProbe` that fails as long as requests would.',
    waiver: ['Deployment/shop/beacon', 'answers from its first moment on'],
  },
  'plain-secret': {
    why: 'The value of an environment variable can be read by everybody who may read the workload, and stands in the assembly and in version control.',
    advice:
      'Put the value into a Secret that somebody else fills (External Secrets, Vault), and refer to it by `secretKeyRef`.',
    waiver: ['Deployment/shop/demo', 'is the published password of the demonstration'],
  },
  'cluster-facts': {
    why: 'The objects are accepted and do nothing: a Service waits for its address, a claim for its volume, a network policy protects nobody. No error is ever shown.',
    advice:
      'Make something else in that cluster (overrides per cluster), or correct the facts where the cluster is declared.',
    waiver: ['PersistentVolumeClaim/shop/data', 'its class is made by the storage operator'],
  },
  host: {
    why: 'Controllers decide by age, by name, or refuse the second one: which service answers can change when either is made anew.',
    advice:
      'Give one of them another host, path or match, or put both routes into one object. What tells requests apart (class, Gateway, listener, header, method) is enough.',
    waiver: ['Ingress/shop/maintenance', 'stands in only while the other one is scaled down'],
  },
  replicas: {
    why: 'An override of one cluster takes its replicas from nowhere and gives them to nobody: the service runs more or fewer than the program says, and the number in the program is believed.',
    advice:
      'Override the other clusters as well, or declare the real sum. Weights of the placement move replicas without changing the sum.',
    waiver: ['Deployment/shop/cart', 'one replica less before production'],
  },
  headroom: {
    why: 'A service with `survive` gets enough replicas in every cluster that the others can do without it. An override or a patch that lowers one of them takes that away, and it shows only on the day a cluster is lost.',
    advice: 'Raise what was lowered, or leave out `survive` and declare what is really there.',
    waiver: ['Deployment/shop/cart', 'the second cluster is being filled this week'],
  },
  'sensitive-app': {
    why: 'What an app marked `sensitive` holds must not be one mistake away from the internet: a Service or an Ingress in a cluster whose entry points the internet reaches is enough.',
    advice: 'Choose clusters with `internetFacing: false` for the placement, and declare that fact for every cluster.',
    waiver: ['edge:Deployment/vault/*', 'its entry points are behind the company’s VPN'],
  },
  'divided-volume': {
    why: 'An app with volumes runs in several clusters, and its name is the same in each. The data is not: what is written in one cluster is not in the others, and after a failover users find what was there before, or nothing.',
    advice:
      'Keep data that must be one in a database that replicates itself, or in storage that does; or keep the app in one cluster, with backups (BackupPlan) for the day it is lost. Waive it for caches and the like.',
    waiver: ['PersistentVolumeClaim/shop/cart-cache', 'a cache, filled anew in every cluster'],
  },
  'divided-stateful-set': {
    why: 'Every cluster counts the pods of a StatefulSet from 0: divided over clusters there are two first members with one name, and what they keep goes apart.',
    advice:
      'Give each cluster a range of its own by `spec.ordinals.start`, or run a whole StatefulSet in each cluster under a name of its own.',
    waiver: ['StatefulSet/shop/cache', 'its members are independent of each other'],
  },
  'global-address': {
    why: 'k8gb has no centre: every cluster answers DNS for the address by its own copy of the Gslb. Where the copies differ, users get another answer with every cluster that is asked; and a failover to a tag that no cluster has never happens.',
    advice:
      'Make the copies the same: declare the address once (`exposeGlobally`), and leave out patches of it for some clusters. Tags are the `geoTag` (or `region`) of the facts and `clusterGeoTag` of k8gb.',
    waiver: ['Gslb/shop/legacy', 'its clusters are moved to another zone one by one'],
  },
  'mesh-member': {
    why: 'Timeouts, retries, circuit breaking and the shares of a canary are held by the proxies of callers. Where pods have none, the objects are there and nothing of them happens: a canary gets no requests, and nobody notices before the step that relies on it.',
    advice:
      'Give the namespace the label `istio-injection: enabled`, or `istio.io/rev` with the revision of the mesh; pods get their proxy when they are made anew. An app and a workspace give their `labels` to the namespaces that they make.',
    waiver: ['DestinationRule/shop/legacy', 'its callers are gateways only'],
  },
  'program-process': {
    why: 'Helm, Include and Yaml.load of cdk8s start processes while the program runs: every synth waits for each of them, needs helm and maybe the network, and renders for no Kubernetes version. What a repository serves today is in the output, and the YAML is read by other rules than kubectl’s: the last of duplicate keys wins, 2024-04-01 becomes a time.',
    advice:
      'Use HelmRelease and Include of @orrery/constructs: the engine renders, in parallel, from a cache, for each cluster’s version, with pinned charts. Objects keep their names, so that nothing changes in the clusters; the next plan shows it.',
    waiver: ['Deployment/ingress/controller', 'its chart needs flags that only cdk8s passes on'],
  },
};
