import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { ImageInput } from '../devops/image-input';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { ImageBuild } from './image-build';
import { type ImageBuildProps, ImageBuildTrigger } from './image-build-props';
import { BuildParameterValue, ImageBuildStrategy } from './image-build-strategy';

const GIT = ImageInput.git('https://git.example.com/shop.git', { revision: 'v1', directory: 'cart', secret: 'git' });
const PROPS = {
  placement: Placement.everywhere(),
  namespaceName: 'ci',
  input: GIT,
  image: 'registry.example.com/shop/cart:1',
};

const program = (own: Partial<ImageBuildProps>) => (platform: Platform) => {
  new ClusterSet(platform, 'clusters').add('ops');
  new ImageBuild(platform, 'cart', { ...PROPS, ...own });
};
const build = (own: Partial<ImageBuildProps> = {}) => assemblyOf(program(own)).object('ops', 'cart/Build').spec;
const problems = (own: Partial<ImageBuildProps>) => problemsOfProgram(program(own)).map(({ what }) => what);

describe('an image that Shipwright builds', () => {
  it('needs no Dockerfile where nothing else is said', () => {
    expect(build()).toEqual({
      source: {
        type: 'Git',
        contextDir: 'cart',
        git: { url: 'https://git.example.com/shop.git', revision: 'v1', cloneSecret: 'git' },
      },
      strategy: { name: 'buildpacks-v3', kind: 'ClusterBuildStrategy' },
      output: { image: 'registry.example.com/shop/cart:1' },
    });
  });

  it.each<[string, ImageInput, object]>([
    [
      'an artifact in a registry',
      ImageInput.ociArtifact('registry.example.com/artifacts/shop-jar:1', { secret: 'pull' }),
      {
        type: 'OCI',
        ociArtifact: { image: 'registry.example.com/artifacts/shop-jar:1', pullSecret: 'pull' },
      },
    ],
    [
      'files that the CLI sends',
      ImageInput.localUpload(),
      { type: 'Local', local: { name: 'upload', timeout: '5m0s' } },
    ],
  ])('may be made of %s', (_, input, source) => {
    expect(build({ input }).source).toEqual(source);
  });

  it.each<[ImageBuildStrategy, string, object[] | undefined]>([
    [ImageBuildStrategy.buildpacks(), 'buildpacks-v3', undefined],
    [
      ImageBuildStrategy.sourceToImage('quay.io/wildfly/java:21'),
      'source-to-image',
      [{ name: 'builder-image', value: 'quay.io/wildfly/java:21' }],
    ],
    [ImageBuildStrategy.ko({ packageDirectory: './cmd' }), 'ko', [{ name: 'package-directory', value: './cmd' }]],
    [
      ImageBuildStrategy.buildkit({ dockerfile: 'D', buildArguments: { A: 'b' }, platforms: ['linux/arm64'] }),
      'buildkit',
      [
        { name: 'dockerfile', value: 'D' },
        { name: 'build-args', values: [{ value: 'A=b' }] },
        { name: 'platforms', values: [{ value: 'linux/arm64' }] },
      ],
    ],
    [ImageBuildStrategy.buildah({ target: 't' }), 'buildah-shipwright-managed-push', [{ name: 'target', value: 't' }]],
    [ImageBuildStrategy.kaniko(), 'kaniko', undefined],
  ])('has strategies (%#)', (strategy, name, values) => {
    const spec = build({ strategy });
    expect(spec.strategy.name).toBe(name);
    expect(spec.paramValues).toEqual(values);
  });

  it.each<[string, Partial<ImageBuildProps>, string]>([
    [
      'an artifact at an address',
      { input: ImageInput.artifactUrl('https://example.com/shop.jar') },
      'fetches no artifact by its address',
    ],
    [
      'an upload into KubeSphere',
      { input: ImageInput.uploaded('shop.jar', { md5: 'a'.repeat(32) }) },
      'there for its own builds',
    ],
    [
      'a run that waits for files',
      { input: ImageInput.localUpload(), runs: [{ name: 'one' }] },
      'only the command that sends them can start it',
    ],
    [
      'ko of an artifact',
      { input: ImageInput.ociArtifact('a/b:1'), strategy: ImageBuildStrategy.ko() },
      'the input is an artifact',
    ],
    [
      'an unknown parameter',
      { parameters: { dockerfile: BuildParameterValue.text('x') } },
      'has no parameter "dockerfile"',
    ],
    [
      'Dockerfile arguments with Kaniko',
      { strategy: ImageBuildStrategy.kaniko({ buildArguments: { A: 'b' } }) },
      'has no parameter "build-args"',
    ],
    [
      'a list where a text belongs',
      { strategy: ImageBuildStrategy.buildkit(), parameters: { cache: BuildParameterValue.texts('a') } },
      'is one text',
    ],
    [
      'a text where a list belongs',
      { strategy: ImageBuildStrategy.buildkit(), parameters: { secrets: BuildParameterValue.text('a') } },
      'is a list',
    ],
    [
      'a parameter of Shipwright itself',
      { strategy: ImageBuildStrategy.custom('own', { 'shp-source-root': BuildParameterValue.text('x') }) },
      'one of Shipwright itself',
    ],
    [
      'one parameter twice',
      { strategy: ImageBuildStrategy.buildkit({ target: 'a' }), parameters: { target: BuildParameterValue.text('b') } },
      'given by the strategy and by parameters',
    ],
    ['no builder', { strategy: ImageBuildStrategy.sourceToImage('') }, 'needs parameter "builder-image"'],
    ['name of the builder', { strategy: ImageBuildStrategy.sourceToImage('A B') }, 'no name of an image'],
    ['name of the image', { image: 'Not An Image' }, 'no name of an image'],
    ['name of a Secret', { pushSecret: 'A' }, 'no name of a Secret'],
    ['name of a variable', { environment: { 'A B': 'c' } }, 'no name of a variable'],
    [
      'variable twice',
      { environment: { A: 'c' }, secretEnvironment: { A: { secret: 's', key: 'k' } } },
      'has a text and a Secret',
    ],
    ['timeout', { timeout: 'soon' }, 'timeout is "soon"'],
    ['unsigned webhooks', { triggers: [ImageBuildTrigger.gitHubPush('main')] }, 'Webhooks are not signed'],
    [
      'pushes without repository',
      { input: ImageInput.ociArtifact('a/b:1'), triggers: [ImageBuildTrigger.gitHubPush()], triggerSecret: 's' },
      'not of a repository',
    ],
    ['secret for nothing', { triggerSecret: 's' }, 'none is a trigger'],
    ['trigger of nothing', { triggers: [ImageBuildTrigger.images()] }, 'names nothing that it waits for'],
    [
      'two triggers of one kind',
      { triggers: [ImageBuildTrigger.images('a'), ImageBuildTrigger.images('b')] },
      'two triggers "images"',
    ],
    ['limits', { retention: { failedLimit: 0 } }, 'retention.failedLimit is 0'],
    ['times', { retention: { afterFailure: 'x' } }, 'retention.afterFailure is "x"'],
    ['two runs of one name', { runs: [{ name: 'a' }, { name: 'a' }] }, 'two runs "a"'],
    ['name of a run', { runs: [{ name: 'A' }] }, '"A" is no name of a run'],
  ])('is refused: %s', (_, own, what) => {
    expect(problems(own).filter((one) => one.includes(what))).not.toEqual([]);
  });
});
