/** Rules for names, as the API server applies them (apimachinery/pkg/util/validation). */

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** RFC 1123 label: at most 63 of a-z, 0-9 and "-", not at the ends. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && DNS_LABEL.test(name);
}

/** RFC 1123 subdomain: labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && DNS_SUBDOMAIN.test(name);
}

/** RFC 1035 label, as names of Services must be: like a DNS label, but starting with a letter. */
export function isServiceName(name: string): boolean {
  return name.length <= 63 && SERVICE_NAME.test(name);
}

/** Label or annotation key: an optional DNS prefix and "/", then at most 63 characters. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (slash < 0 || isDnsSubdomain(key.slice(0, slash))) && name.length <= 63 && QUALIFIED.test(name);
}

/** Label value: empty or at most 63 characters. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && QUALIFIED.test(value));
}

/** What a taint does to pods that do not put up with it. */
export function isTaintEffect(effect: string): boolean {
  return ['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect);
}

/** Key of a ConfigMap or Secret. */
export function isConfigKey(key: string): boolean {
  return key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..');
}

/** Name of an environment variable, by the rule that every supported version accepts. */
export function isEnvName(name: string): boolean {
  return /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) && name !== '.' && !name.startsWith('..');
}

/** IANA service name, as names of ports must be: at most 15 characters, with a letter. */
export function isPortName(name: string): boolean {
  return name.length <= 15 && DNS_LABEL.test(name) && /[a-z]/.test(name) && !name.includes('--');
}

export const DNS_LABEL_RULE =
  'at most 63 lower-case letters, digits and "-", starting and ending with a letter or digit';
export const SERVICE_NAME_RULE =
  'at most 63 lower-case letters, digits and "-", starting with a letter and ending with a letter or digit';
