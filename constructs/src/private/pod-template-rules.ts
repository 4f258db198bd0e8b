import type { PodContainer } from '../pods/pod-container';
import type { PodProbe } from '../pods/pod-probes';
import type { PodLabelSelector } from '../pods/pod-scheduling';
import { PodLabelOperator } from '../pods/pod-scheduling';
import { PodRestartPolicy, type PodSpec, type PodTemplate } from '../pods/pod-template';
import type { PodVolume } from '../pods/pod-volume';
import { isDnsLabel, isEnvName, isPortName } from './names';
import type { ReportFinding } from './typed-object';

/** Quantities as Kubernetes writes them, also negative ones and ones below a thousandth (apimachinery/pkg/api/resource). */
const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

/** Who makes the pods: a ReplicaSet keeps them, a Job lets them end. */
export type PodOwner = 'ReplicaSet' | 'Job';

/**
 * What is wrong with a template of pods. The rules are those of kube-apiserver for workloads (kubernetes/kubernetes pkg/apis/core/validation/validation.go:
 * ValidatePodTemplateSpec, and for ReplicaSets pkg/apis/apps/validation: ValidatePodTemplateSpecForReplicaSet). No admission sees templates inside of
 * other objects, so that a mistake would show when the pods are to come.
 *
 * @param at path of the template, e.g. "spec.template"
 */
export function checkPodTemplate(
  template: PodTemplate | undefined,
  at: string,
  owner: PodOwner,
  report: ReportFinding,
): void {
  const spec = template?.spec;
  if (spec === undefined) {
    report('ORR2011', `${at} has no spec, so there is nothing to run.`, 'Set spec with at least one container.');
    return;
  }
  checkRestarts(spec, at, owner, report);
  if (spec.containers.length === 0) {
    report('ORR2011', `${at}.spec.containers is empty.`, 'Add at least one container.');
  }
  if ((spec.ephemeralContainers ?? []).length > 0) {
    const what = `${at}.spec.ephemeralContainers is set, and only a running pod can be given such containers.`;
    report('ORR2012', what, 'Leave them out; debug a pod with "kubectl debug".');
  }
  checkContainers(spec, `${at}.spec`, report);
  checkVolumes(spec.volumes ?? [], `${at}.spec.volumes`, report);
}

function checkRestarts(spec: PodSpec, at: string, owner: PodOwner, report: ReportFinding): void {
  const { restartPolicy } = spec;
  if (owner === 'ReplicaSet' && restartPolicy !== undefined && restartPolicy !== PodRestartPolicy.ALWAYS) {
    const what = `${at}.spec.restartPolicy is ${restartPolicy}, and pods of a ReplicaSet always start again.`;
    report('ORR2012', what, 'Leave it out.');
  }
  if (owner === 'Job' && (restartPolicy === undefined || restartPolicy === PodRestartPolicy.ALWAYS)) {
    const what = `${at}.spec.restartPolicy is ${restartPolicy ?? 'not set'}, and a Job's pods may not start again for ever.`;
    report('ORR2012', what, 'Set it to NEVER or ON_FAILURE.');
  }
}

function checkContainers(spec: PodSpec, at: string, report: ReportFinding): void {
  const names = new Set<string>();
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [i, container] of (spec[list] ?? []).entries()) {
      const where = `${at}.${list}[${i}]`;
      const { name, image } = container;
      if (names.has(name)) report('ORR2004', `${where}.name "${name}" is used twice.`, 'Give each another name.');
      else if (!isDnsLabel(name) && !isTemplated(name)) {
        report('ORR2003', `${where}.name "${name}" is no name of a container.`, 'Use a DNS label.');
      }
      names.add(name);
      if (image === undefined || image === '') report('ORR2011', `${where} has no image.`, 'Set image.');
      checkContainer(container, where, volumes, report);
    }
  }
}

