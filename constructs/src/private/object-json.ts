import { ApiObject, ApiObjectMetadataDefinition, type App } from 'cdk8s';
import { type FlatJson, MAP, type Offence } from './flat-json';

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
 * Resolves the objects of one cluster. Plain data is taken as it is: cdk8s's `toJson` walks to the root of the tree and allocates a context
 * for every value. `toJson` itself is called where a class overrides it, where patches, tokens or resolvers are present, and where the
 * insides of the class are not what we know, so that the result is always cdk8s's.
 */
export class ObjectResolver {
  private readonly customResolvers: boolean;

  public constructor(app: App) {
    this.customResolvers = app.resolvers.length !== BUILT_IN_RESOLVERS;
  }

  /**
   * Fills in the object of a construct, or returns why it is not JSON.
   * @throws whatever `toJson` throws
   */
  public resolve(object: ApiObject, into: FlatJson): Offence | undefined {
    into.reset();
    if (!this.customResolvers && fillPlain(object, into)) return undefined;
    const { offence } = into;
    // No token that cdk8s could resolve, and it would follow a circle to the end of the stack.
    if (offence !== undefined && offence.type === '') return offence;
    try {
      return fillRendered(object.toJson(), into);
    } catch (error) {
      // cdk8s says the type of what it cannot render, but not where it stands.
      if (offence !== undefined && String(error).includes(`non-simple object of type '${offence.type}'`))
        return offence;
      throw error;
    }
  }
}

/** Fills in what was rendered already, members that are null included, or returns why it is not JSON. */
export function fillRendered(value: unknown, into: FlatJson): Offence | undefined {
  const { offence } = into.fill(value);
  if (offence !== undefined) return offence;
  return into.kindAt(0) === MAP ? undefined : { what: 'no object', type: '', path: [] };
}

/** False where only cdk8s knows, or something is not plain: then `into` has the offence. */
function fillPlain(object: ApiObject, into: FlatJson): boolean {
  const inside = object as unknown as ApiObjectInside;
  const metadata = object.metadata as unknown as MetadataInside;
  if (object.toJson !== ApiObject.prototype.toJson || inside.props === undefined) return false;
  if (inside.patches === undefined || inside.patches.length > 0) return false;
  if (object.metadata.toJson !== ApiObjectMetadataDefinition.prototype.toJson) return false;
  if (metadata._additionalAttributes === undefined) return false;

  const { annotations, finalizers, labels, name, namespace, ownerReferences, _additionalAttributes: more } = metadata;
  const known = { annotations, finalizers, labels, name, namespace, ownerReferences };
  into.fillWithMetadata(inside.props, hasOnlyKeysOf(known, more) ? known : { ...more, ...known });
  return into.offence === undefined;
}

/** cdk8s keeps the options that it took the known ones from, too. */
function hasOnlyKeysOf(known: object, more: object): boolean {
  for (const key in more) if (!(key in known)) return false;
  return true;
}
