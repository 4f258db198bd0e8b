import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import { webAddressFindings } from '../../../private/web-address';
import type { MetricEndpoint } from '../../metric-props';
import { prometheusSeconds } from './prometheus-duration';

/** What is wrong with an address to which clusters send. */
export function endpointFindings(field: string, endpoint: MetricEndpoint): Finding[] {
  const { url, token, username, password, certificate, privateKey, authority } = endpoint;
  const found = webAddressFindings(url, field);
  if (found.length > 0) return found;
  if (url.includes('{{')) found.push(bad(`The address of ${field} is "${url}".`, 'Use an address without "{{".'));
  const { protocol, hostname } = new URL(url);
  const contradict = (what: string, fix: string) => found.push({ code: 'ORR2012', what, fix });
  if ((username === undefined) !== (password === undefined))
    contradict(`${field} has a ${username === undefined ? 'password' : 'username'} alone.`, 'Give both, or neither.');
  if ((certificate === undefined) !== (privateKey === undefined))
    contradict(
      `${field} has a ${certificate === undefined ? 'privateKey' : 'certificate'} alone.`,
      'Give both, or neither.',
    );
  if (token !== undefined && username !== undefined)
    contradict(`${field} has a token and a username: Prometheus sends one of them.`, 'Leave one of them out.');
  const isInside = /\.svc(\.cluster\.local|\.clusterset\.local)?$/.test(hostname);
  if (protocol === 'http:' && !isInside)
    contradict(
      `${field} is sent in plain text to ${hostname}, outside the cluster.`,
      'Use https, or a Service of the mesh ("….svc").',
    );
  if (protocol === 'http:' && [certificate, authority].some((key) => key !== undefined))
    contradict(`${field} has certificates, and its address is no https.`, 'Use https, or leave them out.');
  return found;
}

/** A size of a volume. */
export function size(field: string, text: string): Finding[] {
  return (quantityOf(text) ?? 0) > 0 ? [] : [bad(`${field} is "${text}".`, 'Use a size, e.g. "100Gi".')];
}

/** A duration of Prometheus, longer than none. */
export function duration(field: string, text: string | undefined): Finding[] {
  if (text === undefined || (prometheusSeconds(text) ?? 0) > 0) return [];
  return [bad(`${field} is "${text}".`, 'Write it as Prometheus does, e.g. "15d", "36h" or "30s".')];
}

export function atLeastOne(field: string, value: number | undefined): Finding[] {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return [];
  return [bad(`${field} is ${value}.`, 'Use a whole number from 1 on.')];
}

export function natural(field: string, value: number | undefined): Finding[] {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return [];
  return [bad(`${field} is ${value}.`, 'Use a whole number from 0 on.')];
}

/** A value that is none. */
export function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
