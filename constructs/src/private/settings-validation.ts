import { isImage } from '../image-name';
import type { Probe } from '../probe';
import {
  isConfigKey,
  isDnsLabel,
  isDnsSubdomain,
  isEnvName,
  isLabelKey,
  isLabelValue,
  isPortName,
  isTaintEffect,
} from './names';
import { quantityOf } from './quantity';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Finding } from './service-validation';

type Report = (code: Finding['code'], what: string, fix: string) => void;

/** What is wrong with the settings of a service, one finding for each mistake. */
export function settingsProblems(settings: ServiceSettings): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, what, fix) => findings.push({ code, what, fix });
  if (settings.image === undefined) report('ORR2011', 'The service has no image.', 'Set image.');
  else if (!isImage(settings.image)) {
    report(
      'ORR2011',
      `"${settings.image}" is not an image.`,
      'Use [registry/]name[:tag][@digest], the name in lower case.',
    );
  }
  checkPorts(settings, report);
  checkProbes(settings, report);
  checkEnvironment(settings, report);
  checkConfig(settings, report);
  checkResources(settings, report);
  checkMounts(settings, report);
  checkPods(settings, report);
  checkDisruption(settings, report);
  return findings;
}

function checkPorts(settings: ServiceSettings, report: Report): void {
  if (settings.port !== undefined && settings.ports !== undefined) {
    report('ORR2012', 'port and ports are both set.', 'Use port for a single one, ports for several.');
    return;
  }
  const ports = portsOf(settings);
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [i, port] of ports.entries()) {
    for (const value of new Set([port.port, port.targetPort])) {
      if (!isPort(value)) report('ORR2011', `${value} is not a port.`, 'Ports are whole numbers from 1 to 65535.');
    }
    if (ports.length > 1 && settings.ports?.[i]?.name === undefined) {
      report('ORR2011', `Port ${port.port} has no name.`, 'Several ports need names.');
    } else if (!isPortName(port.name)) {
      report(
        'ORR2003',
        `"${port.name}" is not a valid port name.`,
        'Use at most 15 lower-case letters, digits and "-".',
      );
    } else if (names.has(port.name)) report('ORR2004', `Two ports are named "${port.name}".`, 'Rename one.');
    names.add(port.name);
    const number = `${port.port}/${port.protocol}`;
    if (numbers.has(number)) report('ORR2004', `Port ${number} is declared twice.`, 'Declare it once.');
    numbers.add(number);
  }
}

function checkProbes(settings: ServiceSettings, report: Report): void {
  const probes: [string, Probe | undefined][] = [
    ['readiness', settings.readiness],
    ['liveness', settings.liveness],
    ['startup', settings.startup],
  ];
  const hasPort = settings.port !== undefined || (settings.ports ?? []).length > 0;
  for (const [name, probe] of probes) {
    if (probe === undefined || !probe._asksPort()) continue;
    const port = probe._port();
    if (port !== undefined && !isPort(port))
      report('ORR2011', `The ${name} probe asks port ${port}.`, 'Use a port from 1 to 65535.');
    if (port === undefined && !hasPort) {
      report(
        'ORR2012',
        `The ${name} probe asks a port, and the service has none.`,
        'Set port, or the port of the probe.',
      );
    }
    const path = (probe._render(1) as { httpGet?: { path: string } }).httpGet?.path;
    if (path !== undefined && !path.startsWith('/'))
      report('ORR2011', `The ${name} probe asks for "${path}".`, 'Begin the path with "/".');
  }
}

