import type { ServiceProps } from '../service-props';
import { PodUpdate, type StatefulOptions } from '../stateful-props';
import { isServiceName, SERVICE_NAME_RULE } from './names';
import type { Finding } from './service-validation';
import { headlessName, LONGEST_STATEFUL_NAME } from './stateful-rendering';

/** Names of volumes that pods of services have beside those of the program. */
const TAKEN_VOLUMES = /^(config|tmp|(secret|scratch)-\d+)$/;

/** What is wrong with a stateful service, apart from its ordinals. */
export function statefulProblems(name: string, { stateful, volumes = [] }: ServiceProps): Finding[] {
  if (stateful === undefined) return [];
  const findings: Finding[] = [];
  const report = (code: Finding['code'], what: string, fix: string) => findings.push({ code, what, fix });
  if (name.length > LONGEST_STATEFUL_NAME) {
    const what = `"${name}" is too long for a StatefulSet: its pods carry it, and a hash, in a label.`;
    report('ORR2003', what, `Use at most ${LONGEST_STATEFUL_NAME} characters.`);
  }
  const headless = headlessName(name, stateful);
  if (!isServiceName(headless)) {
    report('ORR2003', `"${headless}" is not a valid name of the headless Service.`, `Use ${SERVICE_NAME_RULE}.`);
  }
  for (const volume of volumes) {
    if (!TAKEN_VOLUMES.test(volume.name)) continue;
    report('ORR2004', `"${volume.name}" is the name of another volume of the pods.`, 'Rename the volume.');
  }
  findings.push(...partitionProblems(stateful));
  return findings;
}

/** What is wrong with how many pods stay at the former version. */
export function partitionProblems({ partition, podUpdate }: StatefulOptions): Finding[] {
  const findings: Finding[] = [];
  if (partition !== undefined && (!Number.isSafeInteger(partition) || partition < 0)) {
    const fix = 'It is a number of pods: a whole number from 0 on.';
    findings.push({ code: 'ORR2011', what: `partition is ${partition}.`, fix });
  }
  if (partition !== undefined && podUpdate === PodUpdate.ON_DELETE) {
    const fix = 'Leave partition out, or update by PodUpdate.ROLLING.';
    findings.push({ code: 'ORR2012', what: 'partition is set, and pods are updated when they are deleted.', fix });
  }
  return findings;
}
