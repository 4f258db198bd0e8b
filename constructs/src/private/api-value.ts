/**
 * Properties of typed objects whose names in the API are words of a language (jsii refuses those of C#, Java, Python and Go) or have an underscore, with the names there.
 * Everything else is called what the API calls it.
 */
export const API_NAMES: ReadonlyMap<string, string> = new Map([
  ['ofType', 'type'],
  ['inNamespace', 'namespace'],
  ['comparison', 'operator'],
  ['delegateTo', 'delegate'],
  ['fromLocality', 'from'],
  ['text', 'string'],
  ['passing', 'pass'],
  ['golang', 'go'],
  ['caFile', 'ca_file'],
  ['certFile', 'cert_file'],
  ['keyFile', 'key_file'],
]);

/**
 * Properties whose members are named by the user: labels, headers, settings of plugins. Their content is taken as it is. Where a name is such a map in one
 * place and a struct in another, it stands with the property around it.
 */
export const FREE_MAPS: ReadonlySet<string> = new Set([
  ...['labels', 'annotations', 'matchLabels', 'nodeSelector', 'overhead', 'limits', 'requests'],
  ...['volumeAttributes', 'userAnnotations', 'flexVolume.options', 'queries', 'jsonBody', 'config', 'plugins'],
  ...['provider.plugin', 'additionalIngressAnnotations', 'canaryIngressAnnotations'],
  ...['match.headers', 'provider.headers', 'queryParams', 'withoutHeaders', 'sourceLabels', 'to'],
  ...['request.add', 'request.set', 'response.add', 'response.set'],
  ...['templateVariables', 'primaryScalerQueries', 'webhooks.metadata', 'Gateway.selector', 'nodeLabels'],
  'ProvisioningRequestConfig.parameters',
  ...['OpenTelemetryCollector.args', 'podAnnotations', 'extraLabels', 'scrapeClasses', 'resourceAttributes'],
  ...['customTags', 'tagOverrides'],
]);

/**
 * A typed value as the API writes it: names as there, without what is undefined.
 *
 * @param place the property that it is the value of
 * @param around the property around that one
 */
export function apiValue(value: unknown, place: string, around = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => apiValue(item, place, around));
  if (value === null || typeof value !== 'object') return value;
  if (FREE_MAPS.has(place) || FREE_MAPS.has(`${around}.${place}`)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [API_NAMES.get(name) ?? name, apiValue(member, name, place)]),
  );
}
