import type { Finding } from './service-validation';

/**
 * A whole http or https URL without a user or password: it stands in the assembly, in every plan, and in the cluster.
 * @param of whose address it is: "Prometheus"
 */
export function webAddressFindings(text: string, of: string): Finding[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return [{ code: 'ORR2011', what: `"${text}" is no address of ${of}.`, fix: 'Use a whole http or https URL.' }];
  if (url.username === '' && url.password === '') return [];
  const what = `The address of ${of} on ${url.host} holds a user or password.`;
  return [{ code: 'ORR2011', what, fix: 'Leave it out: it would stand in plans.' }];
}
