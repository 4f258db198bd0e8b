import type { ApiObject } from 'cdk8s';
import type { CanaryReleaseManifest } from '../../assembly-format';
import { Cluster } from '../../cluster';
import type { ClusterUnits } from '../../private/dependencies';
import { hostObjects } from '../../private/istio-host';
import { isServiceName } from '../../private/names';
import { type Problem, problemAt } from '../../private/problem';
import { isHttp } from '../../private/resilience-validation';
import type { NamedPort } from '../../private/service-settings';
import type { Entry } from '../../private/unit';
import { CanaryBackend } from '../canary-backend';
import type { CanaryDeployment, CanaryRelease, CanaryReleaseProps } from '../canary-release';
import { backendsWith } from './backends';
import { type CanaryNames, copyOf, type LooseObject } from './canary-objects';
import { splitRules } from './http-route-rules';
import { kindOf, neighbourProblems, objectOf } from './neighbours';
import type { ReleaseInCluster, ServiceAs, TrafficSplit } from './release-in-cluster';
import type { ReleaseTarget } from './release-target';
import { ReleaseTerms } from './release-terms';
import { templatesOf } from './service-release';
import { statesOf, type World } from './states';

/**
 * The release of a Deployment that the program makes itself. The canary is a Deployment and a Service of its own, made of the program's; the program's objects stay as they are, and only the
 * stages say how they look meanwhile.
 */
export class DeploymentRelease implements ReleaseTarget {
  private readonly terms: ReleaseTerms;

  public constructor(
    private readonly construct: CanaryRelease,
    props: CanaryReleaseProps,
    private readonly target: CanaryDeployment,
  ) {
    this.terms = new ReleaseTerms(construct, props);
  }

  /** Its objects are there when the charts of the cluster are. */
  public clusters(): readonly Cluster[] {
    return [];
  }

  public render(): Entry[] {
    return [];
  }

  public isWrittenTo(cluster: Cluster): boolean {
    const clusters = this.home === undefined ? [] : [this.home];
    return clusters.includes(cluster) && this.terms.isMovedByOrrery(clusters);
  }

  public validate(problems: Problem[]): void {
    this.terms.validate(problems);
    const report = (what: string, fix: string) => problems.push(problemAt(this.construct, 'ORR2012', what, { fix }));
    for (const { object, kind } of this.mistaken)
      report(`"${object.node.path}" is no ${kind}.`, `Give the ${kind} that is released.`);
    if (this.home === undefined)
      report('The Deployment and its Service are not objects of one cluster.', 'Give those of one cluster.');
  }

  /** Objects of other kinds than they should be. */
  private get mistaken(): { readonly object: ApiObject; readonly kind: string }[] {
    const { deployment, service, routes = [] } = this.target;
    const wanted = [
      { object: deployment, kind: 'Deployment', apiVersion: 'apps/v1' },
      { object: service, kind: 'Service', apiVersion: 'v1' },
      ...routes.map((object) => ({ object, kind: 'HTTPRoute', apiVersion: 'gateway.networking.k8s.io/v1' })),
    ];
    return wanted.filter(({ object, kind, apiVersion }) => object.kind !== kind || object.apiVersion !== apiVersion);
  }

  private get home(): Cluster | undefined {
    const { deployment, service, routes = [] } = this.target;
    const { root } = deployment.node;
    return root instanceof Cluster && [service, ...routes].every(({ node }) => node.root === root) ? root : undefined;
  }

