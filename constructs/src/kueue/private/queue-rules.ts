import { PodLabelOperator, type PodLabelSelector, type PodToleration } from '../../pods/pod-scheduling';
import { isLabelKey, isLabelValue, isTaintEffect } from '../../private/names';
import { findingsOf, type ObjectFinding, type ReportFinding } from '../../private/typed-object';
import {
  type KueueAdmissionChecks,
  KueueAdmissionMode,
  KueueBorrowPolicy,
  type KueueClusterQueueSpec,
  type KueueCohortSpec,
  type KueueFlavorFungibility,
  KueueFlavorPreference,
  KueueFlavorSearch,
  type KueueLocalQueueSpec,
  KueueMigrationMode,
  type KueuePreemption,
  KueueQueueingStrategy,
  KueueReclaimWithinCohort,
  KueueStopPolicy,
  KueueWithinClusterQueue,
} from '../cluster-queue-props';
import type { KueueResourceFlavorSpec, KueueTaint, KueueTopologySpec } from '../resource-flavor-props';
import {
  checkCount,
  checkInteger,
  checkLength,
  checkQuantity,
  checkReference,
  checkTwice,
  checkWord,
} from './field-rules';
import { checkResourceGroups } from './resource-group-rules';

/*
 * What is wrong with objects of Kueue: what their definitions say, CEL included (kubernetes-sigs/kueue config/components/crd/bases), and what Kueue's
 * admission says beside (pkg/webhooks). Offline schemas do not run CEL.
 */

export function clusterQueueProblems(spec: KueueClusterQueueSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { cohortName, concurrentAdmissionPolicy } = spec;
    checkReference(['spec.cohortName', cohortName], report);
    const owner = { parentField: 'cohortName', parent: cohortName, lendsOwnOnly: true } as const;
    checkResourceGroups(spec.resourceGroups ?? [], owner, report);
    checkWord(['spec.queueingStrategy', spec.queueingStrategy], KueueQueueingStrategy, report);
    checkWord(['spec.stopPolicy', spec.stopPolicy], KueueStopPolicy, report);
    checkWord(['spec.admissionScope.admissionMode', spec.admissionScope?.admissionMode], KueueAdmissionMode, report);
    checkQuantity(['spec.fairSharing.weight', spec.fairSharing?.weight], report);
    if (spec.preemption !== undefined) checkPreemption(spec.preemption, report);
    if (spec.flavorFungibility !== undefined) checkFungibility(spec.flavorFungibility, report);
    if (spec.namespaceSelector !== undefined) checkSelector(spec.namespaceSelector, report);
    if (spec.admissionChecksStrategy !== undefined) checkAdmission(spec.admissionChecksStrategy, report);
    if (concurrentAdmissionPolicy === undefined) return;
    const { mode, constraints } = concurrentAdmissionPolicy.migration;
    const at = 'spec.concurrentAdmissionPolicy.migration';
    checkWord([`${at}.mode`, mode], KueueMigrationMode, report);
    const last = constraints?.lastAcceptableFlavorName;
    checkReference([`${at}.constraints.lastAcceptableFlavorName`, last], report);
  });
}

export function cohortProblems(spec: KueueCohortSpec, name?: string): ObjectFinding[] {
  return findingsOf((report) => {
    const { parentName } = spec;
    checkReference(['spec.parentName', parentName], report);
    if (name !== undefined && parentName === name) {
      report('ORR2012', `spec.parentName is the Cohort "${name}" itself.`, 'Name another one, or leave it out.');
    }
    const owner = { parentField: 'parentName', parent: parentName, lendsOwnOnly: false } as const;
    checkResourceGroups(spec.resourceGroups ?? [], owner, report);
    checkQuantity(['spec.fairSharing.weight', spec.fairSharing?.weight], report);
  });
}

export function localQueueProblems(spec: KueueLocalQueueSpec): ObjectFinding[] {
  return findingsOf((report) => {
    checkReference(['spec.clusterQueue', spec.clusterQueue], report);
    checkQuantity(['spec.fairSharing.weight', spec.fairSharing?.weight], report);
    checkWord(['spec.stopPolicy', spec.stopPolicy], KueueStopPolicy, report);
  });
}

