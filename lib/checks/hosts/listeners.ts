import { list, record } from '../../kubernetes/fields.ts';
import type { ObjectId } from '../../kubernetes/object.ts';
import type { CheckedObject } from '../check.ts';
import { hostOf } from './claim.ts';

export const GATEWAY_API = 'gateway.networking.k8s.io';

/** A listener of a Gateway of the program, or what a route says about one of a Gateway that somebody else makes. */
export interface Listener {
  /** Which one it is. Of routes with the same key and host, requests reach the same rules. */
  readonly key: string;
  /** Hosts that it serves; undefined where that is not known. */
  readonly host: string | undefined;
}

/** The Gateways of a program, to find the listeners that its routes attach to. */
export class Listeners {
  readonly #gateways = new Map<string, CheckedObject>();

  constructor(objects: readonly CheckedObject[]) {
    for (const object of objects) {
      const { group, kind, namespace, name } = object.id;
      if (group === GATEWAY_API && kind === 'Gateway') this.#gateways.set(`${namespace}/${name}`, object);
    }
  }

  /**
   * What a route attaches to by one of its `parentRefs`. Without a name of a listener that is each one that takes the route: this is known of Gateways of the program alone. Of others the
   * reference itself stands for its listeners.
   */
  attachedBy(route: ObjectId, parent: Readonly<Record<string, unknown>>): Listener[] {
    const { group = GATEWAY_API, kind = 'Gateway', name, namespace = route.namespace, sectionName, port } = parent;
    const parentKey = [group, kind, namespace, name];
    // Of a Service as parent: routes of another namespace are for the requests from there alone.
    if (group !== GATEWAY_API || kind !== 'Gateway')
      return [{ key: JSON.stringify([...parentKey, sectionName, port, route.namespace]), host: undefined }];
    const gateway = this.#gateways.get(`${String(namespace)}/${String(name)}`);
    if (gateway === undefined) return [{ key: JSON.stringify([...parentKey, sectionName, port]), host: undefined }];
    return list(record(gateway.desired.object.spec).listeners)
      .filter((one) => sectionName === undefined || one.name === sectionName)
      .filter((one) => port === undefined || one.port === port)
      .flatMap((one): Listener[] => {
        const admitted = admission(one, gateway.id, route);
        if (admitted === undefined) return [];
        return [{ key: JSON.stringify([...parentKey, one.name, ...admitted]), host: hostOf(one.hostname) }];
      });
  }
}

/** Kinds of routes by protocol, where a listener names none (Gateway API, `allowedRoutes.kinds`). */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
};

/** Undefined where a listener does not take a route. Who is chosen by labels is not known: together with their namespace, because two of one are chosen both or none. */
function admission(listener: Readonly<Record<string, unknown>>, gateway: ObjectId, route: ObjectId) {
  const { namespaces, kinds } = record(listener.allowedRoutes);
  const named = list(kinds).map(({ kind }) => kind);
  if (!(named.length > 0 ? named : (KINDS[String(listener.protocol)] ?? [])).includes(route.kind)) return undefined;
  const { from = 'Same' } = record(namespaces);
  if (from === 'All') return [];
  if (from === 'Same') return route.namespace === gateway.namespace ? [] : undefined;
  return from === 'Selector' ? [route.namespace] : undefined;
}
