import { isIP } from 'node:net';
import { ExposureScheme } from '../entry-points';
import { isCidr } from './cidr';
import { type ExposureRules, exposureName } from './exposure-rules';
import { internetMarks } from './load-balancing';
import { isDnsSubdomain, isServiceName, SERVICE_NAME_RULE } from './names';
import { portsOf, type ServiceSettings } from './service-settings';
import type { Finding } from './service-validation';

/** What is wrong with an exposure of a service, wherever it goes. */
export function exposureProblems(service: string, rules: ExposureRules, settings: ServiceSettings): Finding[] {
  const findings: Finding[] = [];
  const report = (code: Finding['code'], what: string, fix: string) => findings.push({ code, what, fix });
  const ports = portsOf(settings).map(({ port }) => port);
  const name = exposureName(service, rules);
  if (rules.type === 'LoadBalancer' ? !isServiceName(name) : !isDnsSubdomain(name)) {
    report('ORR2003', `"${name}" is not a valid name of an exposure.`, `Use ${SERVICE_NAME_RULE}.`);
  } else if (rules.type === 'LoadBalancer' && name === service) {
    const what = `The exposure is named "${name}", and so is the service's own Service.`;
    report('ORR2004', what, 'Give it another name.');
  }
  for (const mark of rules.scheme === ExposureScheme.INTERNAL ? internetMarks(rules.annotations ?? {}) : []) {
    const what = `The exposure is internal, and its annotation "${mark}" makes it internet-facing.`;
    report('ORR2012', what, 'Say so by its scheme: ExposureScheme.INTERNET_FACING.');
  }
  if (ports.length === 0) {
    report('ORR2012', 'The service is exposed and has no port.', 'Set port or ports.');
    return findings;
  }
  const stranger = (port: number) => {
    report(
      'ORR2012',
      `The exposure is for port ${port}, which the service does not have.`,
      `It has: ${ports.join(', ')}.`,
    );
  };
  if (rules.type === 'LoadBalancer') {
    for (const port of rules.ports ?? []) if (!ports.includes(port)) stranger(port);
    if (rules.ports?.length === 0) report('ORR2012', 'The exposure has no port.', 'Name one, or leave `ports` out.');
    for (const range of rules.sourceRanges ?? []) {
      if (!isCidr(range)) report('ORR2011', `"${range}" is no range of addresses.`, 'Use one like "10.0.0.0/8".');
    }
    return findings;
  }
  if (rules.port === undefined && ports.length > 1) {
    const what = 'The exposure says no port, and the service has several.';
    report('ORR2012', what, `Set port to one of: ${ports.join(', ')}.`);
  } else if (rules.port !== undefined && !ports.includes(rules.port)) stranger(rules.port);
  if (!isHost(rules.host)) {
    const fix = 'Use a DNS name in lower case, like "shop.example.com" or "*.example.com".';
    report('ORR2003', `"${rules.host}" is not a valid host.`, fix);
  }
  const { path = '/' } = rules;
  if (!path.startsWith('/') || path.includes('//') || /[?#\s]/.test(path)) {
    report('ORR2011', `"${path}" is no path.`, 'Use one like "/" or "/cart", without query.');
  }
  if (rules.type === 'HTTPRoute' && rules.tlsSecret !== undefined && rules.ownGateway !== true) {
    const what = 'The route has a tlsSecret, and TLS is the matter of the Gateway that it attaches to.';
    report('ORR2012', what, 'Leave it out, or ask for an own Gateway: ownGateway.');
  }
  return findings;
}

/** A DNS name, of which the first label may be "*". */
function isHost(host: string): boolean {
  return isDnsSubdomain(host.replace(/^\*\./, '')) && host.includes('.') && isIP(host) === 0;
}