function checkContainer(
  container: PodContainer,
  at: string,
  volumes: ReadonlySet<string>,
  report: ReportFinding,
): void {
  for (const kind of ['limits', 'requests'] as const) {
    for (const [resource, quantity] of Object.entries(container.resources?.[kind] ?? {})) {
      checkQuantity(quantity, `${at}.resources.${kind}.${resource}`, report);
    }
  }
  for (const [i, { containerPort, name }] of (container.ports ?? []).entries()) {
    if (!isPort(containerPort)) {
      report('ORR2011', `${at}.ports[${i}].containerPort ${containerPort} is no port.`, 'Use 1 to 65535.');
    }
    if (name !== undefined && !isPortName(name)) {
      const fix = 'Use at most 15 lower case letters, digits and single dashes.';
      report('ORR2003', `${at}.ports[${i}].name "${name}" is no name of a port.`, fix);
    }
  }
  for (const [i, { name }] of (container.env ?? []).entries()) {
    if (!isEnvName(name)) report('ORR2003', `${at}.env[${i}].name "${name}" is no name of a variable.`, 'Correct it.');
  }
  for (const [i, { name }] of (container.volumeMounts ?? []).entries()) {
    if (!volumes.has(name)) {
      report('ORR2012', `${at}.volumeMounts[${i}] names volume "${name}", which the pod does not have.`, 'Add it.');
    }
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const actions = actionsOf(container[probe]);
    if (actions !== undefined && actions !== 1) {
      const what = `${at}.${probe} has ${actions} of exec, grpc, httpGet and tcpSocket.`;
      report('ORR2012', what, 'Set exactly one.');
    }
  }
}

function actionsOf(probe: PodProbe | undefined): number | undefined {
  if (probe === undefined) return undefined;
  return [probe.exec, probe.grpc, probe.httpGet, probe.tcpSocket].filter((action) => action !== undefined).length;
}

function checkVolumes(volumes: readonly PodVolume[], at: string, report: ReportFinding): void {
  const names = new Set<string>();
  for (const [i, volume] of volumes.entries()) {
    const { name, emptyDir, ...sources } = volume;
    if (names.has(name)) report('ORR2004', `${at}[${i}].name "${name}" is used twice.`, 'Give each another name.');
    else if (!isDnsLabel(name) && !isTemplated(name)) {
      report('ORR2003', `${at}[${i}].name "${name}" is no name of a volume.`, 'Use a DNS label.');
    }
    names.add(name);
    const others = Object.values(sources).filter((source) => source !== undefined).length;
    if (others + (emptyDir === undefined ? 0 : 1) > 1) {
      report('ORR2012', `${at}[${i}] "${name}" has several sources.`, 'Set exactly one.');
    }
    if (emptyDir?.sizeLimit !== undefined) checkQuantity(emptyDir.sizeLimit, `${at}[${i}].emptyDir.sizeLimit`, report);
  }
}

function checkQuantity(quantity: number | string, at: string, report: ReportFinding): void {
  const text = String(quantity);
  if (QUANTITY.test(text) || isTemplated(text)) return;
  report('ORR2011', `${at} "${text}" is no quantity.`, 'Write it like "500m", "1.5" or "512Mi".');
}

/** Whether a selector is one, and selects the pods of a template. */
export function checkSelector(
  selector: PodLabelSelector,
  template: PodTemplate | undefined,
  at: string,
  report: ReportFinding,
): void {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
    report('ORR2011', `${at} is empty, which would mean all pods.`, 'Set matchLabels.');
    return;
  }
  const labels = template?.metadata?.labels ?? {};
  const wrong = Object.entries(matchLabels).find(([key, value]) => labels[key] !== value);
  const missed = matchExpressions.find(({ key, comparison, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (comparison === PodLabelOperator.IN) return value === undefined || !values.includes(value);
    if (comparison === PodLabelOperator.NOT_IN) return value !== undefined && values.includes(value);
    return (comparison === PodLabelOperator.EXISTS) === (value === undefined);
  });
  if (template === undefined || (wrong === undefined && missed === undefined)) return;
  const which = wrong === undefined ? `the requirement of "${missed?.key}"` : `${wrong[0]}=${wrong[1]}`;
  report('ORR2012', `${at} does not select the pods of the template: ${which}.`, "Set the template's labels to it.");
}

/** Arguments of analyses are put into texts before anything is made of them. */
function isTemplated(text: string): boolean {
  return text.includes('{{');
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}
