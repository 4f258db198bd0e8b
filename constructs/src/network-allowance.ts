import { isCidr } from './private/cidr';
import { isDnsLabel } from './private/names';
import { WORKSPACE_LABEL } from './private/workspace-namespaces';
import { Protocol } from './service-props';

/** What of the traffic is allowed. */
export interface NetworkAllowanceOptions {
  /** Ports of whoever is connected to. @default - all */
  readonly ports?: number[];
  /** Protocol of the ports. @default Protocol.TCP */
  readonly protocol?: Protocol;
}

/** The same for addresses. */
export interface CidrAllowanceOptions extends NetworkAllowanceOptions {
  /** Ranges inside the range that are not allowed. @default - none */
  readonly excluding?: string[];
}

/** Traffic that pods of a workspace may have although everything else is refused. */
export class NetworkAllowance {
  /** Between pods of the same namespace. */
  public static withinNamespace(): NetworkAllowance {
    return new NetworkAllowance('within-namespace', ['ingress', 'egress'], () => ({ podSelector: {} }));
  }

  /** Between pods of all namespaces of the workspace in the same cluster. */
  public static withinWorkspace(): NetworkAllowance {
    return new NetworkAllowance('within-workspace', ['ingress', 'egress'], (owner) => ({
      namespaceSelector: { matchLabels: { [WORKSPACE_LABEL]: owner } },
    }));
  }

  /** To port 53 of the pods in kube-system: names are resolved. A DNS cache on the nodes has an address: allow that by `toCidr`. */
  public static dns(): NetworkAllowance {
    const ports = [Protocol.UDP, Protocol.TCP].map((protocol) => ({ port: 53, protocol }));
    return new NetworkAllowance('dns', ['egress'], () => inNamespace('kube-system'), [], ports);
  }

  /** From the pods of a namespace, e.g. that of the ingress controller or of the monitoring. */
  public static fromNamespace(name: string, options: NetworkAllowanceOptions = {}): NetworkAllowance {
    return NetworkAllowance.namespace('from', 'ingress', name, options);
  }

  /** To the pods of a namespace, e.g. that of a database. */
  public static toNamespace(name: string, options: NetworkAllowanceOptions = {}): NetworkAllowance {
    return NetworkAllowance.namespace('to', 'egress', name, options);
  }

  /** From addresses. @param cidr e.g. "10.8.0.0/16" */
  public static fromCidr(cidr: string, options: CidrAllowanceOptions = {}): NetworkAllowance {
    return NetworkAllowance.addresses('from', 'ingress', cidr, options);
  }

  /** To addresses. @param cidr e.g. "203.0.113.7/32" */
  public static toCidr(cidr: string, options: CidrAllowanceOptions = {}): NetworkAllowance {
    return NetworkAllowance.addresses('to', 'egress', cidr, options);
  }

  private static namespace(
    word: string,
    direction: Direction,
    name: string,
    options: NetworkAllowanceOptions,
  ): NetworkAllowance {
    const mistakes = [...(isDnsLabel(name) ? [] : [`"${name}" is not a valid namespace`]), ...portMistakes(options)];
    return new NetworkAllowance(`${word}-${name}`, [direction], () => inNamespace(name), mistakes, portsOf(options));
  }

  private static addresses(
    word: string,
    direction: Direction,
    cidr: string,
    options: CidrAllowanceOptions,
  ): NetworkAllowance {
    const { excluding = [] } = options;
    const wrong = [cidr, ...excluding].filter((range) => !isCidr(range));
    const mistakes = [...wrong.map((range) => `"${range}" is no range of addresses`), ...portMistakes(options)];
    const ipBlock = { cidr, ...(excluding.length === 0 ? {} : { except: excluding }) };
    const name = `${word}-${cidr
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-/, '0-')}`;
    return new NetworkAllowance(name, [direction], () => ({ ipBlock }), mistakes, portsOf(options));
  }

  private constructor(
    private readonly what: string,
    private readonly directions: readonly Direction[],
    private readonly peer: (owner: string) => object,
    private readonly mistakes: readonly string[] = [],
    private readonly ports: readonly { readonly port: number; readonly protocol: string }[] = [],
  ) {}

  /**
   * What is wrong with it, in clauses.
   * @internal
   */
  public _mistakes(): readonly string[] {
    return this.mistakes;
  }

  /**
   * Name of the policy; says all that it allows but exceptions.
   * @internal
   */
  public _name(): string {
    const ports = this.what === 'dns' ? [] : this.ports;
    const protocol = ports.length === 0 ? '' : `-${ports[0]?.protocol.toLowerCase()}`;
    return `allow-${this.what}${protocol}${ports.map(({ port }) => `-${port}`).join('')}`;
  }

  /**
   * Spec of the policy.
   * @internal
   */
  public _spec(owner: string): object {
    const peers = [this.peer(owner)];
    const ports = this.ports.length === 0 ? {} : { ports: this.ports };
    return {
      podSelector: {},
      policyTypes: this.directions.map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress')),
      ...(this.directions.includes('ingress') ? { ingress: [{ from: peers, ...ports }] } : {}),
      ...(this.directions.includes('egress') ? { egress: [{ to: peers, ...ports }] } : {}),
    };
  }
}

type Direction = 'ingress' | 'egress';

/** The label that the API server gives every namespace: nobody else can have it. */
function inNamespace(name: string): object {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function portsOf({
  ports = [],
  protocol = Protocol.TCP,
}: NetworkAllowanceOptions): { port: number; protocol: string }[] {
  return ports.map((port) => ({ port, protocol }));
}

function portMistakes({ ports = [] }: NetworkAllowanceOptions): string[] {
  return ports
    .filter((port) => !Number.isInteger(port) || port < 1 || port > 65535)
    .map((port) => `${port} is no port`);
}
