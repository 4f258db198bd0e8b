import type { CanaryTraits } from './traits';

/** What a release may ask of its back-end. */
export type CanaryFeature = keyof typeof CANARY_FEATURES;

/** In the words of messages and of the table in the documentation. */
export const CANARY_FEATURES = {
  weight: 'a share of the requests',
  approve: 'waiting for a person',
  pause: 'waiting for a time',
  analyse: 'analysis by Prometheus',
  scale: 'pods without requests (blue-green)',
  mirror: 'mirroring',
  header: 'requests by header, user group or region',
  cookie: 'requests by cookie',
  query: 'requests by query parameter',
  client: 'requests by the labels of the pods that send them',
  'sticky-version': 'clients that keep the version they got',
  'sticky-pod': 'clients that keep their pod',
  fault: 'failures on purpose',
  'http-route': 'exposures by HTTPRoute',
  'mesh-callers': 'callers in the mesh',
  versions: 'versions of a Service told apart by labels',
} as const;

/** The features that a release asks for, each with where. */
export function featuresOf({ steps, stickyVersion, stickyPod, lane, dyed }: CanaryTraits): Map<CanaryFeature, string> {
  const found = new Map<CanaryFeature, string>();
  const add = (feature: CanaryFeature, where: string) => {
    if (!found.has(feature)) found.set(feature, where);
  };
  for (const [at, step] of steps.entries()) {
    const where = `Step ${at + 1}`;
    if (step.type !== 'headerRoute') add(step.type, where);
    else
      for (const { headers = {}, cookies = {}, queries = {}, clients = {} } of step.matches) {
        for (const [feature, part] of Object.entries({
          header: headers,
          cookie: cookies,
          query: queries,
          client: clients,
        }))
          if (Object.keys(part).length > 0) add(feature as CanaryFeature, where);
      }
  }
  if (stickyVersion) add('sticky-version', 'stickiness');
  if (stickyPod) add('sticky-pod', 'stickiness');
  if (dyed) add('header', 'dye');
  if (lane) add('client', 'dye');
  return found;
}
