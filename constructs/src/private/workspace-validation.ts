import type { IConstruct } from 'constructs';
import { isRegistry } from '../image-name';
import { Platform } from '../platform';
import { type WorkspaceLimits, type WorkspaceProps, WorkspaceRole } from '../workspace-props';
import { DNS_LABEL_RULE, isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue } from './names';
import { type Problem, type ProblemCode, problemAt } from './problem';
import { quantityOf } from './quantity';
import { divisible } from './quota-division';
import { hasMachines, machineNamespace, namespacesOf } from './workspace-namespaces';

type Report = (code: ProblemCode, what: string, fix: string) => void;

/** Reports what is wrong with a workspace, wherever it goes. */
export function validateWorkspace(
  construct: IConstruct,
  owner: string,
  props: WorkspaceProps,
  problems: Problem[],
): void {
  const report: Report = (code, what, fix) => problems.push(problemAt(construct, code, what, { fix }));
  if (!(construct.node.root instanceof Platform)) {
    const fix = 'Make it in the platform; its placement says which clusters it goes to.';
    report('ORR2017', 'The workspace is inside a cluster.', fix);
  }
  if (owner.length > 63) {
    const what = `"${owner}" marks what belongs to the workspace, and is longer than the 63 characters of a label.`;
    report('ORR2003', what, 'Give the workspace a shorter id.');
  }
  checkNamespaces(construct.node.id, props, report);
  checkMembers(props, report);
  checkQuota(construct.node.id, props, report);
  checkLimits(props.limits ?? {}, report);
  checkGuards(props, report);
  checkCredentials(props, report);
  for (const [key, value] of Object.entries(props.labels ?? {})) {
    if (!isLabelKey(key) || !isLabelValue(value)) {
      report('ORR2011', `"${key}: ${value}" is no label.`, 'Use letters, digits, "-", "_" and ".", at most 63.');
    }
  }
}

function checkNamespaces(id: string, props: WorkspaceProps, report: Report): void {
  const names = namespacesOf(id, props).map(({ name }) => name);
  if (names.length === 0) {
    report('ORR2012', 'The workspace has no namespaces.', 'Name one, or leave `namespaces` out for one with its id.');
  }
  const all = hasMachines(props) ? [...names, machineNamespace(id)] : names;
  for (const [i, name] of all.entries()) {
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
    else if (/^(default|orrery-system|kube-.*)$/.test(name)) {
      const what = `Namespace "${name}" belongs to the cluster, and members of a workspace would have rights there.`;
      report('ORR2003', what, 'Use a namespace of its own.');
    }
    if (all.indexOf(name) < i) {
      report('ORR2004', `The workspace has namespace "${name}" twice.`, 'Leave one out, or rename it.');
    }
  }
}

