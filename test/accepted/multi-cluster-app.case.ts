import { AccessMode, ClusterSet, MultiClusterApp, Placement, Probe, Survive, TopologyDomain } from '@orrery/constructs';
import type { AcceptedCase } from './accepted-case.ts';

export default {
  title: 'a service with all that a service may have',
  crds: [],
  kinds: [
    'Namespace',
    'ServiceAccount',
    'ConfigMap',
    'PersistentVolumeClaim',
    'Deployment',
    'Service',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
  ],
  program(platform) {
    const clusters = new ClusterSet(platform, 'clusters');
    clusters.add('prod-sh', { storageClasses: { fast: 'nas-fast' }, imageRegistry: 'registry.sh.example.com' });
    clusters.add('prod-gz', { storageClasses: { fast: 'csi-neonsan' }, registryMirror: 'registry.gz.example.com' });
    const mall = new MultiClusterApp(platform, 'mall', {
      placement: Placement.weighted({ 'prod-sh': 2, 'prod-gz': 1 }),
      labels: { team: 'retail' },
    });
    mall.addService('cart', {
      image: 'mall/cart:4.12.0',
      autoscaling: { minReplicas: 6, maxReplicas: 24, cpuPercent: 65, memoryPercent: 80 },
      survive: Survive.ANY_CLUSTER,
      ports: [
        { name: 'http', port: 80, targetPort: 8080, appProtocol: 'kubernetes.io/h2c' },
        { name: 'metrics', port: 9090 },
      ],
      command: ['/app/cart'],
      args: ['--verbose'],
      env: { LOG_LEVEL: 'info' },
      secretEnv: { PASSWORD: { secret: 'cart', key: 'password', optional: true } },
      secretVolumes: [{ secret: 'keys', mountPath: '/etc/keys', items: { tls: 'tls.pem' } }],
      config: { env: { REGION: 'cn' }, files: { 'cart.yaml': 'currency: CNY\n' } },
      cpu: '500m',
      memory: '512Mi',
      cpuLimit: '1',
      readiness: Probe.httpGet('/ready', { port: 8080, periodSeconds: 5 }),
      liveness: Probe.tcp({ port: 8080 }),
      startup: Probe.command(['/app/started']),
      volumes: [
        {
          name: 'uploads',
          mountPath: '/uploads',
          size: '20Gi',
          purpose: 'fast',
          accessMode: AccessMode.READ_WRITE_MANY,
        },
      ],
      scratch: [{ mountPath: '/tmp', sizeLimit: '64Mi', inMemory: true }],
      serviceAccount: { annotations: { 'example.com/role': 'cart' }, mountToken: true },
      disruptionBudget: { minAvailable: '50%' },
      spread: [{ over: TopologyDomain.ZONE, required: true }],
      runAsUser: 10001,
      fsGroup: 10001,
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'dedicated', value: 'retail', effect: 'NoSchedule' }],
      priorityClass: 'checkout-critical',
      terminationGracePeriodSeconds: 60,
      imagePullSecrets: ['registry'],
      podLabels: { tier: 'front' },
      podAnnotations: { 'example.com/scrape': 'true' },
      serviceAnnotations: { 'example.com/owner': 'retail' },
    });
  },
} satisfies AcceptedCase;
