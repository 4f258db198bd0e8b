import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterSet, Placement, Platform, Workspace, WorkspaceCredential } from '@orrery/constructs';
import { expect, inject, it, vi } from 'vitest';
import { parse } from 'yaml';
import { openTarget } from '../../lib/cluster/open-target.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { startApiServerOnly } from '../../lib/sandbox/api-server-only.ts';
import { sandboxDown } from '../../lib/sandbox/sandbox-down.ts';
import { ownSandboxFolder } from '../own-sandbox.ts';

const CRD = join(
  import.meta.dirname,
  '../../../shared/data/crds/external-secrets.io/externalsecrets.external-secrets.io.yaml',
);

it.skipIf(inject('rig') === 'missing' || !existsSync(CRD))(
  'credentials of a workspace are accepted by the definition of ExternalSecrets, and no more when a field has another name',
  { timeout: 60_000 },
  async () => {
    const folder = ownSandboxFolder();
    const platform = new Platform({ id: 'shop', outdir: join(folder, 'assembly') });
    new ClusterSet(platform, 'clusters').add('prod', { apiVersions: ['external-secrets.io/v1'] });
    new Workspace(platform, 'retail', {
      placement: Placement.everywhere(),
      namespaces: ['default-shop'],
      credentials: {
        registry: WorkspaceCredential.external({
          store: 'vault',
          keys: { '.dockerconfigjson': { key: 'mall/registry', property: 'config', version: '3' } },
          refreshInterval: '15m',
          secretType: 'kubernetes.io/dockerconfigjson',
        }),
      },
    });
    platform.synth();
    const objects = JSON.parse(
      readFileSync(join(folder, 'assembly/clusters/prod/objects.json'), 'utf8'),
    ) as KubernetesObject[];
    const secret = objects.find(({ kind }) => kind === 'ExternalSecret');
    const text = JSON.stringify(secret);

    const { kubeconfig } = await startApiServerOnly({ folder, tools: inject('tools') });
    try {
      const target = await openTarget({ kind: 'kubeconfig', kubeconfig, context: 'api' }, { cluster: 'api', env: {} });
      if (target.kind !== 'kube') throw new Error('not a cluster');
      const { client } = target;
      const create = (path: string, body: unknown, query = {}) => client.request({ method: 'POST', path, body, query });
      await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', parse(readFileSync(CRD, 'utf8')));
      await create('/api/v1/namespaces', { metadata: { name: 'default-shop' } });
      const path = '/apis/external-secrets.io/v1/namespaces/default-shop/externalsecrets';
      const answer = (body: unknown) => create(path, body, { dryRun: 'All', fieldValidation: 'Strict' });
      await vi.waitUntil(async () => (await client.request({ method: 'GET', path })).status === 200, {
        timeout: 20_000,
      });
      expect(await answer(secret)).toMatchObject({ status: 201 });
      for (const field of [
        'refreshInterval',
        'secretStoreRef',
        'creationPolicy',
        'template',
        'secretKey',
        'remoteRef',
        'property',
        'version',
      ]) {
        const renamed = JSON.parse(text.replace(`"${field}":`, `"${field}X":`));
        expect(renamed, field).not.toEqual(secret);
        expect((await answer(renamed)).status, field).toBeGreaterThan(399);
      }
      await client.close();
    } finally {
      await sandboxDown({ folder });
    }
  },
);
