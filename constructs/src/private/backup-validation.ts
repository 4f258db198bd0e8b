import type { IConstruct } from 'constructs';
import type { BackupLocation } from '../backup-location';
import type { BackupHook, BackupPlanProps } from '../backup-props';
import type { Cluster } from '../cluster';
import { parseCron, pauseWords } from '../cron';
import { DEFAULT_TTL } from './backup-rendering';
import { DNS_LABEL_RULE, isDnsLabel, isLabelValue } from './names';
import { type Problem, type ProblemCode, problemAt } from './problem';
import { proxyMilliseconds } from './proxy-duration';
import type { Finding } from './service-validation';

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** What is wrong with a plan in every cluster. */
export function backupProblems(props: BackupPlanProps): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  const { apps = [], namespaces = [], schedule, ttl = DEFAULT_TTL, hooks = [] } = props;
  if (apps.length === 0 && namespaces.length === 0)
    report('ORR2012', 'The plan backs up nothing.', 'Name apps or namespaces.');
  for (const namespace of namespaces) {
    if (!isDnsLabel(namespace)) report('ORR2003', `"${namespace}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
  }
  const cron = parseCron(schedule);
  if (cron === undefined) {
    const fix = 'Use five fields like "0 3 * * *", a name like "@daily", or "@every 6h".';
    report('ORR2011', `"${schedule}" is not a schedule, or one that never runs.`, fix);
  }
  const kept = proxyMilliseconds(ttl);
  if (kept === undefined) report('ORR2011', `ttl is "${ttl}".`, 'Use a duration like "30d" or "720h".');
  else if (cron !== undefined && kept <= cron.longestPause * 60_000) {
    const what = `A backup is kept for ${ttl}, and up to ${pauseWords(cron)} pass until the next one: at times there would be none.`;
    report('ORR2012', what, 'Keep backups longer, or make them more often.');
  }
  for (const hook of hooks) checkHook(hook, props, report);
  return findings;
}

function checkHook(hook: BackupHook, { apps = [] }: BackupPlanProps, report: Report): void {
  const { service, before, after, timeout } = hook;
  if (!apps.some((app) => app.services.includes(service))) {
    const what = `A hook is for service "${service.node.path}", which belongs to no app of the plan.`;
    report('ORR2012', what, 'Add its app to apps.');
  }
  if (before === undefined && after === undefined)
    report('ORR2012', `The hook of service "${service.node.path}" runs nothing.`, 'Set before or after.');
  for (const command of [before, after]) {
    if (command?.length === 0)
      report('ORR2011', `A hook of service "${service.node.path}" is an empty command.`, 'Name a program.');
  }
  if (timeout !== undefined && proxyMilliseconds(timeout) === undefined)
    report('ORR2011', `The timeout of a hook is "${timeout}".`, 'Use a duration like "30s".');
}

/** A plan in a cluster. */
export interface BackupInCluster {
  readonly construct: IConstruct;
  readonly cluster: Cluster;
  /** Of its Schedule. */
  readonly name: string;
  readonly included: readonly string[];
  readonly location: BackupLocation;
  /** Clusters whose backups the location keeps. */
  readonly keeping: readonly Cluster[];
}

/** Reports what is wrong with a plan in one cluster. */
export function reportUnfitBackup(backup: BackupInCluster, problems: Problem[]): void {
  const { construct, cluster, name, included, location, keeping } = backup;
  const report = (code: ProblemCode, what: string, fix: string) =>
    problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
  if (keeping.length > 0 && !keeping.includes(cluster)) {
    const what = `Location "${location.node.path}" keeps no backups of cluster "${cluster}".`;
    report('ORR2012', what, `It keeps those of: ${keeping.join(', ')}.`);
  }
  if (included.length === 0) {
    const what = `No app of the plan is in cluster "${cluster}".`;
    report('ORR2012', what, 'Leave the cluster out of the placement.');
  }
  // Velero writes it into a label of every backup.
  if (!isLabelValue(name)) {
    const what = `The Schedule in cluster "${cluster}" would be called "${name}", which is longer than 63 characters.`;
    report('ORR2003', what, 'Give the plan a shorter id.');
  }
}
