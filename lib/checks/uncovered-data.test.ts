import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../render/desired-state.ts';
import { uncoveredData } from './uncovered-data.ts';

type Objects = Record<string, readonly [unit: string, object: object][]>;

/** Clusters with objects, each at the path "<unit>/<kind>/<name>". */
const state = (clusters: Objects, environments: Record<string, string> = {}) =>
  ({
    clusters: Object.entries(clusters).map(([name, objects]) => ({
      name,
      facts: { environment: environments[name] },
      objects: objects.map(([unit, object]) => {
        const { kind, metadata } = object as { kind: string; metadata: { name: string } };
        return { unit, object, path: `${unit}/${kind}/${metadata.name}` };
      }),
    })),
  }) as unknown as DesiredState;

const claim = (name: string, namespace = 'mall') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace },
});
const stateful = (name: string, ...templates: string[]) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace: 'mall' },
  spec: { volumeClaimTemplates: templates.map((template) => ({ metadata: { name: template } })) },
});
const schedule = (spec: object, template: object) => ({
  apiVersion: 'velero.io/v1',
  kind: 'Schedule',
  metadata: { name: 'nightly', namespace: 'velero' },
  spec: { schedule: '0 3 * * *', ...spec, template },
});
const said = (clusters: Objects) =>
  uncoveredData(state(clusters)).map(({ path, what, clusters: where }) => `${path} (${where.join(' ')}): ${what}`);

describe('data that is not covered', () => {
  it('is that of volumes in several clusters, unit by unit', () => {
    const cart = [['mall', claim('cart')] as const, ['mall', stateful('db', 'data', 'log')] as const];
    expect(
      said({
        a: [...cart, ['mall', claim('only-here')], ['bank', claim('ledger', 'bank')]] as never,
        b: [...cart, ['bank', claim('ledger', 'bank')]] as never,
        c: [['bank', claim('ledger', 'bank')]],
      }),
    ).toEqual([
      'mall (a b): volumes cart, data, log: each cluster has data of its own, and nothing keeps it equal',
      'bank (a b c): volume ledger: each cluster has data of its own, and nothing keeps it equal',
    ]);
  });

  it('is not that of volumes in one cluster, nor of others with the same name', () => {
    expect(said({ a: [['mall', claim('cart')]], b: [['bank', claim('cart')]] })).toEqual([]);
    expect(said({ a: [['mall', claim('cart', 'one')]], b: [['mall', claim('cart', 'two')]] })).toEqual([]);
  });

  it('is not that of different environments, which is not meant to be the same', () => {
    const each: [string, object][] = [['mall', claim('cart')]];
    const environments = { a: 'production', b: 'test', c: 'production' };
    expect(uncoveredData(state({ a: each, b: each, c: each }, environments)).map(({ clusters }) => clusters)).toEqual([
      ['a', 'c'],
    ]);
    expect(uncoveredData(state({ a: each, b: each }, environments))).toEqual([]);
  });

  it('is what is written after a backup, and what the backup leaves out', () => {
    const files = { snapshotVolumes: false, defaultVolumesToFsBackup: true };
    const lost = 'what is written after the last backup (0 3 * * *) is lost with its cluster: up to 24 h of it';
    const words = (spec: object, template: object) => said({ a: [['nightly', schedule(spec, template)]] });
    const at = 'nightly (a): ';
    expect(words({}, { ...files, hooks: { resources: [{ name: 'db' }] } })).toEqual([`${at}${lost}`]);
    expect(words({}, files)).toEqual([
      `${at}${lost}; files are copied while programs write them: no hook makes them stand still`,
    ]);
    expect(words({}, { snapshotVolumes: false, defaultVolumesToFsBackup: false })).toEqual([
      `${at}${lost}; data in volumes is not backed up`,
    ]);
    expect(words({}, { snapshotVolumes: true, snapshotMoveData: false })).toEqual([
      `${at}${lost}; snapshots stay with the storage of their cluster, and go where it goes`,
    ]);
    expect(words({}, { snapshotVolumes: true, snapshotMoveData: true })).toEqual([`${at}${lost}`]);
    expect(words({ paused: true }, files)).toEqual([`${at}no backups are made: the schedule is paused`]);
    expect(words({ schedule: 'odd' }, { snapshotVolumes: true, snapshotMoveData: true })).toEqual([
      `${at}what is written after the last backup (odd) is lost with its cluster`,
    ]);
  });

  it('is said once for all clusters of a plan', () => {
    const one = ['nightly', schedule({}, { snapshotVolumes: true, snapshotMoveData: true })] as [string, object];
    expect(uncoveredData(state({ a: [one], b: [one] })).map(({ clusters }) => clusters)).toEqual([['a', 'b']]);
  });
});