  public complete(
    all: readonly ClusterUnits[],
    problems: Problem[],
  ): { readonly cluster: Cluster; readonly entries: Entry[] } | undefined {
    const { construct, terms } = this;
    const cluster = this.home;
    if (cluster === undefined || !terms.isSound || this.mistaken.length > 0) return undefined;
    const report = (what: string, fix: string): undefined => {
      problems.push(problemAt(construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
    };
    const rules = terms.backend([cluster], cluster, problems);
    if (rules === undefined) return undefined;
    const written = this.written(all, cluster);
    const [deployment, service] = written;
    if (deployment === undefined || service === undefined)
      return report(
        'The Deployment or its Service is in no chart of the cluster that is written object by object.',
        'Give objects of a plain chart.',
      );
    const names = this.namesOf(objectOf(deployment), objectOf(service), report);
    if (names === undefined) return undefined;
    const ports = portsOf(objectOf(service));
    if (!ports.some(isHttp))
      return report(
        'No port of the Service is known to speak HTTP (IST0118).',
        'Name it "http…" or "grpc…", or set its appProtocol.',
      );
    const { routes = [] } = this.target;
    if (routes.length > 0 && !rules.can.has('http-route'))
      return report(
        `routes is set, and ${rules.title} divides no HTTPRoutes.`,
        `It can be done by: ${backendsWith('http-route')}.`,
      );
    if (rules.backend === CanaryBackend.GATEWAY_API && routes.length === 0 && terms.props.meshCallers !== true)
      return report(
        'The Gateway API divides requests at HTTPRoutes, and none is named.',
        'Name those that lead to the Service by routes, or set meshCallers where a mesh knows HTTPRoutes of Services.',
      );
    const made = written.map((entry): Entry => ({ ...entry, content: { type: 'object', object: objectOf(entry) } }));
    const release = this.inCluster(cluster, names, made, ports, problems);
    rules.check?.(release, cluster, problems);
    const { entries, manifest } = statesOf(rules.worlds(release, problems), made);
    const { changes } = release;
    terms.remember(
      cluster,
      manifest,
      templatesOf(release.service({ changes }), names),
      templatesOf(release.service({}), names),
    );
    problems.push(
      ...neighbourProblems(
        construct,
        cluster,
        all,
        names,
        [...entries, ...made],
        terms.props.exposuresStayStable === true,
      ),
    );
    return { cluster, entries };
  }

  /** The entries of the Deployment, of the Service, of its routes and of what scales the Deployment. */
  private written(all: readonly ClusterUnits[], cluster: Cluster): Entry[] {
    const { deployment, service, routes = [] } = this.target;
    const entries = (all.find((one) => one.cluster === cluster)?.units ?? []).flatMap((unit) => unit.entries);
    const named = [deployment, service, ...routes].flatMap(
      (object) => entries.find(({ owner, content }) => owner === object && content.type === 'construct') ?? [],
    );
    const { namespace } = deployment.metadata;
    const scalers = entries.filter((entry) => {
      if (!/^(HorizontalPodAutoscaler|ScaledObject)$/.test(kindOf(entry) ?? '')) return false;
      const { metadata, spec } = objectOf(entry);
      return metadata.namespace === namespace && spec?.scaleTargetRef?.name === deployment.name;
    });
    return [...named, ...scalers];
  }

  private namesOf(
    deployment: LooseObject,
    service: LooseObject,
    report: (what: string, fix: string) => undefined,
  ): CanaryNames | undefined {
    const { namespace } = deployment.metadata;
    if (namespace === undefined || service.metadata.namespace !== namespace)
      return report(
        'The Deployment and its Service do not say that they are in one namespace.',
        'Set metadata.namespace of both.',
      );
    const { matchLabels = {}, matchExpressions } = deployment.spec.selector ?? {};
    const selector: { readonly [key: string]: string } = service.spec.selector ?? {};
    const labels = deployment.spec.template.metadata?.labels ?? {};
    if (matchExpressions !== undefined || Object.keys(matchLabels).length === 0)
      return report('The selector of the Deployment is not made of labels alone.', 'Use matchLabels.');
    if (Object.keys(selector).length === 0 || Object.entries(selector).some(([key, value]) => labels[key] !== value))
      return report(
        'The Service does not select the pods of the Deployment.',
        'Give the Service by which it is called.',
      );
    const { container } = this.target;
    const { containers } = deployment.spec.template.spec;
    if (
      container === undefined ? containers.length > 1 : !containers.some(({ name }: LooseObject) => name === container)
    )
      return report(
        `The image is for ${container === undefined ? 'one container' : `container "${container}"`}, and the Deployment has: ${containers.map(({ name }: LooseObject) => name).join(', ')}.`,
        'Name one of them: container.',
      );
    if (!isServiceName(`${service.metadata.name}-canary`))
      return report(`"${service.metadata.name}-canary" is longer than the name of a Service.`, 'Use shorter names.');
    const canarySelector: { [key: string]: string } = { ...matchLabels, ...selector };
    // One other value has to keep the pods out of both selectors; where they have no label in common, two.
    const common = Object.keys(selector).filter((key) => Object.hasOwn(matchLabels, key));
    const changed =
      common.length > 0 ? [preferred(common)] : [preferred(Object.keys(matchLabels)), preferred(Object.keys(selector))];
    for (const key of changed) canarySelector[key] = `${canarySelector[key]}-canary`.slice(-63);
    return {
      stable: service.metadata.name,
      canary: `${service.metadata.name}-canary`,
      workload: deployment.metadata.name,
      namespace,
      stableSelector: matchLabels,
      canarySelector,
    };
  }

  private inCluster(
    cluster: Cluster,
    names: CanaryNames,
    made: readonly Entry[],
    ports: readonly NamedPort[],
    problems: Problem[],
  ): ReleaseInCluster {
    const { stable, canary, namespace } = names;
    return {
      ...this.terms.inCluster(cluster),
      names,
      ports: ports.filter(isHttp),
      service: (as) => this.world(cluster, names, made, ports, as, problems),
      hold: (hold, split, served = { canary, stable }) => {
        const labels = { destination_service_namespace: namespace, destination_service_name: served.canary };
        return this.terms.hold(hold, split, cluster, { ...served, namespace, labels });
      },
    };
  }

  private world(
    cluster: Cluster,
    names: CanaryNames,
    made: readonly Entry[],
    ports: readonly NamedPort[],
    { changes, traffic, said }: ServiceAs,
    problems: Problem[],
  ): World {
    const { construct } = this;
    const { stable: name, namespace } = names;
    const image = changes?.image;
    const routed = traffic === undefined ? made : made.map((entry) => divided(entry, name, traffic));
    const objects = image === undefined ? [...routed] : routed.map((entry) => this.withImage(entry, image));
    const split = traffic?.mesh === undefined ? undefined : { ...traffic.mesh, split: traffic.split };
    if (split === undefined && said === undefined) return objects;
    const metadata = { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'orrery' } };
    const host = { construct, cluster, metadata, ports };
    for (const { id, object } of hostObjects(host, said === undefined ? [] : [said], problems, split))
      objects.push({
        path: `${construct.node.path}/${id === 'DestinationRule' ? 'stable/DestinationRule' : id}`,
        owner: construct,
        content: { type: 'object', object },
      });
    return objects;
  }

  private withImage(entry: Entry, image: string): Entry {
    if (entry.owner !== this.target.deployment || entry.content.type !== 'object') return entry;
    const object = copyOf(entry.content.object);
    const { container } = this.target;
    for (const one of object.spec.template.spec.containers)
      if (container === undefined || one.name === container) one.image = image;
    return { ...entry, content: { type: 'object', object } };
  }

  public manifest(platform: readonly Cluster[], problems: Problem[]): CanaryReleaseManifest | undefined {
    return this.terms.manifest(this.home === undefined ? [] : [this.home], platform, [], problems);
  }
}

/** An HTTPRoute whose rules that lead to the Service, and nowhere else, are divided. */
function divided(entry: Entry, name: string, { canary, split }: TrafficSplit): Entry {
  if (kindOf(entry) !== 'HTTPRoute') return entry;
  const object = copyOf(objectOf(entry));
  object.spec.rules = (object.spec.rules ?? []).flatMap(({ backendRefs = [], ...rule }: LooseObject) => {
    const [stable, ...others] = backendRefs;
    const isOther = stable?.name !== name || others.length > 0;
    return isOther ? [{ ...rule, backendRefs }] : splitRules({ stable, canary, split }, rule, 'edge');
  });
  return { ...entry, content: { type: 'object', object } };
}

function preferred(keys: readonly string[]): string {
  return ['app.kubernetes.io/name', 'app', ...keys].find((key) => keys.includes(key)) as string;
}

function portsOf({ spec }: LooseObject): NamedPort[] {
  return (spec.ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol }: LooseObject) => ({
    name,
    port,
    targetPort: port,
    protocol,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }));
}
