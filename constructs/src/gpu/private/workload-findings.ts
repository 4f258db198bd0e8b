import type { Cluster } from '../../cluster';
import { isDnsLabel } from '../../private/names';
import { type Problem, problemAt } from '../../private/problem';
import { quantityOf } from '../../private/quantity';
import type { Finding } from '../../private/service-validation';
import { settingsProblems } from '../../private/settings-validation';
import { podFindings } from './pool-amounts';
import { containerSettings, type GpuWorkload, mountsOf, requestsOf, settingsOf, sharedMemoryOf } from './workload-pods';

/** Flags of cpuid in labels of node feature discovery (source/cpu/cpuid_*.go of kubernetes-sigs/node-feature-discovery). */
const CPU_FLAG = /^[A-Z][A-Z0-9_]{0,50}$/;

/** What is wrong with a workload wherever it goes. */
export function workloadFindings(workload: GpuWorkload): Finding[] {
  const { name, props } = workload;
  const findings = settingsProblems(settingsOf(workload)).map((finding) => finding);
  const names = new Set([name]);
  for (const container of props.containers ?? []) {
    if (!isDnsLabel(container.name)) {
      const what = `"${container.name}" is no name of a container.`;
      findings.push({ code: 'ORR2003', what, fix: 'Use lower-case letters, digits and "-".' });
    }
    if (names.has(container.name)) {
      const what = `Two containers are named "${container.name}".`;
      findings.push({ code: 'ORR2004', what, fix: 'Rename one; the main one is named like the workload.' });
    }
    names.add(container.name);
    for (const { code, what, fix } of settingsProblems(containerSettings(workload, container))) {
      findings.push({ code, what: `Container "${container.name}": ${what}`, fix });
    }
  }
  for (const feature of (props.cpuFeatures ?? []).filter((flag) => !CPU_FLAG.test(flag))) {
    const what = `"${feature}" is no feature of a processor.`;
    findings.push({ code: 'ORR2003', what, fix: 'Use the flag as node feature discovery has it: "AVX512F".' });
  }
  if (props.claimSharing !== undefined) {
    const others = (props.containers ?? []).filter(({ gpu }) => gpu !== undefined);
    if (others.length === 0) {
      const what = 'It has `claimSharing`, and no other container uses the GPU.';
      findings.push({ code: 'ORR2012', what, fix: 'Give one of `containers` `gpu: {}`, or leave it out.' });
    }
    for (const { name: other } of others.filter(({ gpu = {} }) => Object.keys(gpu).length > 0)) {
      const what = `Container "${other}" uses what the main one claims, and claims something itself.`;
      findings.push({ code: 'ORR2012', what, fix: 'Leave its `gpu` empty, or leave out `claimSharing`.' });
    }
  }
  if (props.runAsRoot === true && props.runAsUser !== undefined) {
    const what = 'It has `runAsUser` and `runAsRoot`.';
    findings.push({ code: 'ORR2012', what, fix: 'Leave out one of the two.' });
  }
  return [...findings, ...folderFindings(workload), ...sharedMemoryFindings(workload)];
}

/** Why it cannot run in a cluster. */
export function reportUnkept(workload: GpuWorkload, cluster: Cluster, problems: Problem[]): void {
  const { construct, pool } = workload;
  const requests = requestsOf(workload);
  const findings = requests.flatMap((request) => pool.findings(request, cluster));
  if (findings.length === 0) findings.push(...podFindings(pool, requests, cluster));
  for (const [, { code, what, fix }] of new Map(findings.map((finding) => [finding.what, finding]))) {
    problems.push(problemAt(construct, code, what, { fix, cluster: cluster.clusterName }));
  }
}

function sharedMemoryFindings(workload: GpuWorkload): Finding[] {
  const { memory = '4Gi', memoryLimit = memory } = settingsOf(workload);
  const size = sharedMemoryOf(workload);
  if (size === undefined) return [];
  const [bytes, most] = [quantityOf(size), quantityOf(memoryLimit)];
  if (bytes === undefined || bytes <= 0) {
    return [{ code: 'ORR2011', what: `\`sharedMemory\` is "${size}".`, fix: 'Use a quantity like "2Gi".' }];
  }
  if (most === undefined || bytes <= most) return [];
  const what = `Shared memory of ${size} counts as memory, of which the container may have ${memoryLimit}.`;
  return [{ code: 'ORR2012', what, fix: `Use more \`memory\`, or ${memoryLimit} or less \`sharedMemory\`.` }];
}

function folderFindings(workload: GpuWorkload): Finding[] {
  const { volumes = [], secretVolumes = [], scratch = [] } = workload.props;
  const findings: Finding[] = [];
  const taken = new Set([...volumes, ...secretVolumes, ...scratch].map(({ mountPath }) => mountPath));
  for (const { mount } of mountsOf(workload)) {
    if (!mount.mountPath.startsWith('/') || mount.mountPath.split('/').includes('..')) {
      const what = `"${mount.mountPath}" is not a folder to mount on.`;
      findings.push({ code: 'ORR2011', what, fix: 'Use an absolute path without "..".' });
    }
    if (taken.has(mount.mountPath)) {
      const what = `Two volumes are mounted on "${mount.mountPath}".`;
      findings.push({ code: 'ORR2004', what, fix: 'Mount one elsewhere.' });
    }
    taken.add(mount.mountPath);
  }
  return findings;
}
