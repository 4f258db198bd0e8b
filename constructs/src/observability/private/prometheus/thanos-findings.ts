import { DNS_LABEL_RULE, isDnsLabel } from '../../../private/names';
import { saidTwice } from '../../../private/said-twice';
import { servesApi } from '../../../private/served-apis';
import type { Finding } from '../../../private/service-validation';
import type { ThanosProps } from '../../metric-props';
import type { StackContext } from '../stack-context';
import { prometheusSeconds } from './prometheus-duration';
import { atLeastOne, duration, endpointFindings, natural, size } from './setting-findings';
import { retentions } from './thanos-objects';

const HOUR = 3600;

/** What is wrong with a Thanos, whatever the clusters. */
export function thanosFindings(stack: StackContext, props: ThanosProps): Finding[] {
  const { tenantHeader = 'THANOS-TENANT', platformTenant = 'platform', receiverRetention, limits = {} } = props;
  const found = [
    ...endpointFindings('receive', props.receive),
    ...hashringFindings(stack, props),
    ...duration('receiverRetention', receiverRetention),
    ...size('compactorStorage', props.compactorStorage ?? '100Gi'),
    ...size('gatewayStorage', props.gatewayStorage ?? '20Gi'),
    ...atLeastOne('gatewayShards', props.gatewayShards),
    ...atLeastOne('queryReplicas', props.queryReplicas),
    ...Object.entries(limits).flatMap(([name, value]) => natural(`limits.${name}`, value)),
    ...resolutionFindings(props),
  ];
  if (receiverRetention !== undefined && (prometheusSeconds(receiverRetention) ?? 2 * HOUR) < 2 * HOUR)
    found.push({
      code: 'ORR2012',
      what: `Receivers upload blocks of two hours, and keep samples for ${receiverRetention}.`,
      fix: 'Use a receiverRetention of "2h" or more.',
    });
  if (!/^[A-Za-z0-9-]+$/.test(tenantHeader))
    found.push({ code: 'ORR2011', what: `"${tenantHeader}" is no header.`, fix: 'Use letters, digits and "-".' });
  if (!isDnsLabel(platformTenant) || stack.workspaces.some(({ node }) => node.id === platformTenant))
    found.push({
      code: 'ORR2012',
      what: `"${platformTenant}" cannot be the tenant of what is in no workspace.`,
      fix: `Use ${DNS_LABEL_RULE}, and another name than those of the workspaces.`,
    });
  const centre = stack.centreCluster();
  if (props.operatorChart === undefined && centre !== undefined && !servesApi(centre, 'monitoring.thanos.io/v1alpha1'))
    found.push({
      code: 'ORR2013',
      what: `The thanos-operator runs Thanos, and nothing says that it is in "${centre}".`,
      fix: 'Add "monitoring.thanos.io/v1alpha1" to its apiVersions where somebody else installs it, or give operatorChart: { chart: \'charts/thanos-operator\' }, a copy of its chart.',
    });
  return found;
}

/** Every series has its place in one hashring, and every hashring as many receivers as keep copies (CEL rule of the kind ThanosReceive). */
function hashringFindings(
  stack: StackContext,
  { hashrings, replicationFactor = 3, platformTenant = 'platform' }: ThanosProps,
): Finding[] {
  const found: Finding[] = [];
  const add = (code: Finding['code'], what: string, fix: string) => found.push({ code, what, fix });
  if (![1, 3, 5].includes(replicationFactor))
    add(
      'ORR2011',
      `replicationFactor is ${replicationFactor}.`,
      'Use 1, 3 or 5: most of the copies have to be written.',
    );
  for (const { name, receivers = 3, storage } of hashrings) {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is no name of a hashring.`, `Use ${DNS_LABEL_RULE}.`);
    found.push(
      ...size(`storage of hashring "${name}"`, storage),
      ...atLeastOne(`receivers of hashring "${name}"`, receivers),
    );
    if (receivers < replicationFactor)
      add(
        'ORR2012',
        `Hashring "${name}" has ${receivers} receivers, and every series goes to ${replicationFactor}.`,
        `Use receivers: ${replicationFactor}, or replicationFactor: ${receivers >= 3 ? 3 : 1}.`,
      );
  }
  for (const name of saidTwice(hashrings.map(({ name }) => name)))
    add('ORR2004', `Two hashrings are called "${name}".`, 'Give one of them another name.');
  for (const tenant of saidTwice(hashrings.flatMap(({ tenants = [] }) => tenants)))
    add('ORR2012', `Tenant "${tenant}" is in two hashrings.`, 'Receivers take the first: name it once.');
  const known = [...stack.workspaces.map(({ node }) => node.id), platformTenant];
  for (const tenant of hashrings.flatMap(({ tenants = [] }) => tenants))
    if (!known.includes(tenant))
      add('ORR2012', `Nothing is sent as tenant "${tenant}".`, `There are: ${known.join(', ')}.`);
  const catchAll = hashrings.filter(({ tenants = [] }) => tenants.length === 0);
  if (catchAll.length !== 1)
    add(
      'ORR2012',
      catchAll.length === 0
        ? 'No hashring takes the series of tenants that none names: they would be refused.'
        : `Hashrings ${catchAll.map(({ name }) => `"${name}"`).join(' and ')} take all tenants: only the first would get series.`,
      'Leave tenants out in one hashring, the last.',
    );
  else if (hashrings.at(-1) !== catchAll[0])
    add(
      'ORR2012',
      `Hashring "${catchAll[0]?.name}" takes all tenants, and those after it none.`,
      'Put it last: receivers take the first that fits.',
    );
  return found;
}

/** Blocks are downsampled when they are 40 hours and 10 days old (docs/components/compact.md of thanos-io/thanos): what is gone before never is. */
function resolutionFindings(props: ThanosProps): Finding[] {
  const given = retentions(props);
  const wrong = Object.entries(given).filter(([, text]) => prometheusSeconds(text) === undefined);
  if (wrong.length > 0)
    return wrong.map(([name, text]) => ({
      code: 'ORR2011',
      what: `The retention of ${name} is "${text}".`,
      fix: 'Write it as Prometheus does, e.g. "30d"; "0d" is for ever.',
    }));
  const seconds = (text: string) => prometheusSeconds(text) || Number.POSITIVE_INFINITY;
  const found: Finding[] = [];
  if (seconds(given.raw) < 40 * HOUR)
    found.push({
      code: 'ORR2012',
      what: `Raw samples go after ${given.raw}, and are downsampled to five minutes when they are 40 hours old: nothing would be left.`,
      fix: "The nearest that works: rawRetention: '2d'.",
    });
  if (seconds(given.fiveMinutes) < 240 * HOUR)
    found.push({
      code: 'ORR2012',
      what: `Samples of five minutes go after ${given.fiveMinutes}, and are downsampled to an hour when they are 10 days old: nothing would be left.`,
      fix: "The nearest that works: fiveMinuteRetention: '10d'.",
    });
  if (seconds(given.raw) > seconds(given.fiveMinutes) || seconds(given.fiveMinutes) > seconds(given.oneHour))
    found.push({
      code: 'ORR2012',
      what: `Finer samples stay longer than coarser ones: raw ${given.raw}, five minutes ${given.fiveMinutes}, an hour ${given.oneHour}.`,
      fix: 'Let every resolution stay at least as long as the finer one.',
    });
  return found;
}
