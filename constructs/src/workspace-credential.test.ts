import { describe, expect, it } from 'vitest';
import { MultiClusterApp } from './multi-cluster-app';
import { Placement } from './placement';
import type { Platform } from './platform';
import type { Workspace } from './workspace';
import { withWorkspace, workspaceRefusals } from './workspace.test-support';
import { SecretStoreKind, WorkspaceCredential } from './workspace-credential';

const operator = { clusters: { prod: { apiVersions: ['external-secrets.io/v1'] } } };
const database = WorkspaceCredential.external({
  store: 'vault',
  keys: { user: { key: 'mall/database' }, password: { key: 'mall/database', property: 'password', version: '3' } },
});

describe('credentials of a workspace', () => {
  it('are fetched into its shared namespaces by External Secrets Operator', () => {
    const assembly = withWorkspace(
      { namespaces: ['shop', 'jobs'], selfServiceNamespaces: ['lab'], credentials: { database } },
      operator,
    );
    const paths = [...assembly.objects('prod').keys()].filter((path) => path.includes('ExternalSecret'));
    expect(paths).toEqual(['retail/ExternalSecret/shop/database', 'retail/ExternalSecret/jobs/database']);
    expect(assembly.object('prod', 'retail/ExternalSecret/shop/database')).toMatchObject({
      apiVersion: 'external-secrets.io/v1',
      metadata: { name: 'database', namespace: 'shop' },
      spec: {
        refreshInterval: '1h',
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
        target: { name: 'database', creationPolicy: 'Owner' },
        data: [
          { secretKey: 'user', remoteRef: { key: 'mall/database' } },
          { secretKey: 'password', remoteRef: { key: 'mall/database', property: 'password', version: '3' } },
        ],
      },
    });
  });

  it('are of the version that each cluster serves, the newer one where it serves both', () => {
    const serving = (...versions: string[]) => ({
      apiVersions: versions.map((version) => `external-secrets.io/${version}`),
    });
    const clusters = { old: serving('v1beta1'), prod: serving('v1beta1', 'v1') };
    const assembly = withWorkspace({ credentials: { database } }, { clusters });
    const versions = ['old', 'prod'].map(
      (cluster) => assembly.object(cluster, 'retail/ExternalSecret/retail/database').apiVersion,
    );
    expect(versions).toEqual(['external-secrets.io/v1beta1', 'external-secrets.io/v1']);
  });

  it('are referred to by services key by key, existing ones too', () => {
    const use = (workspace: Workspace, platform: Platform) =>
      void new MultiClusterApp(platform, 'mall', { workspace, placement: Placement.everywhere() }).addService('cart', {
        image: 'mall/cart:1',
        secretEnv: { KEY: workspace.secretKey('payment', 'api-key') },
      });
    const assembly = withWorkspace({ credentials: { payment: WorkspaceCredential.existing('api-key') } }, { use });
    expect([...assembly.objects('prod').keys()].filter((path) => path.includes('Secret'))).toEqual([]);
    const [container] = assembly.object('prod', 'mall/cart/Deployment').spec.template.spec.containers;
    expect(container.env).toEqual([{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'payment', key: 'api-key' } } }]);
  });

  it('are refused where nobody fetches them, where they are not declared, and with values that are none', () => {
    expect(workspaceRefusals({ credentials: { database } })[0]).toMatch('ORR2013 Credentials of the workspace');
    const key = (secret: string, name: string) =>
      workspaceRefusals({ credentials: { database } }, { ...operator, use: (one) => void one.secretKey(secret, name) });
    expect(key('payment', 'x')).toEqual(['ORR2012 The workspace has no credential "payment".']);
    expect(key('database', 'x')).toEqual(['ORR2012 Credential "database" has no key "x".']);
    const wrong = WorkspaceCredential.external({
      store: 'My Vault',
      storeKind: SecretStoreKind.NAMESPACED,
      keys: { 'a/b': { key: 'x' } },
      refreshInterval: 'often',
    });
    expect(workspaceRefusals({ credentials: { 'A B': WorkspaceCredential.existing(), wrong } }, operator)).toEqual([
      'ORR2003 "A B" is not a valid name of a Secret.',
      'ORR2011 credentials.A B: it has no keys.',
      'ORR2011 credentials.wrong: "a/b" is no key of a Secret.',
      'ORR2011 credentials.wrong: "My Vault" is no name of a store.',
      'ORR2011 credentials.wrong: "often" is no duration.',
    ]);
  });
});
