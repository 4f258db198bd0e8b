import type { Json, KubernetesObject } from '../../lib/kubernetes/object.ts';

/** Names below `spec` of a Kiali (kiali/kiali-operator crd-docs/cr/kiali.io_v1alpha1_kiali.yaml), those that we write and some beside them; true: a value. */
const NAMES: Names = {
  auth: { strategy: true, openid: {} },
  deployment: { cluster_wide_access: true, instance_name: true, replicas: true, view_only_mode: true },
  external_services: {
    grafana: { datasource_uid: true, enabled: true, external_url: true, internal_url: true },
    prometheus: { cache_enabled: true, health_check_url: true, url: true },
    tracing: {
      ...{ enabled: true, external_url: true, internal_url: true, namespace_selector: true },
      ...{ provider: true, query_timeout: true, use_grpc: true },
    },
  },
  server: { web_root: true },
};

interface Names {
  readonly [name: string]: true | Names;
}

/** The first name of a Kiali that the operator would not look at; '' where there is none. */
export function unknownInKiali(object: KubernetesObject): string {
  return unknownIn((object as unknown as { readonly spec: Json }).spec, NAMES, 'spec');
}

function unknownIn(value: Json, names: Names, at: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is no map.`;
  for (const [name, member = null] of Object.entries(value)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined) return `${at}.${name} is unknown.`;
    const inner = known === true ? '' : unknownIn(member, known, `${at}.${name}`);
    if (inner !== '') return inner;
  }
  return '';
}
