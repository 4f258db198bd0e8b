import type { ClusterFacts } from '../cluster-facts';
import { isRegistry } from '../image-name';
import { isDnsSubdomain, isLabelKey, isLabelValue } from './names';
import { quantityOf } from './quantity';

/** What is wrong with the facts of a cluster, in sentences. */
export function clusterProblems(facts: ClusterFacts): string[] {
  const problems: string[] = [];
  const { kubernetesVersion, labels = {}, storageClasses = {}, apiVersions = [], capacity = {} } = facts;
  if (kubernetesVersion !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(kubernetesVersion)) {
    problems.push(`kubernetesVersion "${kubernetesVersion}" is not of the form "1.36" or "1.36.3".`);
  }
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) problems.push(`"${key}" is not a valid label key.`);
    else if (!isLabelValue(value)) problems.push(`"${value}" is not a valid value for label "${key}".`);
  }
  for (const [purpose, name] of Object.entries(storageClasses)) {
    if (!isDnsSubdomain(name)) problems.push(`storage class "${name}" (purpose "${purpose}") is not a valid name.`);
  }
  for (const version of apiVersions) {
    if (!/^([a-z0-9.-]+\/)?v\d+((alpha|beta)\d+)?(\/[A-Z]\w*)?$/.test(version)) {
      problems.push(`apiVersions: "${version}" is not of the form "monitoring.coreos.com/v1".`);
    }
  }
  for (const [resource, quantity] of Object.entries(capacity)) {
    if (!isLabelKey(resource)) problems.push(`capacity: "${resource}" is no name of a resource.`);
    else if (quantityOf(quantity) === undefined)
      problems.push(`capacity: "${quantity}" (${resource}) is no quantity as Kubernetes writes them.`);
  }
  const { ordinalBlock } = facts;
  if (ordinalBlock !== undefined && (!Number.isSafeInteger(ordinalBlock) || ordinalBlock < 0)) {
    problems.push(`ordinalBlock is ${ordinalBlock}, which is no whole number from 0 on.`);
  }
  for (const field of ['imageRegistry', 'registryMirror'] as const) {
    const registry = facts[field];
    if (registry !== undefined && !isRegistry(registry)) {
      problems.push(`${field} "${registry}" is not a registry: a host, optionally with port and path, without scheme.`);
    }
  }
  return problems;
}
