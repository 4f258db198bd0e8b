import {
  ClusterSet,
  DeadMansSwitch,
  Placement,
  ServiceLevelIndicator,
  ServiceLevelObjective,
} from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'objectives of services and the alerts that tell of them',
  crds: ['monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml'],
  kinds: ['PrometheusRule'],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh');
    clusters.add('prod-gz');
    const place = {
      placement: Placement.everywhere(),
      namespaceName: 'mall',
      selectedBy: { release: 'monitoring' },
    };
    const requests = { serviceName: 'cart', namespaceName: 'mall' };
    new ServiceLevelObjective(platform, 'cart', {
      ...place,
      objective: 0.999,
      sli: ServiceLevelIndicator.istioAvailability(requests),
      labels: { team: 'shop' },
      pageLabels: { severity: 'critical' },
      description: 'Customers cannot fill their carts.',
      runbookUrl: 'https://wiki.example.com/runbooks/cart',
      missingFor: '1h',
    });
    new ServiceLevelObjective(platform, 'cart-in-time', {
      ...place,
      objective: 0.99,
      sli: ServiceLevelIndicator.istioLatency({ ...requests, within: '500ms' }),
      period: '4w',
    });
    new DeadMansSwitch(platform, 'watchdog', place);
  },
} satisfies AcceptedCase;