function checkEnvironment(settings: ServiceSettings, report: Report): void {
  const sources: [string, object][] = [
    ['env', settings.env ?? {}],
    ['secretEnv', settings.secretEnv ?? {}],
    ['config.env', settings.config?.env ?? {}],
  ];
  const seen = new Map<string, string>();
  for (const [source, variables] of sources) {
    for (const [name, value] of Object.entries(variables)) {
      if (!isEnvName(name)) {
        report(
          'ORR2003',
          `"${name}" is not a valid name of an environment variable.`,
          'Use letters, digits, "_", "-" and "."; no digit first.',
        );
      }
      const other = seen.get(name);
      if (other !== undefined)
        report('ORR2012', `Variable ${name} is set in ${other} and in ${source}.`, 'Set it in one place.');
      seen.set(name, source);
      if (source !== 'secretEnv' && typeof value !== 'string') {
        report('ORR2011', `Variable ${name} is ${JSON.stringify(value)}.`, 'Values of variables are texts: quote it.');
      }
    }
  }
  for (const [name, { secret, key }] of Object.entries(settings.secretEnv ?? {})) {
    if (!isDnsSubdomain(secret))
      report('ORR2003', `Variable ${name}: "${secret}" is not the name of a Secret.`, 'Use the name of a Secret.');
    if (!isConfigKey(key))
      report('ORR2003', `Variable ${name}: "${key}" is not a key of a Secret.`, 'Use the key in the Secret.');
  }
}

function checkConfig({ config }: ServiceSettings, report: Report): void {
  const seen = new Set<string>();
  for (const key of [config?.env, config?.files, config?.filesFrom].flatMap((part) => Object.keys(part ?? {}))) {
    if (!isConfigKey(key))
      report('ORR2003', `"${key}" is not a valid key of a ConfigMap.`, 'Use letters, digits, "-", "_" and ".".');
    if (seen.has(key))
      report('ORR2004', `The configuration has "${key}" twice.`, 'Name the file or the variable differently.');
    seen.add(key);
  }
}

function checkResources(settings: ServiceSettings, report: Report): void {
  for (const name of ['cpu', 'memory', 'cpuLimit', 'memoryLimit'] as const) {
    const text = settings[name];
    if (text !== undefined && quantityOf(text) === undefined) {
      report('ORR2011', `${name} is "${text}".`, 'Use a quantity like "500m" (CPU) or "512Mi" (memory).');
    }
  }
  for (const [request, limit] of [
    ['cpu', 'cpuLimit'],
    ['memory', 'memoryLimit'],
  ] as const) {
    const [low, high] = [quantityOf(settings[request] ?? ''), quantityOf(settings[limit] ?? '')];
    if (low === undefined || high === undefined || low <= high) continue;
    report(
      'ORR2012',
      `${request} (${settings[request]}) is more than ${limit} (${settings[limit]}).`,
      'A request is at most the limit.',
    );
  }
}

function checkMounts(settings: ServiceSettings, report: Report): void {
  const { volumes = [], secretVolumes = [], scratch = [], config } = settings;
  const paths = [...volumes, ...secretVolumes, ...scratch].map((volume) => volume.mountPath);
  if (config?.files !== undefined || config?.filesFrom !== undefined) paths.push(config.mountPath ?? '/etc/config');
  const seen = new Set<string>();
  for (const path of paths) {
    if (!path.startsWith('/') || path.includes(':') || path.split('/').includes('..')) {
      report('ORR2011', `"${path}" is not a folder to mount on.`, 'Use an absolute path without ".." and ":".');
    }
    if (seen.has(path)) report('ORR2004', `Two volumes are mounted on "${path}".`, 'Mount one elsewhere.');
    seen.add(path);
  }
  const names = new Set<string>();
  for (const { name, size } of volumes) {
    // 50 leaves room for the prefix of the pod's volume in a label of 63.
    if (!isDnsLabel(name) || name.length > 50)
      report('ORR2003', `"${name}" is not a valid volume name.`, 'Use at most 50 lower-case letters, digits and "-".');
    if (names.has(name)) report('ORR2004', `Two volumes are named "${name}".`, 'Rename one.');
    names.add(name);
    if ((quantityOf(size) ?? 0) <= 0)
      report('ORR2011', `The size of volume "${name}" is "${size}".`, 'Use a quantity like "20Gi".');
  }
  for (const { sizeLimit } of scratch) {
    if (sizeLimit !== undefined && quantityOf(sizeLimit) === undefined) {
      report('ORR2011', `sizeLimit is "${sizeLimit}".`, 'Use a quantity like "256Mi".');
    }
  }
  for (const { secret, items = {} } of secretVolumes) {
    if (!isDnsSubdomain(secret))
      report('ORR2003', `"${secret}" is not the name of a Secret.`, 'Use the name of a Secret.');
    for (const [key, file] of Object.entries(items)) {
      if (!isConfigKey(key)) report('ORR2003', `"${key}" is not a key of a Secret.`, 'Use the key in the Secret.');
      if (file === '' || file.startsWith('/') || file.split('/').includes('..')) {
        report('ORR2011', `Key "${key}" is mounted as "${file}".`, 'Use a path below mountPath.');
      }
    }
  }
}

