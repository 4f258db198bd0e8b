import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestProject } from './project.ts';
import { kubectl, platformOf } from './shared-clusters.ts';

describe.skipIf(inject('rig') === 'missing')('a waiver in cdk8s.yaml', () => {
  let id: string;
  beforeEach(() => {
    id = `waive-${randomBytes(4).toString('hex')}`;
  });
  afterEach(async () => {
    await kubectl('alpha', 'delete', 'namespace', id, '--ignore-not-found', '--wait=false');
  });

  it('drops a field that one cluster does not know, in this cluster alone, and every plan says so', async () => {
    const objects = `apiVersion: v1
kind: Namespace
metadata: { name: ${id} }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${id} }
spec: { ports: [{ name: http, port: 80, brandNew: 1 }] }
`;
    const files = platformOf(id, objects, ['alpha', 'beta']);
    const project = new TestProject(files);
    const path = 'spec.ports[port=80].brandNew';
    const object = `Service/${id}/web`;
    await kubectl('alpha', 'create', 'namespace', id);
    const blocked = await project.orrery('plan', '--cluster', 'alpha', '--adopt', `Namespace/${id}`);
    expect(blocked.code).toBe(1);
    expect(blocked.stdout).toMatch(/ORR4003[\s\S]*field not declared in schema[\s\S]*waivers in cdk8s\.yaml/);

    project.write('cdk8s.yaml', `${files['cdk8s.yaml']}waivers:\n  alpha:\n    ${object}: ["${path}", spec.nothing]\n`);
    const applied = await project.orrery('apply', '--yes', '--cluster', 'alpha', '--adopt', `Namespace/${id}`);
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain(`${object}: ${path} is not applied here, a waiver drops it (cdk8s.yaml:`);
    expect(applied.stdout).toContain(`${object}: the waiver for spec.nothing (cdk8s.yaml:`);
    const again = await project.orrery('plan', '--cluster', 'alpha', '--exit-code', '--output', 'json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).clusters[0].warnings).toHaveLength(2);
    expect((await project.orrery('plan', '--cluster', 'alpha')).stdout).toContain('a waiver drops it');
    expect((await project.orrery('drift', '--cluster', 'alpha', '--exit-code')).code).toBe(0);
    // The other cluster has no waiver.
    expect((await project.orrery('plan', '--output', 'json')).stdout).toContain('brandNew');
  });
});
