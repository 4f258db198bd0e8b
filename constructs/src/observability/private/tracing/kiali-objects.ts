import { Construct } from 'constructs';
import { HelmRelease } from '../../../helm-release';
import { placeObjects } from '../../../private/placed-objects';
import type { Finding } from '../../../private/service-validation';
import { KialiLogin, type KialiProps } from '../../tracing-props';
import type { StackContext } from '../stack-context';
import { JAEGER_PAGES } from './jaeger-collector';
import { ISTIO_SYSTEM } from './mesh-objects';
import { tracingLabels } from './trace-collectors';
import { type TracePlan, traceNames } from './trace-plan';

/** Who calls whom: the operator by its chart, and a Kiali that it keeps (kiali/kiali-operator crd-docs/cr/kiali.io_v1alpha1_kiali.yaml). */
export function installKiali(stack: StackContext, plan: TracePlan, props: KialiProps): void {
  const { placement = stack.centre, namespaceName: namespace = ISTIO_SYSTEM } = props;
  const operator = new HelmRelease(stack.scope, 'kiali-operator', {
    chart: 'kiali-operator',
    repository: 'https://kiali.org/helm-charts',
    version: '2.29.0',
    releaseName: `${stack.name}-kiali-operator`,
    namespaceName: stack.namespaceName,
    placement,
    values: { onlyViewOnlyMode: props.mayChange !== true },
  });
  const kiali = new Construct(stack.scope, 'kiali');
  kiali.node.addDependency(operator);
  placeObjects(kiali, {
    placement,
    namespace,
    findings: () => (prometheusUrl(stack, props) === undefined ? [NO_PROMETHEUS] : []),
    objects: () => [kialiObject(stack, plan, props, namespace)],
  });
}

const NO_PROMETHEUS: Finding = {
  code: 'ORR2013',
  what: 'Kiali draws who calls whom from metrics, and nothing says where Prometheus is.',
  fix: 'Set prometheusUrl, or give the stack metrics.',
};

function prometheusUrl(stack: StackContext, { prometheusUrl: own }: KialiProps): string | undefined {
  if (own !== undefined) return own;
  const asked = stack.datasources().filter(({ type }) => type === 'prometheus');
  return (asked.find(({ isDefault }) => isDefault === true) ?? asked[0])?.url;
}

function kialiObject(stack: StackContext, plan: TracePlan, props: KialiProps, namespace: string): object {
  const { login = KialiLogin.TOKEN, mayChange = false, grafanaUrl } = props;
  const jaeger = plan.stores.find(({ type }) => type === 'jaeger');
  const pages = jaeger?.type === 'jaeger' ? jaeger.props.url : undefined;
  return {
    apiVersion: 'kiali.io/v1alpha1',
    kind: 'Kiali',
    metadata: { name: 'kiali', namespace, labels: tracingLabels(stack) },
    spec: {
      auth: { strategy: login },
      deployment: { cluster_wide_access: true, view_only_mode: !mayChange },
      external_services: {
        prometheus: { url: prometheusUrl(stack, props) ?? '' },
        grafana:
          grafanaUrl === undefined
            ? { enabled: false }
            : { enabled: true, internal_url: grafanaUrl, external_url: grafanaUrl },
        tracing:
          jaeger === undefined
            ? { enabled: false }
            : {
                enabled: true,
                provider: 'jaeger',
                internal_url: `http://${traceNames(stack).jaegerHost}:${JAEGER_PAGES}`,
                use_grpc: false,
                ...(pages === undefined ? {} : { external_url: pages }),
              },
      },
    },
  };
}
