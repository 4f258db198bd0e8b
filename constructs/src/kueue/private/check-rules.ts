import { isLabelKey } from '../../private/names';
import { findingsOf, type ObjectFinding, type ReportFinding } from '../../private/typed-object';
import {
  type KueueAdmissionCheckSpec,
  KueueKubeConfigLocation,
  type KueueMultiKueueClusterSpec,
  type KueueMultiKueueConfigSpec,
  KueuePodSetMergePolicy,
  type KueueProvisioningRequestConfigSpec,
  KueueQuotaManagement,
} from '../admission-props';
import { checkCount, checkInteger, checkLength, checkReference, checkTwice, checkWord } from './field-rules';

/* What is wrong with checks and MultiKueue: what their definitions say, CEL included (kubernetes-sigs/kueue config/components/crd/bases). */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const KIND = /^[a-z]([-a-z0-9]*[a-z0-9])?$/i;

export function admissionCheckProblems({ controllerName, parameters }: KueueAdmissionCheckSpec): ObjectFinding[] {
  return findingsOf((report) => {
    checkLength(['spec.controllerName', controllerName], [1, 253], report);
    if (parameters === undefined) return;
    const { apiGroup, kind, name } = parameters;
    checkReference(['spec.parameters.apiGroup', apiGroup], report);
    checkPattern(['spec.parameters.kind', kind], KIND, 63, report);
    checkPattern(['spec.parameters.name', name], LABEL, 63, report);
  });
}

export function multiKueueConfigProblems({ clusters, quotaManagement }: KueueMultiKueueConfigSpec): ObjectFinding[] {
  return findingsOf((report) => {
    checkCount(['spec.clusters', clusters], [1, 20], report);
    checkTwice(['spec.clusters', clusters], report);
    for (const [i, cluster] of clusters.entries()) checkLength([`spec.clusters[${i}]`, cluster], [0, 256], report);
    checkWord(['spec.quotaManagement', quotaManagement], KueueQuotaManagement, report);
  });
}

export function multiKueueClusterProblems({ clusterSource }: KueueMultiKueueClusterSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { kubeConfig, clusterProfileRef } = clusterSource;
    const at = 'spec.clusterSource';
    if ((kubeConfig === undefined) === (clusterProfileRef === undefined)) {
      const has = kubeConfig === undefined ? 'neither' : 'both';
      const what = `${at} has ${has} of kubeConfig and clusterProfileRef.`;
      report('ORR2012', what, 'Set one of them.');
    }
    checkLength([`${at}.kubeConfig.location`, kubeConfig?.location], [1, 256], report);
    checkWord([`${at}.kubeConfig.locationType`, kubeConfig?.locationType], KueueKubeConfigLocation, report);
    checkLength([`${at}.clusterProfileRef.name`, clusterProfileRef?.name], [1, 256], report);
  });
}

export function provisioningProblems(spec: KueueProvisioningRequestConfigSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { managedResources = [], parameters = {}, podSetUpdates, retryStrategy = {} } = spec;
    checkReference(['spec.provisioningClassName', spec.provisioningClassName], report);
    checkCount(['spec.managedResources', managedResources], [0, 100], report);
    checkTwice(['spec.managedResources', managedResources], report);
    checkCount(['spec.parameters', Object.keys(parameters)], [0, 100], report);
    for (const [key, value] of Object.entries(parameters)) {
      checkLength([`spec.parameters.${key}`, value], [0, 255], report);
    }
    checkWord(['spec.podSetMergePolicy', spec.podSetMergePolicy], KueuePodSetMergePolicy, report);
    const selector = podSetUpdates?.nodeSelector ?? [];
    const at = 'spec.podSetUpdates.nodeSelector';
    checkCount([at, selector], [0, 8], report);
    const keys = selector.map(({ key }) => key);
    checkTwice([at, keys], report);
    for (const [i, { key, valueFromProvisioningClassDetail: detail }] of selector.entries()) {
      if (!isLabelKey(key)) {
        report('ORR2011', `${at}[${i}].key "${key}" is no key of a label.`, 'Use one that nodes have.');
      }
      checkLength([`${at}[${i}].valueFromProvisioningClassDetail`, detail], [1, 32768], report);
    }
    for (const [field, value] of Object.entries(retryStrategy)) {
      checkInteger([`spec.retryStrategy.${field}`, value as number | undefined], report);
    }
  });
}

function checkPattern(
  [at, text]: readonly [string, string],
  pattern: RegExp,
  most: number,
  report: ReportFinding,
): void {
  if (text.length <= most && pattern.test(text)) return;
  report('ORR2003', `${at} "${text}" is not valid.`, 'Use letters, digits and "-", as the API does.');
}
