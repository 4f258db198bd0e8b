/** Versions that a new project asks for; a test compares them with what this repository is built and tested with. */
export const TEMPLATE_VERSIONS = {
  cdk8s: '^2.70.106',
  constructs: '^10.8.1',
  typescript: '~6.0.3',
  '@types/node': '^24.19.2',
} as const;

/** The files of a new project, by name. */
export function projectFiles({
  id,
  version,
}: {
  readonly id: string;
  readonly version: string;
}): Readonly<Record<string, string>> {
  return {
    'main.ts': mainProgram(id),
    'cdk8s.yaml': CDK8S_YAML,
    'package.json': packageJson(id, version),
    'tsconfig.json': TSCONFIG,
    'README.md': readme(id),
    '.gitignore': 'node_modules/\ndist/\ndist-helm/\n.orrery/\n',
  };
}

function mainProgram(id: string): string {
  return `import { ClusterSet, Environment, MultiClusterApp, Placement, Platform, Probe } from '@orrery/constructs';

// The id is the identity of the platform for life: everything in the clusters is recognised by it.
const platform = new Platform({ id: '${id}' });

const clusters = new ClusterSet(platform, 'clusters');
clusters.add('staging', { environment: Environment.STAGING, kubernetesVersion: '1.36' });
clusters.add('production', { environment: Environment.PRODUCTION, kubernetesVersion: '1.36' });

// Nine replicas, divided by weight: 3 in staging, 6 in production.
const shop = new MultiClusterApp(platform, 'shop', {
  placement: Placement.weighted({ staging: 1, production: 2 }),
});
shop.addService('web', {
  image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
  replicas: 9,
  args: ['netexec', '--http-port=8080'],
  port: 8080,
  readiness: Probe.httpGet('/'),
  cpu: '100m',
  memory: '64Mi',
});

platform.synth();
`;
}

const CDK8S_YAML = `# How the program is run, and how each cluster is reached. Names are the clusters of main.ts.
language: typescript
app: node main.ts
output: dist
targets:
  staging: { directory: targets/staging }
  # A folder holds the manifests of its cluster: commit it and let Argo CD or Flux take it from there. For a cluster itself write
  #   production: { kubeconfig: ~/.kube/config, context: production }
  # and for a trial on this machine \`sandbox\` (orrery sandbox up).
  production: { directory: targets/production }
`;

function packageJson(id: string, version: string): string {
  const content = {
    name: id,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: { synth: 'orrery synth', plan: 'orrery plan', apply: 'orrery apply', check: 'tsc' },
    dependencies: {
      '@orrery/cli': version,
      '@orrery/constructs': version,
      cdk8s: TEMPLATE_VERSIONS.cdk8s,
      constructs: TEMPLATE_VERSIONS.constructs,
    },
    devDependencies: { '@types/node': TEMPLATE_VERSIONS['@types/node'], typescript: TEMPLATE_VERSIONS.typescript },
    engines: { node: '>=22.19.0' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["*.ts"]
}
`;

function readme(id: string): string {
  return `# ${id}

A platform on several Kubernetes clusters, written as one program: \`main.ts\`. How the clusters are reached stands in \`cdk8s.yaml\`.

    npm install
    npx orrery plan      # what would change, cluster by cluster; writes nothing
    npx orrery apply     # shows the same, asks, writes
    npx orrery plan      # no changes

At first both clusters are folders under \`targets/\`. \`npx orrery --help\` says how to reach real ones and how to start some on this machine.
`;
}
