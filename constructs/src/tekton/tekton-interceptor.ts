import type { SecretKey } from '../service-props';

/** A value that CEL works out and adds to an event: "$(extensions.<key>)". */
export interface TektonOverlay {
  /** Name under `extensions`. */
  readonly key: string;
  /** CEL, e.g. "body.pull_request.head.sha.truncate(7)". */
  readonly expression: string;
}

interface Described {
  readonly ref: { readonly name: string; readonly kind: string };
  readonly params?: readonly { readonly name: string; readonly value: unknown }[];
}

/** Looks at an event before a run is made of it: lets it pass, stops it, or adds values. */
export class TektonInterceptor {
  /**
   * Webhooks of GitHub. With a secret, only those whose signature (`X-Hub-Signature-256`) is right pass.
   * @param events e.g. "push", "pull_request"
   */
  public static gitHub(secret: SecretKey, ...events: string[]): TektonInterceptor {
    return TektonInterceptor.forge('github', secret, events);
  }

  /** Webhooks of GitLab, by their token. @param events e.g. "Push Hook", "Merge Request Hook" */
  public static gitLab(secret: SecretKey, ...events: string[]): TektonInterceptor {
    return TektonInterceptor.forge('gitlab', secret, events);
  }

  /** Webhooks of Bitbucket Server, by their signature. @param events e.g. "repo:refs_changed", "pr:opened" */
  public static bitbucket(secret: SecretKey, ...events: string[]): TektonInterceptor {
    return TektonInterceptor.forge('bitbucket', secret, events);
  }

  /** Lets events pass for which CEL says true, e.g. "body.ref == 'refs/heads/main'", and adds values to them. */
  public static cel(filter: string, overlays?: TektonOverlay[]): TektonInterceptor {
    const added = (overlays ?? []).map(({ key, expression }) => ({ key, expression }));
    const params = [
      ...(filter === '' ? [] : [{ name: 'filter', value: filter }]),
      ...(added.length === 0 ? [] : [{ name: 'overlays', value: added }]),
    ];
    return new TektonInterceptor({ ref: { name: 'cel', kind: 'ClusterInterceptor' }, params });
  }

  /** A ClusterInterceptor by its name. @param settings texts that it takes */
  public static ofCluster(name: string, settings?: { [name: string]: string }): TektonInterceptor {
    return new TektonInterceptor(described('ClusterInterceptor', name, settings));
  }

  /** An Interceptor of the namespace by its name. @param settings texts that it takes */
  public static ofNamespace(name: string, settings?: { [name: string]: string }): TektonInterceptor {
    return new TektonInterceptor(described('NamespacedInterceptor', name, settings));
  }

  private static forge(name: string, { secret, key }: SecretKey, events: readonly string[]): TektonInterceptor {
    const params = [
      { name: 'secretRef', value: { secretName: secret, secretKey: key } },
      ...(events.length === 0 ? [] : [{ name: 'eventTypes', value: events }]),
    ];
    return new TektonInterceptor({ ref: { name, kind: 'ClusterInterceptor' }, params });
  }

  private constructor(private readonly interceptor: Described) {}

  /** @internal */
  public get _interceptor(): Described {
    return this.interceptor;
  }
}

function described(kind: string, name: string, params: { readonly [name: string]: string } = {}): Described {
  const list = Object.entries(params).map(([param, value]) => ({ name: param, value }));
  return { ref: { name, kind }, ...(list.length === 0 ? {} : { params: list }) };
}
