import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { CallSite } from '../../private/location';
import { failHere, type Problem, problemAt } from '../../private/problem';
import type { Scaling } from '../../private/scaling-rendering';
import { selectorOf } from '../../private/service-rendering';
import { portsOf, type ServiceSettings } from '../../private/service-settings';
import type { Entry } from '../../private/unit';
import type { Workspace } from '../../workspace';
import type { ObservabilityStack } from '../observability-stack';
import type { ServiceObjective, ServiceObservation } from '../service-observation';
import {
  type Declared,
  describedObjectives,
  type ObservedService,
  observationFindings,
  observationObjects,
} from './observed-service';

/** The service as it is in a cluster. */
export interface ServiceThere {
  readonly app: string;
  readonly namespace: string;
  readonly workspace: Workspace | undefined;
  /** Of every object of the app. */
  readonly labels: { readonly [key: string]: string };
  readonly settings: ServiceSettings;
  readonly scaling: Scaling;
  readonly isReleased: boolean;
}

/** Who observes a service, and how. */
export class ObservedIn {
  private own: Said | undefined;
  private all: Said | undefined;
  private readonly objectives = new Map<string, { readonly objective: ServiceObjective; readonly site: CallSite }>();

  public constructor(private readonly service: Construct) {}

  public by(stack: ObservabilityStack, how: ServiceObservation): void {
    if (this.own !== undefined) {
      const fix = 'Say everything in one call.';
      failHere(this.service, 'ORR2004', 'The service is observed twice.', { fix });
    }
    this.own = { stack, how, site: new CallSite() };
  }

  public asAll(stack: ObservabilityStack, how: ServiceObservation): void {
    this.all = { stack, how, site: new CallSite() };
  }

  public objective(id: string, objective: ServiceObjective): void {
    if (this.objectives.has(id)) {
      const fix = 'Give each objective of a service its own id.';
      failHere(this.service, 'ORR2004', `The service has an objective "${id}" already.`, { fix });
    }
    this.objectives.set(id, { objective, site: new CallSite() });
  }

  /** Problems that do not depend on the cluster. */
  public validate(settings: ServiceSettings, problems: Problem[]): void {
    const { said } = this;
    if (said === undefined) {
      const [first] = this.objectives.values();
      if (first === undefined) return;
      const what = 'The service has an objective, and nothing observes it.';
      const fix = 'Let a stack observe it: service.observe(stack), or app.observe(stack).';
      problems.push(problemAt(this.service, 'ORR2012', what, { fix, source: first.site.source }));
      return;
    }
    const service: ObservedService = { ...this.anywhere(settings), namespace: 'namespace', app: 'app', labels: {} };
    for (const { code, what, fix } of observationFindings(service, this.declared(said), watching(said)))
      problems.push(problemAt(this.service, code, what, { fix, source: said.site.source }));
  }

  /** What observes the service in a cluster; nothing where the stack is not. */
  public render(cluster: Cluster, whatIsThere: () => ServiceThere): Entry[] {
    const { said } = this;
    if (said === undefined || !said.stack._context().clusters().includes(cluster)) return [];
    const { node } = this.service;
    const there = whatIsThere();
    const { namespace, app, workspace, scaling } = there;
    const name = node.id;
    const selector = selectorOf({ name, app });
    const service: ObservedService = {
      ...this.anywhere(there.settings),
      namespace,
      app,
      labels: { ...there.labels, ...selector },
      podNames: there.isReleased ? [name, `${name}-canary`] : [name],
      replicas: 'replicas' in scaling ? scaling.replicas : undefined,
      autoscaler: autoscalerOf(name, scaling),
      isWalled: workspace?._granted(cluster, namespace).props.network !== undefined,
    };
    return observationObjects(service, this.declared(said), watching(said)).map(({ id, object }) => ({
      path: `${node.path}/${id}`,
      owner: this.service,
      content: { type: 'object', object },
    }));
  }

  public get stack(): ObservabilityStack | undefined {
    return this.said?.stack;
  }

  /** What machines are told of it. */
  public described(namespace: string) {
    const { said } = this;
    if (said === undefined) return { objectives: [], runbookUrl: undefined };
    const service = { namespace, name: this.service.node.id };
    return { objectives: describedObjectives(service, this.declared(said)), runbookUrl: said.how.runbookUrl };
  }

  private get said(): Said | undefined {
    if (this.own === undefined || this.all === undefined) return this.own ?? this.all;
    return { ...this.own, how: { ...this.all.how, ...this.own.how } };
  }

  private declared({ how }: Said): Declared {
    const objectives = [...this.objectives].map(([id, { objective }]) => [id, objective] as const);
    return { observation: how, objectives: new Map(objectives) };
  }

  private anywhere(settings: ServiceSettings): Omit<ObservedService, 'namespace' | 'app' | 'labels'> {
    return {
      name: this.service.node.id,
      podNames: [this.service.node.id],
      ports: portsOf(settings),
      workload: settings.stateful === undefined ? 'Deployment' : 'StatefulSet',
      replicas: undefined,
      autoscaler: undefined,
      isWalled: false,
    };
  }
}

/** What the program says, and where. */
interface Said {
  readonly stack: ObservabilityStack;
  readonly how: ServiceObservation;
  readonly site: CallSite;
}

function watching({ stack }: Said) {
  const { namespaceName, selectedBy } = stack._context();
  return { namespaceName, selectedBy, scrapesMesh: stack._scrapes('istio') };
}

/** KEDA calls its HorizontalPodAutoscaler so (kedacore/keda controllers/keda/hpa.go). */
function autoscalerOf(name: string, scaling: Scaling): string | undefined {
  if ('replicas' in scaling) return undefined;
  return scaling.triggers.length > 0 ? `keda-hpa-${name}` : name;
}
