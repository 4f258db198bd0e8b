import { MetricStore } from '@orrery/constructs';
import { observe, THANOS } from '../observability/observed-fleet.ts';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'Thanos in the centre, its ruler, and monitors of components',
  crds: [
    'monitoring.thanos.io',
    'monitoring.coreos.com/thanosrulers.monitoring.coreos.com.yaml',
    'monitoring.coreos.com/servicemonitors.monitoring.coreos.com.yaml',
    'monitoring.coreos.com/podmonitors.monitoring.coreos.com.yaml',
  ],
  kinds: [
    'ThanosReceive',
    'ThanosQuery',
    'ThanosStore',
    'ThanosCompact',
    'ThanosRuler',
    'ServiceMonitor',
    'PodMonitor',
  ],
  program(platform) {
    observe(platform, MetricStore.thanos(THANOS));
  },
} satisfies AcceptedCase;