/** Labels by which the Deployment finds its pods. */
const SELECTOR_LABELS = ['app.kubernetes.io/name', 'app.kubernetes.io/part-of'];

function checkPods(settings: ServiceSettings, report: Report): void {
  for (const [key, value] of [
    ...Object.entries(settings.podLabels ?? {}),
    ...Object.entries(settings.nodeSelector ?? {}),
  ]) {
    if (!isLabelKey(key)) report('ORR2003', `"${key}" is not a valid label key.`, LABEL_FIX);
    if (!isLabelValue(value)) report('ORR2003', `"${value}" is not a valid value for label "${key}".`, LABEL_FIX);
  }
  for (const key of SELECTOR_LABELS) {
    if (settings.podLabels?.[key] === undefined) continue;
    report('ORR2012', `podLabels sets "${key}", by which the Deployment finds its pods.`, 'Use another label.');
  }
  for (const key of Object.keys({
    ...settings.podAnnotations,
    ...settings.serviceAnnotations,
    ...settings.serviceAccount?.annotations,
  })) {
    if (!isLabelKey(key.toLowerCase())) report('ORR2003', `"${key}" is not a valid annotation key.`, LABEL_FIX);
  }
  if (settings.runAsUser !== undefined && (!Number.isSafeInteger(settings.runAsUser) || settings.runAsUser < 1)) {
    report('ORR2011', `runAsUser is ${settings.runAsUser}.`, 'Pods do not run as root: use a number from 1 on.');
  }
  for (const [name, value, least] of [
    ['fsGroup', settings.fsGroup, 0],
    ['terminationGracePeriodSeconds', settings.terminationGracePeriodSeconds, 0],
  ] as const) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < least))
      report('ORR2011', `${name} is ${value}.`, `Use a whole number from ${least} on.`);
  }
  const account = settings.serviceAccount;
  if (account?.existing !== undefined) {
    if (!isDnsSubdomain(account.existing))
      report('ORR2003', `"${account.existing}" is not the name of a ServiceAccount.`, 'Use its name.');
    if (account.annotations !== undefined) {
      report('ORR2012', 'serviceAccount has annotations for an existing account.', 'Annotate it where it is made.');
    }
  }
  for (const { maxSkew } of settings.spread ?? []) {
    if (maxSkew !== undefined && (!Number.isSafeInteger(maxSkew) || maxSkew < 1))
      report('ORR2011', `maxSkew is ${maxSkew}.`, 'Use a whole number from 1 on.');
  }
  for (const { effect } of settings.tolerations ?? []) {
    if (effect !== undefined && !isTaintEffect(effect)) {
      report('ORR2011', `"${effect}" is not an effect of a taint.`, 'Use NoSchedule, PreferNoSchedule or NoExecute.');
    }
  }
}

function checkDisruption({ disruptionBudget }: ServiceSettings, report: Report): void {
  if (disruptionBudget === undefined) return;
  const { minAvailable, maxUnavailable } = disruptionBudget;
  if ((minAvailable === undefined) === (maxUnavailable === undefined)) {
    report('ORR2012', 'disruptionBudget needs exactly one of minAvailable and maxUnavailable.', 'Set one of them.');
  }
  for (const [name, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value !== undefined && !/^(\d+|\d{1,2}%|100%)$/.test(value)) {
      report('ORR2011', `${name} is "${value}".`, 'Use a number like "1" or a percentage like "25%".');
    }
  }
}

const LABEL_FIX = 'Use letters, digits, "-", "_" and ".", at most 63, with an optional DNS prefix and "/" in keys.';

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}
