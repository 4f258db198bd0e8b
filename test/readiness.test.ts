import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { ReadinessStatus } from '../lib/apply/readiness.ts';
import { readiness } from '../lib/apply/readiness.ts';
import type { KubernetesObject } from '../lib/kubernetes/object.ts';

/** Labelled cases of other projects; they lie beside the checkout and are no part of it. */
const DATA = join(import.meta.dirname, '../../shared/data/readiness');
const present = existsSync(DATA);
const required = process.env.CI === 'true';

interface Case {
  readonly name: string;
  readonly expected: ReadinessStatus;
  readonly object: KubernetesObject;
}

const KSTATUS: Readonly<Record<string, ReadinessStatus>> = {
  Current: 'ready',
  InProgress: 'waiting',
  Failed: 'failed',
};
const ARGO: Readonly<Record<string, ReadinessStatus>> = {
  Healthy: 'ready',
  Progressing: 'waiting',
  Degraded: 'failed',
  Suspended: 'suspended',
};

/** Where we differ on purpose. The two sources contradict each other in the first three. A rollout that takes its time must not fail an apply. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'kstatus podCompletedFailed': 'a pod in phase Failed has failed (Argo CD says so too); kstatus counts it as finished',
  'kstatus jobInProgress':
    'what depends on a Job needs its end (Argo CD says so too); kstatus counts a started Job as done',
  'kstatus serviceLBok':
    'a load balancer Service is of use once it has an address (Argo CD says so too); kstatus looks at its clusterIP',
  'builtin pod-running-restart-never-with-ignore-annotation.yaml':
    "an annotation of Argo CD's own changes the rule there",
  'apps.kruise.io/AdvancedCronJob notScheduled.yaml':
    'a timetable is ready before its first time comes, as a CronJob is',
  'apps.kruise.io/AdvancedCronJob activeJobs.yaml': 'a timetable is ready while its Jobs run, as a CronJob is',
  'apps.kruise.io/CloneSet degraded.yaml': 'pods that are not ready yet are on their way, as those of a Deployment are',
  'apps.kruise.io/StatefulSet degraded.yaml': 'as CloneSet',
  'apps.kruise.io/DaemonSet degraded.yaml': 'as CloneSet',
  'apps.kruise.io/DaemonSet no-update-strategy-partition.yaml': 'where no node is wanted nothing is missing',
};

function kstatusCases(): Case[] {
  const file = parse(readFileSync(join(DATA, 'kstatus.yaml'), 'utf8')) as {
    cases: { name: string; status: string; object: KubernetesObject }[];
  };
  return file.cases.map(({ name, status, object }) => {
    if (object.metadata.creationTimestamp === 'NOW') object.metadata.creationTimestamp = new Date().toISOString();
    return { name: `kstatus ${name}`, expected: KSTATUS[status] as ReadinessStatus, object };
  });
}

function builtInCases(): Case[] {
  const rows = readFileSync(join(DATA, 'builtin/EXPECTED.tsv'), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const [file = '', , , label = ''] = row.split('\t');
    const [document] = parseAllDocuments(readFileSync(join(DATA, 'builtin', file), 'utf8'));
    return {
      name: `builtin ${file}`,
      expected: ARGO[label] as ReadinessStatus,
      object: document?.toJS() as KubernetesObject,
    };
  });
}

/** The folders of operators are as Argo CD has them: <group>/<Kind>/health_test.yaml, beside it the objects. */
function operatorCases(): Case[] {
  const kinds = globSync('*/*/health_test.yaml', { cwd: DATA }).map((file) => dirname(file));
  return kinds.sort().flatMap((kind) => {
    const { tests } = parse(readFileSync(join(DATA, kind, 'health_test.yaml'), 'utf8')) as {
      tests: { healthStatus: { status: string }; inputPath?: string; inputpath?: string }[];
    };
    return tests.flatMap(({ healthStatus, inputPath, inputpath }) => {
      const file = inputPath ?? inputpath ?? '';
      const [document] = parseAllDocuments(readFileSync(join(DATA, kind, file), 'utf8'));
      const expected = ARGO[healthStatus.status];
      const name = `${kind} ${file.replace('testdata/', '')}`;
      // Unknown is no claim.
      return expected === undefined ? [] : [{ name, expected, object: document?.toJS() as KubernetesObject }];
    });
  });
}

describe('readiness', () => {
  it.skipIf(!present && !required)(
    'of built-in kinds and of custom resources agrees with the labelled cases of kstatus and Argo CD, except where it says why',
    () => {
      const operators = operatorCases();
      expect(operators.length).toBeGreaterThanOrEqual(128);
      const cases = [...kstatusCases(), ...builtInCases(), ...operators];
      expect(cases.length).toBeGreaterThanOrEqual(228);
      expect(cases.every((c) => c.expected !== undefined)).toBe(true);
      const disagreements = cases
        .map((c) => ({ name: c.name, expected: c.expected, got: readiness(c.object) }))
        .filter((c) => c.got.status !== c.expected);
      const share = 1 - disagreements.length / cases.length;
      process.stdout.write(
        `readiness: ${cases.length - disagreements.length} of ${cases.length} labelled cases agree (${(share * 100).toFixed(1)} %)\n`,
      );
      expect(disagreements.map((d) => d.name).sort()).toEqual(Object.keys(DIFFERENT).sort());
      expect(share).toBeGreaterThanOrEqual(0.9);
    },
  );
});
