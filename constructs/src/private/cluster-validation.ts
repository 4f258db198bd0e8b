import { isIP } from 'node:net';
import type { ClusterFacts } from '../cluster-facts';
import type { GpuNodes } from '../gpu/gpu-nodes';
import { isRegistry } from '../image-name';
import { internetMarks } from './load-balancing';
import { DNS_LABEL_RULE, isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue, isTaintEffect } from './names';
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
  for (const [purpose, { nodeSelector = {}, tolerations = [] }] of Object.entries(facts.nodePools ?? {})) {
    const report = (value: string, what: string) =>
      problems.push(`nodePools: "${value}" (purpose "${purpose}") is not ${what}.`);
    for (const [key, value] of Object.entries(nodeSelector)) {
      if (!isLabelKey(key)) report(key, 'a valid label key');
      else if (!isLabelValue(value)) report(value, `a valid value for label "${key}"`);
    }
    for (const { effect } of tolerations)
      if (effect !== undefined && !isTaintEffect(effect)) report(effect, 'an effect of a taint');
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
  problems.push(...(facts.gpuNodes ?? []).flatMap(gpuProblems), ...entryProblems(facts));
  return problems;
}

function gpuProblems(kind: GpuNodes): string[] {
  const { product, nodes, cardsPerNode, cardMebibytes, driverVersion, nodeNames, nodeSelector = {} } = kind;
  const problems: string[] = [];
  const report = (what: string) => problems.push(`gpuNodes: ${what}.`);
  if (!isLabelValue(product) || product === '') report(`"${product}" is no product as nodes are labelled with it`);
  for (const [field, value] of Object.entries({ nodes, cardsPerNode, cardMebibytes })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      report(`${field} of ${product} is ${value}, which is no whole number from 1 on`);
  }
  if (driverVersion !== undefined && !/^\d+(\.\d+)*$/.test(driverVersion))
    report(`driverVersion "${driverVersion}" is not of the form "580.95.05"`);
  if (nodeNames !== undefined) {
    if (nodeNames.length !== nodes) report(`${product} has ${nodes} nodes and ${nodeNames.length} nodeNames`);
    for (const name of nodeNames) if (!isDnsSubdomain(name)) report(`"${name}" is not a valid name of a node`);
    if (new Set(nodeNames).size < nodeNames.length) report(`a name is twice in the nodeNames of ${product}`);
  }
  for (const [key, value] of Object.entries(nodeSelector)) {
    if (!isLabelKey(key)) report(`"${key}" is not a valid label key`);
    else if (!isLabelValue(value)) report(`"${value}" is not a valid value for label "${key}"`);
  }
  return problems;
}

function entryProblems({ entryPoints = {}, internetFacing, geoTag }: ClusterFacts): string[] {
  const problems: string[] = [];
  const { intranet, internet } = entryPoints;
  if (geoTag !== undefined && !isDnsLabel(geoTag)) problems.push(`geoTag "${geoTag}" is not ${DNS_LABEL_RULE}.`);
  if (internet !== undefined && internetFacing === false) {
    problems.push('entryPoints.internet is declared, and internetFacing is false.');
  }
  for (const mark of internetMarks(intranet?.loadBalancerAnnotations ?? {})) {
    problems.push(`entryPoints.intranet: annotation "${mark}" gives addresses that the internet reaches.`);
  }
  for (const [scheme, point] of Object.entries({ intranet, internet })) {
    const { gateway, addresses = [], ...names } = point ?? {};
    const { ingressClass, gatewayClass, addressPool } = names;
    if (gateway !== undefined && !/^[^/]+\/[^/]+$/.test(gateway)) {
      problems.push(`entryPoints.${scheme}: gateway "${gateway}" is not of the form "namespace/name".`);
    }
    for (const [field, name] of Object.entries({ ingressClass, gatewayClass, addressPool })) {
      if (name === undefined || isDnsSubdomain(name)) continue;
      problems.push(`entryPoints.${scheme}: ${field} "${name}" is not a valid name.`);
    }
    const named = addresses.filter((address) => isIP(address) === 0);
    for (const address of named) {
      if (!isDnsSubdomain(address)) problems.push(`entryPoints.${scheme}: "${address}" is no address and no DNS name.`);
      else if (addresses.length > 1) {
        problems.push(`entryPoints.${scheme}: "${address}" is a DNS name and has to be the only one of addresses.`);
      }
    }
  }
  return problems;
}
