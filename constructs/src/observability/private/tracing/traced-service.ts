import type { Construct } from 'constructs';
import type { Cluster } from '../../../cluster';
import { CallSite } from '../../../private/location';
import { failHere, type Problem, problemAt } from '../../../private/problem';
import { selectorOf } from '../../../private/service-rendering';
import type { Entry } from '../../../private/unit';
import type { ServiceOverride } from '../../../service-props';
import type { Workspace } from '../../../workspace';
import type { ObservabilityStack } from '../../observability-stack';
import type { TracedLanguage } from '../../traced-language';
import { TRACES, traceNames } from './trace-plan';

/** The service as it is in a cluster. */
export interface TracedThere {
  readonly app: string;
  readonly namespace: string;
  readonly workspace: Workspace | undefined;
  readonly labels: { readonly [key: string]: string };
}

/** Which stack takes the traces of a service, and how its program tells of them. */
export class TracedService {
  private said:
    | { readonly stack: ObservabilityStack; readonly by: TracedLanguage; readonly site: CallSite }
    | undefined;

  public constructor(private readonly service: Construct) {}

  public by(stack: ObservabilityStack, by: TracedLanguage): void {
    if (this.said !== undefined) {
      const fix = 'Say it once: a service has one program.';
      failHere(this.service, 'ORR2004', 'The service is traced twice.', { fix });
    }
    this.said = { stack, by, site: new CallSite() };
    // Pods are instrumented when they are made, by what is there then.
    const traces = stack.node.tryFindChild(TRACES);
    if (traces !== undefined) this.service.node.addDependency(traces);
  }

  public get language(): TracedLanguage | undefined {
    return this.said?.by;
  }

  public validate(problems: Problem[]): void {
    const { said } = this;
    if (said === undefined || said.stack._tracing()?._collects() === true) return;
    const what = `The service is traced, and stack "${said.stack.node.path}" keeps no traces.`;
    const fix = 'Give the stack tracing: Tracing.jaeger(…).';
    problems.push(problemAt(this.service, 'ORR2012', what, { fix, source: said.site.source }));
  }

  /** Annotations by which the operator instruments its pods (opentelemetry-operator internal/instrumentation/annotation.go); nothing in clusters that the stack does not observe. */
  public settings(cluster: Cluster): ServiceOverride[] {
    const stack = this.stackIn(cluster);
    if (stack === undefined || this.said === undefined) return [];
    const { name, namespaceName } = stack;
    const annotations = { [`instrumentation.opentelemetry.io/inject-${this.said.by}`]: `${namespaceName}/${name}` };
    return [{ podAnnotations: annotations }];
  }

  /** In a namespace where everything is refused that is not allowed: the way to the collectors. */
  public render(cluster: Cluster, { app, namespace, workspace, labels }: TracedThere): Entry[] {
    const stack = this.stackIn(cluster);
    if (stack === undefined || workspace?._granted(cluster, namespace).props.network === undefined) return [];
    const { id, path } = this.service.node;
    const selector = selectorOf({ name: id, app });
    const collectors = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': stack.namespaceName } },
      podSelector: { matchLabels: { 'app.kubernetes.io/name': `${traceNames(stack).gateway}-collector` } },
    };
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `${id}-traces`, namespace, labels: { ...labels, ...selector } },
      spec: {
        // Of the service and of its canary.
        podSelector: {
          matchLabels: { 'app.kubernetes.io/part-of': app },
          matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: [id, `${id}-canary`] }],
        },
        policyTypes: ['Egress'],
        egress: [
          {
            to: [collectors],
            ports: [
              { protocol: 'TCP', port: 4317 },
              { protocol: 'TCP', port: 4318 },
            ],
          },
        ],
      },
    };
    return [{ path: `${path}/NetworkPolicy/traces`, owner: this.service, content: { type: 'object', object } }];
  }

  private stackIn(cluster: Cluster) {
    const context = this.said?.stack._context();
    return context?.clusters().includes(cluster) === true ? context : undefined;
  }
}
