import type { Cluster } from '../cluster';
import { LoadBalancerKind, Provider } from '../cluster-facts';
import { ExposureScheme } from '../entry-points';
import { entryFact, entryPoint } from './exposure-rules';
import type { Finding } from './service-validation';

/** What makes a Service of type LoadBalancer (or the one behind a Gateway) get an address of a scheme in a cluster. */
export interface LoadBalancing {
  readonly annotations: { readonly [key: string]: string };
  readonly loadBalancerClass?: string;
}

type ByScheme = { readonly [S in ExposureScheme]?: { readonly [key: string]: string } };

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';

/**
 * Annotations by provider. Those for internal addresses: Kubernetes' page "Service", section "Internal load balancer" (kubernetes/website:
 * content/en/docs/concepts/services-networking/service.md); without them these providers give an address that the internet reaches. AWS besides: aws-load-balancer-controller,
 * guide/service/annotations and guide/service/nlb, where internal is the default; its older form is added because the provider's own controller knows only that
 * (kubernetes/cloud-provider-aws: docs/service_controller.md). Tencent: an internal address needs the id of a subnet (TKE, "Service Annotation"), so that one has to be declared.
 * Huawei, Volcengine and others need ids or sizes for every address.
 */
const KNOWN: ReadonlyMap<Provider | undefined, ByScheme> = new Map([
  [
    Provider.AWS,
    {
      [ExposureScheme.INTERNAL]: { [`${AWS}-scheme`]: 'internal', [`${AWS}-internal`]: 'true' },
      [ExposureScheme.INTERNET_FACING]: { [`${AWS}-scheme`]: 'internet-facing' },
    },
  ],
  [Provider.AZURE, internalBy('service.beta.kubernetes.io/azure-load-balancer-internal', 'true')],
  [Provider.GOOGLE_CLOUD, internalBy('networking.gke.io/load-balancer-type', 'Internal')],
  [Provider.OPENSTACK, internalBy('service.beta.kubernetes.io/openstack-internal-load-balancer', 'true')],
  [Provider.ORACLE_CLOUD, internalBy('service.beta.kubernetes.io/oci-load-balancer-internal', 'true')],
  [Provider.TENCENT_CLOUD, { [ExposureScheme.INTERNET_FACING]: {} }],
  [
    Provider.ALIBABA_CLOUD,
    {
      [ExposureScheme.INTERNAL]: {
        'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': 'intranet',
      },
      [ExposureScheme.INTERNET_FACING]: {
        'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': 'internet',
      },
    },
  ],
  [
    Provider.IBM_CLOUD,
    {
      [ExposureScheme.INTERNAL]: { 'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': 'private' },
      [ExposureScheme.INTERNET_FACING]: {
        'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': 'public',
      },
    },
  ],
]);

/** Those of some annotations that give an address which the internet reaches, whatever else is said. */
export function internetMarks(annotations: { readonly [key: string]: string }): string[] {
  const marks = [...KNOWN.values()].flatMap((known) => Object.entries(known[ExposureScheme.INTERNET_FACING] ?? {}));
  return marks.flatMap(([key, value]) => (annotations[key] === value ? [`${key}: ${value}`] : []));
}

function internalBy(key: string, value: string): ByScheme {
  return { [ExposureScheme.INTERNAL]: { [key]: value }, [ExposureScheme.INTERNET_FACING]: {} };
}

/**
 * How a cluster gives addresses of a scheme to Services of type LoadBalancer, or why that is not known. What the facts declare wins over what the provider documents. With a
 * pool of addresses it has to be named, because without its name the controller takes an address of any pool, also of one that the internet reaches.
 */
export function loadBalancing(cluster: Cluster, scheme: ExposureScheme): LoadBalancing | Finding {
  const { loadBalancer, provider } = cluster.facts;
  const { addressPool, announcement, loadBalancerClass, loadBalancerAnnotations } = entryPoint(cluster, scheme);
  const fact = `entryPoints.${entryFact(scheme)}`;
  const unknown = (what: string, fix: string): Finding => ({ code: 'ORR2013', what, fix });
  const by = (annotations: { readonly [key: string]: string }): LoadBalancing => ({
    annotations: loadBalancerAnnotations ?? annotations,
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
  });
  if (loadBalancer === undefined) {
    const what = `No fact of cluster "${cluster}" says what gives Services of type LoadBalancer their address.`;
    return unknown(what, 'Add loadBalancer to the facts of the cluster.');
  }
  if (loadBalancer === LoadBalancerKind.NONE) {
    const what = `In cluster "${cluster}" nothing gives Services of type LoadBalancer an address (loadBalancer: none).`;
    return {
      code: 'ORR2012',
      what,
      fix: 'Expose the service there by an Ingress or a route, or by exposeIn elsewhere.',
    };
  }
  if (loadBalancerAnnotations !== undefined) return by(loadBalancerAnnotations);
  if (loadBalancer === LoadBalancerKind.METALLB || loadBalancer === LoadBalancerKind.OPENELB) {
    if (addressPool === undefined) {
      const what = `No fact of cluster "${cluster}" says from which pool ${loadBalancer} takes ${scheme} addresses.`;
      return unknown(what, `Add ${fact}: { addressPool: '…' } to the facts of the cluster.`);
    }
    // metallb/metallb: website/content/usage, "Requesting specific pools".
    if (loadBalancer === LoadBalancerKind.METALLB) return by({ 'metallb.io/address-pool': addressPool });
    if (announcement === undefined) {
      const what = `No fact of cluster "${cluster}" says how openelb announces the addresses of pool "${addressPool}".`;
      return unknown(what, `Add ${fact}: { announcement: … } to the facts of the cluster.`);
    }
    // openelb/openelb: pkg/constant/constants.go. Releases before 0.6 ask for the protocol, too.
    return by({
      'lb.kubesphere.io/v1alpha1': 'openelb',
      'eip.openelb.kubesphere.io/v1alpha2': addressPool,
      'protocol.openelb.kubesphere.io/v1alpha1': announcement,
    });
  }
  const known = loadBalancer === LoadBalancerKind.CLOUD ? KNOWN.get(provider)?.[scheme] : undefined;
  if (known !== undefined) return by(known);
  const whose =
    loadBalancer !== LoadBalancerKind.CLOUD
      ? `load balancer ${loadBalancer}`
      : provider === undefined
        ? 'an unknown provider'
        : `provider ${provider}`;
  const what = `Cluster "${cluster}" is one of ${whose}, of which no annotation for ${scheme} addresses is known.`;
  return unknown(
    what,
    `Add ${fact}: { loadBalancerAnnotations: { … } } to the facts of the cluster, {} where none is needed.`,
  );
}
