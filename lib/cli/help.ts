/** Texts of --help. Whoever reads them has never used this before. */

export const HELP = {
  description: `Orrery brings a platform, written as one program, to many Kubernetes clusters.

  program ──synth──► assembly ──plan──► plan ──apply──► clusters`,
  after: `
Start here:
  orrery init my-platform      a project that works, with two clusters that are folders
  cd my-platform && npm install
  orrery plan                  what would change (writes nothing)
  orrery apply                 shows the same, asks, writes

How clusters are reached stands in cdk8s.yaml:
  targets:
    staging: { directory: targets/staging }          a folder of manifests, for GitOps
    production: { context: prod, kubeconfig: ~/.kube/config }
    trial: sandbox                                    a real control plane on this machine (orrery sandbox up)

Exit codes: 0 ok · 1 error, also when only one cluster could not be read · 2 there are changes (diff and plan with
--exit-code) · 3 waiting for somebody. stdout has the result, stderr everything said about it.`,
} as const;

interface VerbHelp {
  /** As it stands in the list of verbs. */
  readonly term: string;
  readonly summary: string;
  readonly description: string;
  readonly after: string;
}

export const VERB_HELP = {
  init: {
    term: 'init [folder]',
    summary: 'make a new project that works',
    description:
      'Makes a TypeScript project: a program with two clusters and one application, and targets that are folders, so that nothing else is needed to try it.',
    after: `
Writes: main.ts, cdk8s.yaml, package.json, tsconfig.json, README.md, .gitignore. Files that exist are never overwritten.

Examples:
  orrery init my-platform
  npx @orrery/cli init my-platform`,
  },
  synth: {
    term: 'synth',
    summary: 'run the program and write the assembly',
    description:
      'Runs the program (`app` of cdk8s.yaml), which writes the assembly: a folder with everything that every cluster shall hold. No cluster is contacted.',
    after: `
Reads:  cdk8s.yaml, the program.
Writes: the folder \`output\` of cdk8s.yaml (default dist): manifest.json, the objects of every cluster as JSON, and under
        yaml/ the same for people and GitOps tools. A program that fails leaves the last good output as it is.
        With --format helm also a Helm chart for each unit of each cluster, under dist-helm/CLUSTER/CHART; what helm does
        otherwise than an apply is said. Values of Secrets are beside the charts, not in them.

Examples:
  orrery synth
  orrery synth --watch
  orrery synth --app "python main.py"
  orrery synth --format helm --chart-version 1.4.0
  helm upgrade --install mall dist-helm/prod-sh/mall --namespace default`,
  },
  ls: {
    term: 'ls',
    summary: 'list clusters, units and objects',
    description:
      'Lists what the program declares: clusters, the units of each in the order they are applied, and their objects. No cluster is contacted.',
    after: `
Examples:
  orrery ls
  orrery ls --objects
  orrery ls --json --assembly dist`,
  },
  images: {
    term: 'images',
    summary: 'list the images of pods, with their names in mirrors',
    description:
      'Lists the images of everything that makes pods, charts and included files rendered, and how each cluster names them: clusters with `registryMirror` take the images of services from there. Tells which images pass the mirror. No cluster is contacted.',
    after: `
Images in fields that only a controller understands (of a Prometheus, say) are not found, nor those of native Helm releases.

Examples:
  orrery images
  orrery images --cluster prod-gz --output json
  orrery images --output copies | xargs -n 2 crane copy`,
  },
  check: {
    term: 'check',
    summary: 'look for mistakes that a cluster would find',
    description:
      'Looks for mistakes in what the program wants, charts and included files rendered: fields that a kind does not have, removed API versions, Services without pods, pods that their namespace refuses, autoscalers that cannot scale, and more. No cluster is contacted.',
    after: `
Reads:  the program or an assembly, and \`checks\` of cdk8s.yaml:
  checks:
    waive:
      pod-security:
        DaemonSet/monitoring/node-exporter: reads the metrics of its node

Ends with 1 when there is an error, with --strict also for warnings. The checks: docs/checks.md.

Examples:
  orrery check
  orrery check --strict --output sarif > orrery.sarif`,
  },
  explain: {
    term: 'explain [what]',
    summary: 'say what an error or a check means',
    description:
      'Says what the code of an error or the id of a check means, what happens, and what to do. Without a name: lists them.',
    after: `
Examples:
  orrery explain ORR4005
  orrery explain pod-security
  orrery explain`,
  },
  diff: {
    term: 'diff',
    summary: 'show what would change',
    description:
      'Compares what the program wants with what every cluster holds and shows the difference. Writes nothing and saves no plan.',
    after: `
Reads:  the program or an assembly, and every target.
Writes: nothing.

Examples:
  orrery diff
  orrery diff --cluster prod-sh --output markdown
  orrery diff --exit-code               2 when something would change, for CI`,
  },
  plan: {
    term: 'plan',
    summary: 'show what would change, and save it for apply',
    description:
      'As diff. With --out the plan is saved: `orrery apply FILE` then does exactly what was reviewed, or refuses.',
    after: `
Reads:  the program or an assembly, and every target.
Writes: nothing in any cluster; with --out the plan file (mode 0600, without Secret values).

Examples:
  orrery plan
  orrery plan --out plan.json && orrery apply plan.json
  orrery plan --no-dry-run                 by a user who may only read; for reading, not for applying
  orrery plan --output markdown >> "$GITHUB_STEP_SUMMARY"`,
  },
  apply: {
    term: 'apply [plan]',
    summary: 'bring the clusters to what the program wants',
    description:
      'Shows the plan, asks, and writes: cluster by cluster, in the order of dependencies, deletes last. With a plan file exactly that plan is applied.',
    after: `
Reads:  the program or an assembly, every target, the plan file.
Writes: the objects, and an inventory of them in every target. What was begun is recorded: after an interruption (Ctrl-C
        once ends cleanly, twice at once) or a failure run it again and it goes on.

Without a terminal to ask on it wants --yes or a plan file. Where the program declares a rollout, it goes wave after wave.

Examples:
  orrery apply
  orrery apply plan.json
  orrery apply --yes --wave canary
  orrery apply --yes --cluster staging --timeout 2m
  orrery apply --adopt Deployment/shop/cart --yes`,
  },
  destroy: {
    term: 'destroy',
    summary: 'remove everything of this platform from the clusters',
    description:
      'Shows what would be removed, asks for the platform id, and deletes every object of the platform. Objects of others stay.',
    after: `
Reads:  the program or an assembly (for the platform id and the clusters), every target.
Writes: deletes the objects of the inventory, then the inventory.

Examples:
  orrery destroy --cluster staging
  orrery destroy --yes`,
  },
  status: {
    term: 'status',
    summary: 'what of the platform is where, and how it is',
    description:
      'Shows per cluster the newest revision and how every object of ours is: ready, waiting, failed, suspended or missing. The ready ones are only counted (-v lists them).',
    after: `
Reads:  the program or an assembly (for the platform id and the clusters), every target.
Writes: nothing.

Examples:
  orrery status
  orrery status --cluster prod-sh --json
  orrery status || echo "something is not well"      1 also when an object failed or is missing, 3 when one is suspended`,
  },
  history: {
    term: 'history',
    summary: 'what was applied to the clusters, and when',
    description:
      'Lists the revisions that each cluster keeps: the newest ten applies, with time, person and number of objects.',
    after: `
Reads:  the program or an assembly (for the platform id and the clusters), every target.
Writes: nothing.

Examples:
  orrery history
  orrery history --cluster prod-sh --json`,
  },
  rollback: {
    term: 'rollback',
    summary: 'bring the clusters back to an earlier revision',
    description:
      'Shows what would change, asks, and applies what an earlier revision held: each cluster its newest complete one with other contents than the present. Manifests come back, data does not; the plan says what.',
    after: `
Reads:  the program or an assembly (for the platform id and the clusters), every target and its revisions.
Writes: as apply. What is brought back is recorded as a new revision.

Examples:
  orrery rollback
  orrery rollback --cluster prod-sh --to 12 --yes`,
  },
  drift: {
    term: 'drift',
    summary: 'show what others changed in the clusters since the last apply',
    description:
      'Compares every cluster with what was applied there last, and shows what differs: which field, who changed it and when. What the program would change does not count.',
    after: `
Reads:  the program or an assembly (for the platform id and the clusters), every target and its latest revision.
Writes: nothing.

Examples:
  orrery drift
  orrery drift --exit-code              2 when something drifted, for CI`,
  },
  adopt: {
    term: 'adopt [objects]',
    summary: 'take over objects that exist and are not ours',
    description:
      'Plans these objects alone, with adoption chosen: shows what changes in them, asks, and makes them ours. Their fields that kubectl, Helm or another platform set become ours too: what the program does not set of them, goes, and is shown.',
    after: `
Objects must be in the program and in the cluster; nothing is created. One of another platform has to be named without "*".

Reads:  the program or an assembly, every target.
Writes: these objects, and their entries in the inventory.

Examples:
  orrery adopt Deployment/shop/cart Service/shop/cart
  orrery adopt 'prod-sh:ConfigMap/shop/*' --yes
  orrery adopt --from-platform mall     the platform had this id before: everything moves, nothing is deleted`,
  },
  orphan: {
    term: 'orphan <objects>',
    summary: 'give up objects of ours and leave them in the clusters',
    description:
      'Shows which objects are given up, asks, and takes our label, our field ownership and our inventory entry off them. Every value in them stays as it is.',
    after: `
Take them out of the program too, or the next plan finds them there and says that they are not ours.

Reads:  the program or an assembly (for the platform id and the clusters), every target.
Writes: label and managedFields of these objects, and the inventory.

Examples:
  orrery orphan Deployment/shop/cart
  orrery orphan 'PersistentVolumeClaim/*' --cluster prod-sh --yes`,
  },
  unlock: {
    term: 'unlock',
    summary: 'show who is applying, and remove the lease of an apply that died',
    description:
      'Shows who holds the lease of each cluster, since when, and the id of that lease. With --lease-id exactly that lease is removed, if it is still the one that is there.',
    after: `
A lease that is not renewed is taken over by the next apply without this. An apply that lives after all stops before its
next write when its lease is gone.

Reads:  the program or an assembly (for the platform id and the clusters), every target.
Writes: nothing; with --lease-id it deletes one Lease.

Examples:
  orrery unlock
  orrery unlock --lease-id 0c6e1d1e-6a0b-4f0e-9d1c-0b7b7c1d2e3f`,
  },
  refresh: {
    term: 'refresh',
    summary: 'rebuild a lost or damaged inventory from what is in the clusters',
    description:
      'Looks for objects that carry the label of the platform and were applied by it, among all kinds of each cluster, shows which the inventory does not know, asks, and enters them.',
    after: `
No object is touched and nothing is deleted. The next plan deletes what the program no longer has, under the usual guards.

Reads:  the program or an assembly (for the platform id and the clusters), every kind of every target.
Writes: the inventory, under the lease.

Examples:
  orrery refresh
  orrery refresh --cluster prod-sh --yes --output json`,
  },
  import: {
    term: 'import crd|cluster|helm',
    summary: 'TypeScript types of custom resources and of chart values',
    description:
      'Writes TypeScript types, a file per kind or chart: from the YAML of CRDs, from a live cluster, or from the schema of a chart. Types only: nothing of it runs.',
    after: `
Writes: imports/GROUP/KIND.ts and imports/helm/CHART.ts. The newest stable version of a kind has its plain name, others have the version behind it
        (CertificateV1alpha2).

In the program:
  import type { VirtualService } from './imports/networking.istio.io/VirtualService.ts';
  new ApiObject(chart, 'routes', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: … } satisfies VirtualService);

Examples:
  orrery import crd crds/ cert-manager.crds.yaml
  orrery import cluster prod-sh --group networking.istio.io
  orrery import helm charts/storefront gateway-4.11.3.tgz`,
  },
  workspace: {
    term: 'workspace kubeconfig|audit-policy',
    summary: 'what tenants and API servers need of a workspace',
    description:
      'Prints a kubeconfig for a member of a workspace, or the audit policy for the API servers of its clusters.',
    after: `
Reads:  the program or an assembly; kubeconfig also every target of the workspace, for its address and trust.
Writes: nothing. A token of a machine is made by the API server (TokenRequest), printed this once, kept nowhere, and ends by itself.

Examples:
  orrery workspace kubeconfig --member nightly-import --ttl 1h > import.kubeconfig
  orrery workspace kubeconfig --member joe@example.com --login "kubelogin get-token --oidc-issuer-url=https://login.example.com"
  orrery workspace audit-policy --cluster prod-sh > audit-policy.yaml`,
  },
  backup: {
    term: 'backup restore-document',
    summary: 'what restores a backup of a plan in a cluster',
    description:
      'Prints the documents that restore a backup of a BackupPlan by Velero in a cluster, the same or another one, with its storage classes.',
    after: `
Reads:  the program or an assembly. No cluster is contacted.
Writes: nothing. A restore is started by who applies what is printed; apply and plan never do it.

Examples:
  orrery backup restore-document --from prod-sh --to prod-gz | kubectl --context prod-gz apply -f -
  orrery backup restore-document --from prod-sh --to prod-sh --backup nightly-prod-sh-20270101030000 --map-namespace mall=mall-restored`,
  },
  pipeline: {
    term: 'pipeline jenkinsfile [name]',
    summary: 'the Jenkinsfile of a pipeline, and whether a repository has it',
    description: 'Prints the Jenkinsfile of a Pipeline, or compares a file with it.',
    after: `
Reads:  the program or an assembly; with --check the file. No cluster and no Jenkins is contacted.
Writes: nothing.
Exit:   0 the file is what the program makes, 2 it is not.

Examples:
  orrery pipeline jenkinsfile shop > Jenkinsfile
  orrery pipeline jenkinsfile shop --check Jenkinsfile`,
  },
  gpu: {
    term: 'gpu plan',
    summary: 'what pools of GPUs have, what is requested, and how it fits',
    description:
      'Shows for each cluster what its pools of GPUs have: cards, slices (what pods may have one by one: cards, replicas, partitions, shares), what is requested and free, and how the pods are expected to fit onto the cards.',
    after: `
"cards needed" is what a scheduler that packs would come to, "without the pool" the same where each pod has whole cards;
"idle" are cards that no pod is expected on. It is arithmetic, not a measurement: nvidia.com metrics say how busy cards are.

Reads:  the program or an assembly; with --live the nodes and pods of every cluster too.
Writes: nothing.
Exit:   0 all that is requested has room, 2 something has none, 1 a cluster could not be read.

Examples:
  orrery gpu plan
  orrery gpu plan --cluster gpu-sh --output json
  orrery gpu plan --live`,
  },
  release: {
    term: 'release status|promote|abort|pause|resume [name]',
    summary: 'canary releases: where they stand, and what people say to them',
    description:
      'Shows at which stage each canary release stands in each cluster, or lets one go on, stay, go on again or go back. apply moves releases on by itself, as far as nothing has to be waited for.',
    after: `
Reads:  the program or an assembly, the records of releases in every target.
Writes: promote, abort and resume: the record, then the objects of the next stages, as apply does. pause: the record alone.
Exit:   0 through, back as asked, or not begun · 3 it waits for time, an analysis or somebody · 1 it failed, or went back by itself.

Examples:
  orrery release status --follow
  orrery release promote cart --cluster prod-sh
  orrery release promote cart --full
  orrery release abort cart
  orrery release resume cart     goes on where it was paused; begins anew where it went back`,
  },
  sandbox: {
    term: 'sandbox up|down|status|rig',
    summary: 'real control planes on this machine, to try a platform on',
    description:
      'A real API server, scheduler and controllers with simulated nodes per cluster of the program, on 127.0.0.1. Needs Go 1.26 once, to build them.',
    after: `
Examples:
  orrery sandbox up             start one per cluster of the program
  orrery apply --sandbox        apply to them
  orrery sandbox down           end them and delete what they stored`,
  },
  doctor: {
    term: 'doctor',
    summary: 'check that everything needed is there',
    description:
      'Checks Node, helm, Go, cdk8s.yaml, that every target can be reached and what we may do there. Each line is ok or says what to do.',
    after: `
Examples:
  orrery doctor
  orrery doctor --cluster prod-sh --json`,
  },
} as const satisfies Record<string, VerbHelp>;
