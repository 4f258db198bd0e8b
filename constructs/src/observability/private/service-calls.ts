import type { Construct } from 'constructs';
import type { MultiClusterService } from '../../multi-cluster-service';
import { CallSite } from '../../private/location';
import { isDnsSubdomain } from '../../private/names';
import { type Problem, problemAt } from '../../private/problem';

/** Whom a service calls. */
export class ServiceCalls {
  private readonly services = new Map<MultiClusterService, CallSite>();
  private readonly outside = new Map<string, CallSite>();

  public constructor(private readonly service: Construct) {}

  public add(service: MultiClusterService): void {
    this.services.set(service, new CallSite());
  }

  public addHost(host: string): void {
    this.outside.set(host, new CallSite());
  }

  public get all(): MultiClusterService[] {
    return [...this.services.keys()];
  }

  public get hosts(): string[] {
    return [...this.outside.keys()];
  }

  public validate(problems: Problem[]): void {
    for (const [host, { source }] of this.outside) {
      if (isDnsSubdomain(host)) continue;
      const details = { fix: 'Use the name of a host, without scheme, port and path.', source };
      problems.push(problemAt(this.service, 'ORR2011', `"${host}" is no host that a service could call.`, details));
    }
    for (const [service, { source }] of this.services) {
      if (service.node.root === this.service.node.root) continue;
      const what = `It calls "${service.node.path}", which is a service of another platform.`;
      const details = { fix: 'Name its host: callsHost(…).', source };
      problems.push(problemAt(this.service, 'ORR2012', what, details));
    }
  }
}
