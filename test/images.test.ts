import { describe, expect, it } from 'vitest';
import { TestProject } from './project.ts';

const PROGRAM = {
  'cdk8s.yaml': 'app: node main.ts\n',
  'main.ts': `import { ClusterSet, Include, MultiClusterApp, Placement, Platform } from '@orrery/constructs';
const platform = new Platform({ id: 'shop' });
const clusters = new ClusterSet(platform, 'clusters');
clusters.add('sh', {});
clusters.add('bj', { imageRegistry: 'registry.bj.example.com' });
clusters.add('gz', { registryMirror: 'mirror.gz.example.com' });
const placement = Placement.everywhere();
new MultiClusterApp(platform, 'mall', { placement }).addService('cart', { image: 'ghcr.io/mall/cart:1.2', replicasPerCluster: 1 });
new Include(platform, 'agent', { file: 'agent.yaml', placement });
platform.synth();
`,
  'agent.yaml': `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: main, image: "quay.io/agent:3" }] }
`,
};

describe('orrery images', () => {
  it('lists every image with the clusters, its names in mirrors, and what passes the mirror', async () => {
    const project = new TestProject(PROGRAM);
    expect(await project.orrery('images')).toEqual({
      code: 0,
      stderr: '',
      stdout: `shop · 2 images

ghcr.io/mall/cart:1.2
  sh, bj
  gz  mirror.gz.example.com/mall/cart:1.2

quay.io/agent:3
  sh, bj
  gz  not from the mirror, where it would be mirror.gz.example.com/agent:3

One image does not come from the mirror of the cluster: name it in the values of the chart, or patch it.
`,
    });
    const { stdout } = await project.orrery('images', '--cluster', 'gz', '--output', 'copies', '--assembly', 'dist');
    expect(stdout).toBe(
      'ghcr.io/mall/cart:1.2 mirror.gz.example.com/mall/cart:1.2\nquay.io/agent:3 mirror.gz.example.com/agent:3\n',
    );
    const listed = JSON.parse((await project.orrery('images', '--output', 'json')).stdout);
    expect(listed).toMatchObject({ format: 'orrery/images', version: '1.0', platform: { id: 'shop' } });
    expect(listed.images[1].clusters[2]).toEqual({
      cluster: 'gz',
      image: 'quay.io/agent:3',
      mirror: 'mirror.gz.example.com/agent:3',
      objects: ['DaemonSet/shop/agent'],
    });
    expect(await project.orrery('images', '--cluster', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no cluster "none".'),
    });
  });
});
