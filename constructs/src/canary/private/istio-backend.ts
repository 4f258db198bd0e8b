import { CanaryBackend } from '../canary-backend';
import type { CanaryBackendRules } from './backend';
import type { CanaryFeature } from './features';
import { ownServiceWorlds } from './own-service-worlds';

const CAN: readonly CanaryFeature[] = [
  'weight',
  'approve',
  'pause',
  'analyse',
  'scale',
  'mirror',
  'header',
  'cookie',
  'query',
  'client',
  'sticky-version',
  'sticky-pod',
  'fault',
  'http-route',
  'mesh-callers',
  'versions',
];

/** The mesh, whose routes our own engine moves step by step. */
export const ISTIO_BACKEND: CanaryBackendRules = {
  backend: CanaryBackend.ISTIO,
  title: 'plain Istio',
  apiVersion: 'networking.istio.io/v1',
  can: new Set(CAN),
  isMovedByOrrery: true,
  worlds: (release) => ownServiceWorlds(release, { mesh: true }),
};
