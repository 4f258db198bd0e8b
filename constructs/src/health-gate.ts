import type { GateManifest } from './assembly-format';
import { commandGate, type GateTry, httpGate, prometheusGate } from './private/gate-settings';

/** How patiently a gate is asked. */
export interface HealthGateOptions {
  /** Name for people, unique in the wave. @default - the program, or the host and path that is asked */
  readonly name?: string;
  /** How long one try may take, like "30s". @default - 5 minutes for a command, else 10 seconds */
  readonly timeout?: string;
  /** How long a gate that does not pass is tried again, like "5m". @default - it is tried once */
  readonly retryFor?: string;
}

/** What an HTTP gate expects. */
export interface HttpGateOptions extends HealthGateOptions {
  /** The status that passes. @default - 200 to 299 */
  readonly status?: number;
  /** Text that the answer must contain. @default - any answer */
  readonly contains?: string;
}

/** What a Prometheus gate expects: at least one bound. */
export interface PrometheusGateOptions extends HealthGateOptions {
  /** Every sample is at least this. @default - no lower bound */
  readonly atLeast?: number;
  /** Every sample is at most this. @default - no upper bound */
  readonly atMost?: number;
}

/**
 * A question that must be answered well before a rollout goes on to the next wave. Gates are asked where the apply runs, after everything of
 * the wave is ready and its soak time is over.
 */
export class HealthGate {
  /**
   * A program that ends with 0. No shell reads the arguments; for one, start it: ["sh", "-c", "…"]. It runs in the folder of the project, and
   * finds the wave in ORRERY_WAVE and its clusters, separated by commas, in ORRERY_CLUSTERS.
   */
  public static command(command: string[], options: HealthGateOptions = {}): HealthGate {
    return new HealthGate(commandGate(command, options));
  }

  /** A GET that is answered well. Redirects are not followed. @param url http or https, without user and password */
  public static http(url: string, options: HttpGateOptions = {}): HealthGate {
    return new HealthGate(httpGate(url, options));
  }

  /**
   * An instant query to a Prometheus server (or what speaks its API), every sample of which is inside the bounds. A query without data does not pass.
   * @param url of the server, e.g. "https://prometheus.example.com"
   * @param query PromQL
   */
  public static prometheus(url: string, query: string, options: PrometheusGateOptions): HealthGate {
    return new HealthGate(prometheusGate(url, query, options));
  }

  private constructor(private readonly checked: GateTry) {}

  /** The gate as the manifest has it, or what is wrong with it. @internal */
  public _manifest(report: (what: string, fix: string) => void): GateManifest | undefined {
    for (const { what, fix } of this.checked.mistakes) report(what, fix);
    return this.checked.mistakes.length === 0 ? this.checked.gate : undefined;
  }
}