export function resourceFlavorProblems(spec: KueueResourceFlavorSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { nodeLabels = {}, nodeTaints = [], tolerations = [], topologyName } = spec;
    const labels = Object.entries(nodeLabels);
    checkCount(['spec.nodeLabels', labels], [0, 8], report);
    for (const [key, value] of labels) {
      if (isLabelKey(key) && isLabelValue(value)) continue;
      report('ORR2011', `spec.nodeLabels has "${key}=${value}", which is no label.`, 'Use a label that nodes have.');
    }
    checkReference(['spec.topologyName', topologyName], report);
    if (topologyName !== undefined && labels.length === 0) {
      const what = `spec.topologyName is "${topologyName}", and no nodeLabels say of which nodes.`;
      report('ORR2012', what, 'Set at least one of nodeLabels.');
    }
    checkCount(['spec.nodeTaints', nodeTaints], [0, 8], report);
    for (const [i, taint] of nodeTaints.entries()) checkTaint(taint, `spec.nodeTaints[${i}]`, report);
    checkTwice(['spec.nodeTaints', nodeTaints.map(({ key, effect }) => `${key}:${effect}`)], report);
    checkCount(['spec.tolerations', tolerations], [0, 8], report);
    for (const [i, one] of tolerations.entries()) checkToleration(one, `spec.tolerations[${i}]`, report);
  });
}

export function topologyProblems({ levels }: KueueTopologySpec): ObjectFinding[] {
  return findingsOf((report) => {
    const labels = levels.map(({ nodeLabel }) => nodeLabel);
    checkCount(['spec.levels', levels], [1, 16], report);
    for (const [i, label] of labels.entries()) {
      if (!isLabelKey(label)) {
        report('ORR2011', `spec.levels[${i}].nodeLabel "${label}" is no key of a label.`, 'Use one that nodes have.');
      }
      if (label !== HOSTNAME || i === labels.length - 1) continue;
      const what = `spec.levels[${i}] is ${HOSTNAME}, and there are levels below it.`;
      report('ORR2012', what, 'Nothing is narrower than a node: make it the last level.');
    }
    checkTwice(['spec.levels', labels], report);
  });
}

export function workloadPriorityProblems(fields: {
  readonly value: number;
  readonly description: string | undefined;
}): ObjectFinding[] {
  return findingsOf((report) => {
    checkInteger(['value', fields.value], report);
    checkLength(['description', fields.description], [0, 2048], report);
  });
}

const HOSTNAME = 'kubernetes.io/hostname';

function checkPreemption(preemption: KueuePreemption, report: ReportFinding): void {
  const { borrowWithinCohort = {}, reclaimWithinCohort, withinClusterQueue } = preemption;
  const at = 'spec.preemption';
  checkWord([`${at}.reclaimWithinCohort`, reclaimWithinCohort], KueueReclaimWithinCohort, report);
  checkWord([`${at}.withinClusterQueue`, withinClusterQueue], KueueWithinClusterQueue, report);
  checkWord([`${at}.borrowWithinCohort.policy`, borrowWithinCohort.policy], KueueBorrowPolicy, report);
  checkInteger([`${at}.borrowWithinCohort.maxPriorityThreshold`, borrowWithinCohort.maxPriorityThreshold], report);
  const borrows = (borrowWithinCohort.policy ?? KueueBorrowPolicy.NEVER) !== KueueBorrowPolicy.NEVER;
  if (!borrows || (reclaimWithinCohort ?? KueueReclaimWithinCohort.NEVER) !== KueueReclaimWithinCohort.NEVER) return;
  const what = `${at}.borrowWithinCohort.policy is ${borrowWithinCohort.policy}, and reclaimWithinCohort is Never.`;
  report('ORR2012', what, 'Set reclaimWithinCohort to LowerPriority or Any, or the policy to Never.');
}

function checkFungibility(fungibility: KueueFlavorFungibility, report: ReportFinding): void {
  const { preference, whenCanBorrow, whenCanPreempt } = fungibility;
  const at = 'spec.flavorFungibility';
  checkWord([`${at}.preference`, preference], KueueFlavorPreference, report);
  checkWord([`${at}.whenCanBorrow`, whenCanBorrow], KueueFlavorSearch, report);
  checkWord([`${at}.whenCanPreempt`, whenCanPreempt], KueueFlavorSearch, report);
  const next = KueueFlavorSearch.TRY_NEXT_FLAVOR;
  // The definition has another default for each.
  const isOpen = (whenCanBorrow ?? KueueFlavorSearch.MAY_STOP_SEARCH) === next && (whenCanPreempt ?? next) === next;
  if (preference === undefined || isOpen) return;
  const what = `${at}.preference is ${preference}, and the search may stop before there is anything to prefer.`;
  report('ORR2012', what, `Set whenCanBorrow and whenCanPreempt to ${next}, or leave preference out.`);
}

