import type { StackContext } from './private/stack-context';
import { installTracing } from './private/tracing/install-tracing';
import { spanStores, type TracePlan, type TraceStore } from './private/tracing/trace-plan';
import type {
  JaegerProps,
  KialiProps,
  MeshTracing,
  OtlpStoreProps,
  SentryProps,
  SkyWalkingProps,
  TraceCollection,
} from './tracing-props';

/** Traces of requests, errors of front-ends, and who calls whom. Made of stores, which may be several, and what is said of the way to them. */
export class Tracing {
  /** Traces go to a Jaeger in the centre. */
  public static jaeger(props: JaegerProps): Tracing {
    return Tracing.to({ type: 'jaeger', props });
  }

  /** Traces go to something that is there already and speaks OTLP. */
  public static otlp(props: OtlpStoreProps): Tracing {
    return Tracing.to({ type: 'otlp', props });
  }

  /** Traces go to a SkyWalking in the centre. */
  public static skyWalking(props: SkyWalkingProps = {}): Tracing {
    return Tracing.to({ type: 'skywalking', props });
  }

  /** Errors of front-ends go to a Sentry in the centre; browsers send them themselves. */
  public static sentry(props: SentryProps): Tracing {
    return Tracing.to({ type: 'sentry', props });
  }

  private static to(store: TraceStore): Tracing {
    return new Tracing({ stores: [store], collection: {}, mesh: undefined, kiali: undefined });
  }

  private constructor(private readonly plan: TracePlan) {}

  /** The same, and to another store, too. What the other says of the way there is over what this one says. */
  public alsoTo(other: Tracing): Tracing {
    const { stores, collection, mesh, kiali } = other.plan;
    return new Tracing({
      stores: [...this.plan.stores, ...stores],
      collection: { ...this.plan.collection, ...collection },
      mesh: mesh ?? this.plan.mesh,
      kiali: kiali ?? this.plan.kiali,
    });
  }

  /** How traces come from the clusters to their stores, and which. */
  public collectedBy(collection: TraceCollection): Tracing {
    return new Tracing({ ...this.plan, collection: { ...this.plan.collection, ...collection } });
  }

  /** Proxies of a mesh of Istio tell of requests, with their ids. istiod needs the values that `stack.istiodValues()` gives. */
  public throughMesh(mesh: MeshTracing = {}): Tracing {
    return new Tracing({ ...this.plan, mesh });
  }

  /** A Kiali shows who calls whom in the mesh. */
  public withKiali(kiali: KialiProps = {}): Tracing {
    return new Tracing({ ...this.plan, kiali });
  }

  /**
   * Makes what it needs in a stack.
   * @internal
   */
  public _join(stack: StackContext): void {
    installTracing(stack, this.plan);
  }

  /** @internal */
  public _plan(): TracePlan {
    return this.plan;
  }

  /**
   * Whether anything takes traces.
   * @internal
   */
  public _collects(): boolean {
    return spanStores(this.plan).length > 0;
  }
}