function checkMembers(props: WorkspaceProps, report: Report): void {
  const { users = {}, groups = {}, machines = {}, selfServiceNamespaces = [] } = props;
  for (const [kind, members] of [
    ['user', users],
    ['group', groups],
  ] as const) {
    for (const name of Object.keys(members)) {
      if (name.trim() !== name || name === '') {
        report('ORR2011', `"${name}" is no name of a ${kind}.`, 'Write it as the API server knows it.');
      } else if (name.startsWith('system:')) {
        const fix =
          'Name people and groups of your own; for a program declare a machine. "system:authenticated", for one, is everybody who has an account.';
        report('ORR2011', `The ${kind} "${name}" is an identity of Kubernetes itself.`, fix);
      }
    }
  }
  for (const name of Object.keys(machines)) {
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is not a valid name of a machine.`, `Use ${DNS_LABEL_RULE}.`);
  }
  const roles = [users, groups, machines].flatMap((members) => Object.values(members));
  if (roles.includes(WorkspaceRole.SELF_PROVISIONER) && selfServiceNamespaces.length === 0) {
    const what = 'The workspace has self-provisioners and no selfServiceNamespaces for them.';
    report('ORR2012', what, 'Declare at least one, or give these members another role.');
  }
}

function checkQuota(id: string, props: WorkspaceProps, report: Report): void {
  const { quota = {}, namespaceShares } = props;
  for (const [resource, amount] of Object.entries(quota)) {
    if (!isLabelKey(resource)) {
      report('ORR2011', `quota: "${resource}" is no name of a resource.`, 'Use "cpu", "requests.memory", "pods", …');
    } else if (divisible(resource, amount) === undefined) {
      const what = `quota: "${amount}" (${resource}) is no quantity that can be divided.`;
      report('ORR2011', what, 'Use one like "200", "500m" (CPU only) or "800Gi".');
    }
  }
  if (namespaceShares === undefined) return;
  const names = namespacesOf(id, props).map(({ name }) => name);
  for (const [name, share] of Object.entries(namespaceShares)) {
    if (!names.includes(name)) {
      const fix = `Its namespaces are: ${names.join(', ')}.`;
      report('ORR2012', `namespaceShares names "${name}", which is no namespace of the workspace.`, fix);
    }
    if (!Number.isSafeInteger(share) || share < 0) {
      report('ORR2011', `The share of namespace "${name}" is ${share}.`, 'Use a whole number from 0 on.');
    }
  }
  const missing = names.filter((name) => !Object.hasOwn(namespaceShares, name));
  if (missing.length > 0) {
    const what = `namespaceShares leaves out ${missing.map((name) => `"${name}"`).join(', ')}.`;
    report('ORR2012', what, 'Give every namespace a share; 0 gives it nothing of the quota.');
  } else if (names.every((name) => namespaceShares[name] === 0)) {
    report('ORR2012', 'All namespaceShares are 0.', 'Give at least one namespace a share.');
  }
}

function checkCredentials({ credentials = {} }: WorkspaceProps, report: Report): void {
  for (const [secret, credential] of Object.entries(credentials)) {
    if (!isDnsSubdomain(secret)) {
      report('ORR2003', `"${secret}" is not a valid name of a Secret.`, 'Use lower-case letters, digits, "-" and ".".');
    }
    for (const mistake of credential._mistakes()) {
      report('ORR2011', `credentials.${secret}: ${mistake}.`, 'Correct it.');
    }
  }
}

function checkGuards(
  { network = [], imageRegistries = [], controllerNamespaces = [] }: WorkspaceProps,
  report: Report,
): void {
  for (const registry of imageRegistries) {
    if (isRegistry(registry)) continue;
    const fix = 'Use a host, optionally with port and path, without scheme and tag.';
    report('ORR2011', `imageRegistries: "${registry}" is not a registry.`, fix);
  }
  for (const name of controllerNamespaces) {
    if (!isDnsLabel(name)) report('ORR2003', `"${name}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
  }
  const names = network.map((allowance) => allowance._name());
  for (const [i, allowance] of network.entries()) {
    for (const mistake of allowance._mistakes()) {
      report(
        'ORR2011',
        `network: ${mistake}.`,
        'Use names of namespaces, ranges like "10.8.0.0/16", ports from 1 to 65535.',
      );
    }
    if (names.indexOf(names[i] as string) < i) {
      report('ORR2004', `network has the allowance "${names[i]}" twice.`, 'Leave one out, or join their exceptions.');
    }
  }
}

function checkLimits(limits: WorkspaceLimits, report: Report): void {
  const values = new Map<string, number>();
  for (const [name, text] of Object.entries(limits) as [string, string | undefined][]) {
    if (text === undefined) continue;
    const value = quantityOf(text);
    if (value === undefined)
      report('ORR2011', `limits.${name} is "${text}".`, 'Use a quantity like "500m" or "512Mi".');
    else values.set(name, value);
  }
  for (const resource of ['Cpu', 'Memory']) {
    const ascending = [`min${resource}`, `default${resource}`, `default${resource}Limit`, `max${resource}`].flatMap(
      (name) => (values.has(name) ? [{ name, value: values.get(name) as number }] : []),
    );
    for (const [i, { name, value }] of ascending.entries()) {
      const next = ascending[i + 1];
      if (next === undefined || value <= next.value) continue;
      report('ORR2012', `limits.${name} is above limits.${next.name}.`, 'Lower the one or raise the other.');
    }
  }
}