function checkSelector({ matchLabels = {}, matchExpressions = [] }: PodLabelSelector, report: ReportFinding): void {
  const at = 'spec.namespaceSelector';
  for (const [key, value] of Object.entries(matchLabels)) {
    if (isLabelKey(key) && isLabelValue(value)) continue;
    report('ORR2011', `${at}.matchLabels has "${key}=${value}", which is no label.`, 'Use a label of namespaces.');
  }
  for (const [i, { key, comparison, values = [] }] of matchExpressions.entries()) {
    const place = `${at}.matchExpressions[${i}]`;
    if (!isLabelKey(key)) report('ORR2011', `${place}.key "${key}" is no key of a label.`, 'Use one of namespaces.');
    checkWord([`${place}.operator`, comparison], PodLabelOperator, report);
    const lists = [PodLabelOperator.IN, PodLabelOperator.NOT_IN].includes(comparison);
    if (lists !== values.length > 0) {
      const what = `${place}.operator is ${comparison}, and there are ${values.length === 0 ? 'no ' : ''}values.`;
      report('ORR2012', what, lists ? 'Name values.' : 'Leave values out.');
    }
    for (const value of values.filter((one) => !isLabelValue(one))) {
      report('ORR2011', `${place}.values has "${value}", which no label has.`, 'Use values of labels.');
    }
  }
}

function checkAdmission({ admissionChecks }: KueueAdmissionChecks, report: ReportFinding): void {
  const at = 'spec.admissionChecksStrategy.admissionChecks';
  checkCount([at, admissionChecks], [1, 64], report);
  checkTwice([at, admissionChecks.map(({ name }) => name)], report);
  for (const [i, { name, onFlavors = [] }] of admissionChecks.entries()) {
    checkLength([`${at}[${i}].name`, name], [1, 316], report);
    checkCount([`${at}[${i}].onFlavors`, onFlavors], [0, 64], report);
    checkTwice([`${at}[${i}].onFlavors`, onFlavors], report);
    for (const flavor of onFlavors) checkReference([`${at}[${i}].onFlavors`, flavor], report);
  }
}

function checkTaint({ key, value = '', effect }: KueueTaint, at: string, report: ReportFinding): void {
  if (!isLabelKey(key) || !isLabelValue(value)) {
    report('ORR2011', `${at} "${key}=${value}" is no taint.`, 'Use one that nodes have.');
  }
  if (!isTaintEffect(effect)) report('ORR2011', `${at}.effect is "${effect}".`, EFFECTS);
}

/** The rules of the definition are those of Kubernetes but for two: it has no Gt and Lt, and a toleration without key has to say Exists. */
function checkToleration(toleration: PodToleration, at: string, report: ReportFinding): void {
  const { key, comparison, effect, tolerationSeconds, value } = toleration;
  if (key === undefined && comparison !== 'Exists') {
    report('ORR2012', `${at} has no key, and its operator is ${comparison ?? 'not set'}.`, 'Set key, or EXISTS.');
  }
  if (comparison !== undefined && comparison !== 'Exists' && comparison !== 'Equal') {
    report('ORR2011', `${at}.operator is ${comparison}.`, 'Use EXISTS or EQUAL.');
  }
  if (comparison === 'Exists' && value !== undefined) {
    report('ORR2012', `${at} has the value "${value}", and its operator is Exists.`, 'Leave one of them out.');
  }
  if (effect !== undefined && !isTaintEffect(effect)) report('ORR2011', `${at}.effect is "${effect}".`, EFFECTS);
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const what = `${at} has tolerationSeconds, and its effect is ${effect ?? 'not set'}.`;
    report('ORR2012', what, 'Set effect to NO_EXECUTE, or leave tolerationSeconds out.');
  }
}

const EFFECTS = 'Use NO_SCHEDULE, PREFER_NO_SCHEDULE or NO_EXECUTE.';
