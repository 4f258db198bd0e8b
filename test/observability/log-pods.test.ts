import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  AuditPolicy,
  ClusterSet,
  LogCollection,
  LogLifecycle,
  LogStore,
  ObservabilityStack,
  Placement,
  Platform,
} from '@orrery/constructs';
import { afterEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../../lib/checks/pod-security/level.ts';
import { podsOf } from '../../lib/checks/pods.ts';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';
import { TemporaryFolders } from '../write-assembly.ts';

const folders = new TemporaryFolders();
afterEach(() => folders.removeAll());

const secret = (key: string) => ({ secret: 'store', key });
const credentials = { username: secret('user'), password: secret('password') };
const lifecycle = LogLifecycle.hotCold({ deleteAfter: '90d' });
const audit = { policy: AuditPolicy.changes() };

/** Pods that a stack makes itself, without those of charts and operators: violations by workload. */
function violations(logs: LogCollection, level: 'baseline' | 'restricted'): Readonly<Record<string, string[]>> {
  const outdir = path.join(folders.make(), 'dist');
  const platform = new Platform({ id: 'logs', outdir });
  new ClusterSet(platform, 'clusters').add('ops', { storageClasses: { general: 'disk' } });
  new ObservabilityStack(platform, 'watch', { placement: Placement.everywhere(), logs });
  platform.synth();
  const objects: KubernetesObject[] = JSON.parse(readFileSync(path.join(outdir, 'clusters/ops/objects.json'), 'utf8'));
  return Object.fromEntries(
    objects.flatMap((object) => {
      const pods = podsOf(object);
      if (pods === undefined) return [];
      const found = violationsOf(pods.pod, level, 37).map(({ control }) => control);
      return [[`${object.kind}/${object.metadata.name?.replace(/-[0-9a-f]{8}$/, '')}`, found]];
    }),
  );
}

describe('pods of logs', () => {
  it('with Elasticsearch are of the restricted level, but Filebeat, which reads files of nodes', () => {
    const logs = LogCollection.elastic({
      lifecycle,
      hot: { storage: '500Gi' },
      cold: { nodes: 2, storage: '1Ti' },
      tlsSecret: 'tls',
      elasticPassword: secret('elastic'),
      writerPassword: secret('writer'),
      kibana: { systemPassword: secret('kibana'), encryptionKey: secret('key') },
      audit,
    });
    const { 'DaemonSet/watch-logs-filebeat': filebeat, ...others } = violations(logs, 'restricted');
    expect(Object.keys(others).sort()).toEqual([
      'Deployment/watch-logs-events',
      'Deployment/watch-logs-kibana',
      'Deployment/watch-logs-logstash',
      'Job/watch-logs-setup',
      'StatefulSet/watch-logs-elasticsearch-cold',
      'StatefulSet/watch-logs-elasticsearch-hot',
    ]);
    expect(Object.values(others).flat()).toEqual([]);
    expect(filebeat?.length).toBeGreaterThan(0);
    // By what it mounts and the one capability to read.
    expect(new Set(violations(logs, 'baseline')['DaemonSet/watch-logs-filebeat'])).toEqual(
      new Set(['host path volumes', 'capabilities']),
    );
  });

  it('beside Fluent Bit are of the restricted level', () => {
    const to = LogStore.existingOpenSearch({
      host: 'os',
      credentials,
      administrator: credentials,
      lifecycle,
      caSecret: 'ca',
    });
    expect(violations(LogCollection.fluentBit({ to, audit }), 'restricted')).toEqual({
      'Deployment/watch-logs-events': [],
      'Job/watch-logs-store': [],
    });
  });
});
