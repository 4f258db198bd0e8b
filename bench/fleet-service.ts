import { type MultiClusterApp, Probe } from '@orrery/constructs';

/** A service of four objects: Deployment, Service, ServiceAccount, ConfigMap. No two of a fleet are alike. @param index of the app */
export function addFleetService(app: MultiClusterApp, index: number, clusters: number): void {
  app.addService('web', {
    image: `app-${index}:1.${index % 20}.0`,
    replicas: clusters * 2 + index,
    port: 8080,
    cpu: '100m',
    memory: '128Mi',
    config: { env: { LOG_LEVEL: 'info', APP: `app-${index}` } },
    readiness: Probe.httpGet('/ready'),
  });
}
