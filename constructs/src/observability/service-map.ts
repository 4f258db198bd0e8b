import { Construct } from 'constructs';
import { Platform } from '../platform';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import type { Finding } from '../private/service-validation';
import { webAddressFindings } from '../private/web-address';
import type { ObservabilityStack } from './observability-stack';
import { serviceMap } from './private/service-map-content';

export interface ServiceMapProps {
  /** What observes the services; the map is in its centre. */
  readonly stack: ObservabilityStack;
  /** Address of Grafana for people; dashboards are then links. @default - they are named only */
  readonly grafanaUrl?: string;
  /** Documents for whoever is told something, by what they are about: { network: 'https://wiki.example.com/network' }. @default - none */
  readonly runbooks?: { readonly [about: string]: string };
}

/**
 * What a program knows of services, for machines that look for causes: who calls whom, where they run, how good they shall be, what to do. A ConfigMap of its id in the centre of a stack, with
 * `service-map.json`.
 */
export class ServiceMap extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label; name of the ConfigMap
   */
  public constructor(scope: Construct, id: string, props: ServiceMapProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { stack } = props;
    const { centre, namespaceName: namespace } = stack._context();
    const text = () => `${JSON.stringify(serviceMap(Platform.of(this), props), null, 1)}\n`;
    placeObjects(this, {
      placement: centre,
      namespace,
      findings: () => [...addressFindings(props), ...sizeFindings(text())],
      objects: () => [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {
            name: id,
            namespace,
            labels: {
              'app.kubernetes.io/part-of': stack.node.id,
              'app.kubernetes.io/managed-by': 'orrery',
              'observability.orrery.dev/service-map': 'v1',
            },
          },
          data: { 'service-map.json': text() },
        },
      ],
    });
  }
}

function addressFindings({ grafanaUrl, runbooks = {} }: ServiceMapProps): Finding[] {
  return [
    ...(grafanaUrl === undefined ? [] : webAddressFindings(grafanaUrl, 'Grafana')),
    ...Object.values(runbooks).flatMap((url) => webAddressFindings(url, 'a runbook')),
  ];
}

/** Bytes that an API server keeps of a ConfigMap (kubernetes/kubernetes pkg/apis/core/validation/validation.go: MaxSecretSize). */
const MOST = 1024 * 1024;

function sizeFindings(text: string): Finding[] {
  const size = Buffer.byteLength(text);
  if (size < MOST) return [];
  const what = `The map of services is ${Math.ceil(size / 1024)} KiB, and a ConfigMap holds 1024.`;
  return [{ code: 'ORR2011', what, fix: 'Make a platform for each part of the services.' }];
}
