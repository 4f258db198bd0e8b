import { describe, expect, it } from 'vitest';
import { ClusterSet } from '../cluster-set';
import { assemblyOf, problemsOf, problemsOfProgram } from '../synthesis.test-support';
import { DevOpsApplication } from './devops-application';
import { DevOpsDelivery } from './devops-delivery';
import type { DevOpsDeliveryProps } from './devops-delivery-props';
import { DevOpsProject } from './devops-project';
import { ImageInput } from './image-input';
import { SourceToImage } from './source-to-image';
import type { SourceToImageProps } from './source-to-image-props';

const program = (props: Partial<SourceToImageProps>) => (platform: Parameters<Parameters<typeof assemblyOf>[0]>[0]) => {
  const cluster = new ClusterSet(platform, 'clusters').add('host', { apiVersions: ['devops.kubesphere.io/v1alpha1'] });
  new SourceToImage(platform, 'cart', {
    cluster,
    namespaceName: 'ci',
    input: ImageInput.git('https://git.example.com/cart.git'),
    image: 'registry.example.com/cart',
    builderImage: 'shop/java:1',
    pushSecret: 'registry',
    ...props,
  });
};

describe('an image of sources or of an artifact', () => {
  it('says how the artifact reaches the build: by its address, or by an upload that KubeSphere serves', () => {
    const config = (input: ImageInput) => assemblyOf(program({ input })).object('host', 'cart/S2iBuilder').spec.config;
    expect(config(ImageInput.artifactUrl('https://repo.example.com/cart.jar'))).toMatchObject({
      sourceUrl: 'https://repo.example.com/cart.jar',
      isBinaryURL: true,
    });
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
    const uploaded = assemblyOf(program({ input: ImageInput.uploaded('cart.war', { md5 }) }));
    expect(uploaded.object('host', 'cart/S2iBinary').spec).toEqual({ fileName: 'cart.war', md5 });
    const [binary] = uploaded.unit('host', 'cart').objects;
    expect(binary?.controllerOwned).toEqual([{ path: 'spec.md5' }]);
    expect(uploaded.object('host', 'cart/S2iBuilder').spec.config.sourceUrl).toMatch(
      /\/s2ibinaries\/cart\/file\/cart\.war$/,
    );
    expect(config(ImageInput.git('https://git.example.com/cart.git'))).not.toHaveProperty('isBinaryURL');
  });

  it('refuses what has no way into a build, and names what has', () => {
    expect(problemsOf(() => ImageInput.localFile('target/cart.jar'))).toMatchObject([
      { code: 'ORR2012', fix: expect.stringContaining('ImageInput.uploaded') },
    ]);
    for (const url of ['file:///cart.jar', 's3://bucket/cart.jar'])
      expect(problemsOf(() => ImageInput.artifactUrl(url))).toMatchObject([{ code: 'ORR2012' }]);
    expect(problemsOf(() => ImageInput.artifactUrl('https://joe:x@repo/cart.jar'))).toMatchObject([
      { code: 'ORR2011' },
    ]);
    expect(problemsOf(() => ImageInput.uploaded('../cart.jar', { md5: 'x' }))).toMatchObject([{ code: 'ORR2011' }]);
  });

  it.each<[string, Partial<SourceToImageProps>]>([
    ['what builds', { builderImage: undefined } as unknown as Partial<SourceToImageProps>],
    ['has a tag', { image: 'registry.example.com/cart:1' }],
    ['is no tag', { tag: 'a b' }],
    ['names a revision', { input: ImageInput.artifactUrl('https://r/a.jar'), runs: [{ name: 'a', revision: 'v1' }] }],
    ['names an artifact', { runs: [{ name: 'a', artifactUrl: 'https://r/b.jar' }] }],
  ])('refuses settings that %s', (what, props) => {
    expect(problemsOfProgram(program(props)).map((one) => one.what)).toEqual([expect.stringContaining(what)]);
  });
});

describe('continuous delivery in KubeSphere', () => {
  const argo = { source: { repoUrl: 'https://git.example.com/deploy.git' }, destinationNamespace: 'mall' };
  it.each<[string, Omit<DevOpsDeliveryProps, 'project'>]>([
    ['goes nowhere', { application: DevOpsApplication.fluxKustomization({ source: { name: 'a' }, destinations: [] }) }],
    ['prune and selfHeal', { application: DevOpsApplication.argoCd({ ...argo, prune: true }) }],
    [
      'directory and a chart',
      {
        application: DevOpsApplication.argoCd({
          ...argo,
          source: { repoUrl: 'https://g/a', directory: 'a', chart: 'b' },
        }),
      },
    ],
    [
      'is no strategy',
      {
        application: DevOpsApplication.argoCd(argo),
        imageUpdates: { images: { a: 'a/b' }, updateStrategy: { a: 'best' } },
      },
    ],
    [
      'which is not among images',
      { application: DevOpsApplication.argoCd(argo), imageUpdates: { images: { a: 'a/b' }, allowTags: { b: '.*' } } },
    ],
    [
      'image automation of its own',
      {
        application: DevOpsApplication.fluxKustomization({
          source: { name: 'a' },
          destinations: [{ targetNamespace: 'm' }],
        }),
        imageUpdates: { images: { a: 'a/b' } },
      },
    ],
  ])('is refused where %s', (what, props) => {
    const found = problemsOfProgram((platform) => {
      const apiVersions = ['devops.kubesphere.io/v1alpha3', 'gitops.kubesphere.io/v1alpha1'];
      const host = new ClusterSet(platform, 'clusters').add('host', { apiVersions });
      new DevOpsDelivery(platform, 'cart', { project: new DevOpsProject(platform, 'ci', { host }), ...props });
    });
    expect(found.map((one) => one.what)).toEqual([expect.stringContaining(what)]);
  });
});
