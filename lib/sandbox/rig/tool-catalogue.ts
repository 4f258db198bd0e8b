/** How one tool is built from a pinned Go module, and how to see which version a binary is. */
export interface ToolDefinition {
  /** Folder under `modules/` with its go.mod and go.sum. */
  readonly module: string;
  /** Import path of its main package; "." for a main of our own in the module folder. */
  readonly package: string;
  /** Version it is pinned to and reports, without "v". */
  readonly version: string;
  /** Variables set at link time (go build -ldflags -X): without them the programs report a development version. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Needs a gigabyte and more to compile: never built beside another tool. */
  readonly heavy?: boolean | undefined;
  /** Arguments that print its version. */
  readonly versionArguments: readonly string[];
}

function kubernetes(version: string, command: string): ToolDefinition {
  const [major = '', minor = ''] = version.split('.');
  const component = 'k8s.io/component-base/version';
  return {
    module: `kubernetes-${major}.${minor}`,
    package: `k8s.io/kubernetes/cmd/${command}`,
    version,
    variables: {
      [`${component}.gitVersion`]: `v${version}`,
      [`${component}.gitMajor`]: major,
      [`${component}.gitMinor`]: minor,
      'k8s.io/client-go/pkg/version.gitVersion': `v${version}`,
    },
    heavy: true,
    versionArguments: command === 'kubectl' ? ['version', '--client'] : ['--version'],
  };
}

/**
 * Every tool of the rig. Recipes: facts, the rig. `go install package@version` is no way for most of them, because it refuses modules with
 * `replace` (golang/go#44840); so each has a module of its own that repeats the replacements.
 */
export const TOOLS = {
  'kube-apiserver': kubernetes('1.36.3', 'kube-apiserver'),
  'kube-controller-manager': kubernetes('1.36.3', 'kube-controller-manager'),
  'kube-scheduler': kubernetes('1.36.3', 'kube-scheduler'),
  kubectl: kubernetes('1.36.3', 'kubectl'),
  etcd: { module: 'etcd', package: '.', version: '3.6.16', versionArguments: ['--version'] },
  kwok: { module: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', version: '0.8.0', versionArguments: ['--version'] },
  helm4: {
    module: 'helm4',
    package: 'helm.sh/helm/v4/cmd/helm',
    version: '4.3.1',
    variables: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
    versionArguments: ['version', '--short'],
  },
  helm3: {
    module: 'helm3',
    package: 'helm.sh/helm/v3/cmd/helm',
    version: '3.22.0',
    // The Kubernetes minor is that of its client library, as in Helm's own release build: charts ask for it (.Capabilities.KubeVersion).
    variables: {
      'helm.sh/helm/v3/internal/version.version': 'v3.22.0',
      'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor': '1',
      'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': '37',
      'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor': '1',
      'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': '37',
    },
    versionArguments: ['version', '--short'],
  },
  kubeconform: {
    module: 'kubeconform',
    package: 'github.com/yannh/kubeconform/cmd/kubeconform',
    version: '0.7.0',
    variables: { 'main.version': 'v0.7.0' },
    versionArguments: ['-v'],
  },
  'kube-apiserver-1.35': kubernetes('1.35.4', 'kube-apiserver'),
  'kube-apiserver-1.34': kubernetes('1.34.4', 'kube-apiserver'),
  promtool: {
    module: 'promtool',
    package: 'github.com/prometheus/prometheus/cmd/promtool',
    version: '3.14.0',
    variables: { 'github.com/prometheus/common/version.Version': '3.14.0' },
    heavy: true,
    versionArguments: ['--version'],
  },
  amtool: {
    module: 'amtool',
    package: 'github.com/prometheus/alertmanager/cmd/amtool',
    version: '0.34.0',
    variables: { 'github.com/prometheus/common/version.Version': '0.34.0' },
    versionArguments: ['--version'],
  },
  'argo-rollouts': {
    module: 'argo-rollouts',
    package: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
    version: '1.9.1',
    variables: { 'github.com/argoproj/argo-rollouts/utils/version.version': '1.9.1' },
    heavy: true,
    versionArguments: ['--version'],
  },
  dyff: {
    module: 'dyff',
    package: 'github.com/homeport/dyff/cmd/dyff',
    version: '1.12.0',
    variables: { 'github.com/homeport/dyff/internal/cmd.version': '1.12.0' },
    versionArguments: ['version'],
  },
  flagger: {
    module: 'flagger',
    package: 'github.com/fluxcd/flagger/cmd/flagger',
    version: '1.44.0',
    versionArguments: ['-version'],
  },
} as const satisfies Record<string, ToolDefinition>;

export type ToolName = keyof typeof TOOLS;

/** Tools that belong together: what the sandbox runs on, and what the tests need besides. */
export const TOOL_SETS = {
  sandbox: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'etcd', 'kwok'],
  test: ['helm4', 'helm3', 'kubeconform'],
} as const satisfies Record<string, readonly ToolName[]>;

export type ToolSet = keyof typeof TOOL_SETS;

/** A Kubernetes release whose API server the rig can build. */
export interface KubernetesRelease {
  /** "1.36.3". */
  readonly version: string;
  readonly apiServer: ToolName;
}

const RELEASES: readonly KubernetesRelease[] = (
  ['kube-apiserver', 'kube-apiserver-1.35', 'kube-apiserver-1.34'] as const
).map((apiServer) => ({ version: TOOLS[apiServer].version, apiServer }));

/** The release for "1.35", "v1.35" or "1.35.4"; the newest without argument; undefined for one that the rig has not. */
export function kubernetesRelease(version?: string): KubernetesRelease | undefined {
  if (version === undefined) return RELEASES[0];
  const wanted = version.replace(/^v/, '');
  return RELEASES.find((release) => release.version === wanted || release.version.replace(/\.\d+$/, '') === wanted);
}

/** Versions for messages: "1.36.3, 1.35.4, 1.34.4". */
export function kubernetesVersions(): string {
  return RELEASES.map(({ version }) => version).join(', ');
}
