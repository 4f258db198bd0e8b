import { list, record } from '../kubernetes/fields.ts';
import { describeId } from '../kubernetes/object.ts';
import type { CheckedObject, ClusterCheck, Found } from './check.ts';

/** Two Ingresses of a cluster that both want the requests for one host and path: which of them gets them is left to the controller. */
export const hosts: ClusterCheck = {
  looksAt: 'cluster',
  id: 'host',
  title: 'hosts and paths that two Ingresses claim',
  run: ({ objects }) => {
    const claimed = new Map<string, CheckedObject>();
    return objects.flatMap((object) =>
      routesOf(object).flatMap(({ key, words, field }): Found[] => {
        const other = claimed.get(key);
        claimed.set(key, other ?? object);
        if (other === undefined || other === object) return [];
        return [
          {
            object,
            severity: 'warning',
            field,
            what: `${describeId(other.id)} claims ${words} as well: which of them is asked is not defined.`,
            fix: 'Give one of them another host or path, or put both routes into one Ingress.',
          },
        ];
      }),
    );
  },
};

interface Route {
  readonly key: string;
  readonly words: string;
  readonly field: string;
}

function routesOf({ id, desired }: CheckedObject): Route[] {
  if (id.group !== 'networking.k8s.io' || id.kind !== 'Ingress') return [];
  const { metadata } = desired.object;
  const annotations = record(metadata.annotations);
  // A canary of ingress-nginx stands beside the Ingress that it takes a part of the requests from.
  if (annotations['nginx.ingress.kubernetes.io/canary'] === 'true') return [];
  const spec = record(desired.object.spec);
  const ingressClass = spec.ingressClassName ?? annotations['kubernetes.io/ingress.class'] ?? '';
  return list(spec.rules).flatMap((rule, at) =>
    list(record(rule.http).paths).map(({ path = '/', pathType }, part) => {
      const host = typeof rule.host === 'string' && rule.host !== '' ? rule.host : '*';
      return {
        key: JSON.stringify([ingressClass, host, path, pathType]),
        words: `${host === '*' ? 'every host' : host} ${String(path)}`,
        field: `spec.rules[${at}].http.paths[${part}]`,
      };
    }),
  );
}
