import { ApiObject, ApiObjectMetadataDefinition, type App } from 'cdk8s';
import type { JsonValue } from '../assembly-format';
import { type Offence, PlainData } from './plain-data';

/** An object as JSON with sorted keys. */
export interface ResolvedObject {
  readonly json: { readonly [key: string]: JsonValue };
  /** JSON.stringify would not be canonical (facts: JavaScript moves keys like "8080" to the front). */
  readonly integerKeys: boolean;
}

/** Members of cdk8s classes that its declarations keep private. */
interface ApiObjectInside {
  readonly props?: Record<string, unknown>;
  readonly patches?: readonly unknown[];
}
interface MetadataInside {
  readonly _additionalAttributes?: Record<string, unknown>;
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Record<string, unknown>;
  readonly finalizers?: readonly unknown[];
  readonly ownerReferences?: readonly unknown[];
  readonly labels?: Record<string, unknown>;
}

/** cdk8s adds three resolvers of its own (Lazy, implicit tokens, IntOrString); more than these are the program's. */
const BUILT_IN_RESOLVERS = 3;

/**
 * Resolves the objects of one cluster. Plain data is copied by us: cdk8s's `toJson` walks to the root of the tree and allocates a context
 * for every value. `toJson` itself is called where a class overrides it, where patches, tokens or resolvers are present, and where the
 * insides of the class are not what we know, so that the result is always cdk8s's.
 */
export class ObjectResolver {
  private readonly plain = new PlainData(true);
  private readonly rendered = new PlainData(false);
  private readonly customResolvers: boolean;

  public constructor(app: App) {
    this.customResolvers = app.resolvers.length !== BUILT_IN_RESOLVERS;
  }

  /** @throws whatever `toJson` throws; returns an offence where the result is not JSON. */
  public resolve(object: ApiObject): ResolvedObject | Offence {
    const fast = this.customResolvers ? undefined : this.resolvePlain(object);
    if (fast !== undefined) return fast;
    const { offence } = this.plain;
    // No token that cdk8s could resolve, and it would follow a circle to the end of the stack.
    if (offence !== undefined && offence.type === '') return offence;
    try {
      return this.resolveRendered(object.toJson());
    } catch (error) {
      // cdk8s says the type of what it cannot render, but not where it stands.
      if (offence !== undefined && String(error).includes(`non-simple object of type '${offence.type}'`))
        return offence;
      throw error;
    }
  }

  /** Sorts and checks what was rendered already; members that are null survive. */
  public resolveRendered(value: unknown): ResolvedObject | Offence {
    const json = this.rendered.copy(value);
    if (this.rendered.offence !== undefined) return this.rendered.offence;
    if (json === null || typeof json !== 'object' || Array.isArray(json))
      return { what: 'no object', type: '', path: [] };
    return { json: json as ResolvedObject['json'], integerKeys: this.rendered.integerKeys };
  }

  private resolvePlain(object: ApiObject): ResolvedObject | undefined {
    this.plain.forget();
    const inside = object as unknown as ApiObjectInside;
    const metadata = object.metadata as unknown as MetadataInside;
    if (object.toJson !== ApiObject.prototype.toJson || inside.props === undefined) return undefined;
    if (inside.patches === undefined || inside.patches.length > 0) return undefined;
    if (object.metadata.toJson !== ApiObjectMetadataDefinition.prototype.toJson) return undefined;
    if (metadata._additionalAttributes === undefined) return undefined;

    const json = this.plain.copyWithMetadata(inside.props, {
      ...metadata._additionalAttributes,
      name: metadata.name,
      namespace: metadata.namespace,
      annotations: metadata.annotations,
      finalizers: metadata.finalizers,
      ownerReferences: metadata.ownerReferences,
      labels: metadata.labels,
    });
    return this.plain.offence === undefined ? { json, integerKeys: this.plain.integerKeys } : undefined;
  }
}

export function isOffence(result: ResolvedObject | Offence): result is Offence {
  return 'what' in result && !('json' in result);
}
