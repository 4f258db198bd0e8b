import {
  BuildParameterValue,
  ClusterSet,
  ImageBuild,
  ImageBuildStrategy,
  ImageBuildTrigger,
  ImageInput,
  Placement,
  VulnerabilitySeverity,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

/** Where the value stands in a format. */
const PLACE = '$'.concat('{X_VALUE}');

export default {
  title: 'images that Shipwright builds',
  crds: ['shipwright.io'],
  kinds: ['Build', 'BuildRun'],
  program(platform) {
    new ClusterSet(platform, 'clusters').add('ops');
    const at = { placement: Placement.everywhere(), namespaceName: 'ci' };
    const git = ImageInput.git('https://git.example.com/shop.git', {
      revision: 'v1',
      directory: 'cart',
      secret: 'git',
    });
    new ImageBuild(platform, 'cart', {
      ...at,
      input: git,
      image: 'registry.example.com/shop/cart:1',
      strategy: ImageBuildStrategy.buildkit({
        dockerfile: 'Dockerfile',
        target: 'final',
        buildArguments: { A: 'b' },
        platforms: ['linux/amd64'],
      }),
      parameters: { cache: BuildParameterValue.configMap('settings', 'cache', PLACE.replace('X', 'CONFIGMAP')) },
      pushSecret: 'registry',
      insecure: true,
      environment: { CI: '1' },
      secretEnvironment: { TOKEN: { secret: 'npm', key: 'token' } },
      imageLabels: { a: 'b' },
      imageAnnotations: { c: 'd' },
      timeout: '20m',
      retention: { failedLimit: 3, succeededLimit: 5, afterFailure: '72h', afterSuccess: '1d', withBuild: true },
      triggers: [
        ImageBuildTrigger.gitHubPush('main'),
        ImageBuildTrigger.gitHubPullRequest(),
        ImageBuildTrigger.images('registry.example.com/base:1'),
        ImageBuildTrigger.pipeline('tests', 'Succeeded'),
      ],
      triggerSecret: 'webhook',
      scan: {
        failOnFinding: true,
        ignoreUpTo: VulnerabilitySeverity.LOW,
        ignoreUnfixed: true,
        ignoreIds: ['CVE-2026-1'],
      },
      nodeSelector: { pool: 'ci' },
      runs: [
        {
          name: 'first',
          image: 'registry.example.com/shop/cart:2',
          parameters: { cache: BuildParameterValue.secret('settings', 'cache', PLACE.replace('X', 'SECRET')) },
          timeout: '10m',
          serviceAccountName: '.generate',
        },
      ],
    });
    const jar = ImageInput.ociArtifact('registry.example.com/artifacts/shop:1', { directory: 'app', secret: 'pull' });
    new ImageBuild(platform, 'jar', { ...at, input: jar, image: 'registry.example.com/shop/jar:1' });
    new ImageBuild(platform, 'war', {
      ...at,
      input: ImageInput.localUpload(),
      image: 'registry.example.com/shop/war:1',
      strategy: ImageBuildStrategy.sourceToImage('quay.io/wildfly/wildfly-s2i:latest'),
    });
    const others = {
      ko: ImageBuildStrategy.ko({ goVersion: '1.25', packageDirectory: './cmd', targetPlatform: 'linux/arm64' }),
      kaniko: ImageBuildStrategy.kaniko({ dockerfile: 'Dockerfile' }),
      buildah: ImageBuildStrategy.buildah({ target: 'final' }),
      own: ImageBuildStrategy.custom('own', { flags: BuildParameterValue.texts('a', 'b') }, false),
    };
    for (const [name, strategy] of Object.entries(others)) {
      new ImageBuild(platform, name, { ...at, input: git, image: `registry.example.com/shop/${name}:1`, strategy });
    }
  },
} satisfies AcceptedCase;
