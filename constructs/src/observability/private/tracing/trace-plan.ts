import type {
  JaegerProps,
  KialiProps,
  MeshTracing,
  OtlpStoreProps,
  SentryProps,
  SkyWalkingProps,
  TraceCollection,
} from '../../tracing-props';
import type { StackContext } from '../stack-context';

/** Where traces and errors go. */
export type TraceStore =
  | { readonly type: 'jaeger'; readonly props: JaegerProps }
  | { readonly type: 'otlp'; readonly props: OtlpStoreProps }
  | { readonly type: 'skywalking'; readonly props: SkyWalkingProps }
  | { readonly type: 'sentry'; readonly props: SentryProps };

/** Everything that is said of traces. */
export interface TracePlan {
  readonly stores: readonly TraceStore[];
  readonly collection: TraceCollection;
  readonly mesh: MeshTracing | undefined;
  readonly kiali: KialiProps | undefined;
}

/** Id of the construct of a stack that collects traces. */
export const TRACES = 'traces';

/** Stores that collectors send spans to. */
export function spanStores({ stores }: TracePlan): readonly Exclude<TraceStore, { type: 'sentry' }>[] {
  return stores.filter((store): store is Exclude<TraceStore, { type: 'sentry' }> => store.type !== 'sentry');
}

/** Names of what is made in the namespace of the stack. The operator adds "-collector" to those of its Services. */
export function traceNames({ name, namespaceName }: StackContext) {
  const service = (collector: string) => `${collector}-collector.${namespaceName}.svc.cluster.local`;
  const gateway = `${name}-traces`;
  return {
    gateway,
    gatewayHost: service(gateway),
    decider: `${name}-traces-decider`,
    jaeger: `${name}-jaeger`,
    jaegerHost: service(`${name}-jaeger`),
    skyWalking: `${name}-skywalking`,
    skyWalkingHost: `${name}-skywalking-oap.${namespaceName}.svc.cluster.local`,
    instrumentation: name,
    meshConfig: `${name}-mesh`,
    traceProvider: `${name}-traces`,
    logProvider: `${name}-access-log`,
  };
}

/** Share of traces that there are at all. */
export function headShare({ collection: { share, keeping } }: TracePlan): number {
  return share ?? (keeping === undefined ? 0.1 : 1);
}
