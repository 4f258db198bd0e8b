import type { HostTraffic } from '../../private/istio-host';
import { proxyDuration } from '../../private/proxy-duration';
import type { CanaryPodStickiness } from '../canary-stickiness';

/** What keeps clients at their pod among those of a version (istio/api networking/v1alpha3/destination_rule.proto, ConsistentHashLB). */
export function podStickiness(pod: CanaryPodStickiness | undefined): HostTraffic | undefined {
  if (pod === undefined) return undefined;
  const { cookie, cookieMaxAge, header, query } = pod;
  const consistentHash =
    cookie !== undefined
      ? { httpCookie: { name: cookie, ttl: cookieMaxAge === undefined ? '0s' : proxyDuration(cookieMaxAge) } }
      : header !== undefined
        ? { httpHeaderName: header.toLowerCase() }
        : query !== undefined
          ? { httpQueryParameterName: query }
          : { useSourceIp: true };
  return { by: 'the release', policy: { loadBalancer: { consistentHash } } };
}
