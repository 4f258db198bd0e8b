import type { CanaryReleaseManifest } from '../../assembly-format';
import type { Cluster } from '../../cluster';
import { Platform } from '../../platform';
import type { ClusterUnits } from '../../private/dependencies';
import { hostObjects } from '../../private/istio-host';
import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue, isServiceName } from '../../private/names';
import { type Problem, type ProblemCode, problemAt } from '../../private/problem';
import { isHttp } from '../../private/resilience-validation';
import type { NamedPort } from '../../private/service-settings';
import type { Entry } from '../../private/unit';
import { CanaryBackend } from '../canary-backend';
import type { CanaryRelease, CanaryReleaseProps, CanaryVersion, CanaryVersions } from '../canary-release';
import { fullHost, type LooseObject } from './canary-objects';
import { kindOf, neighbourProblems, objectOf } from './neighbours';
import type { ReleaseTarget } from './release-target';
import { ReleaseTerms } from './release-terms';
import { type Split, STABLE_ONLY } from './split';
import { statesOf } from './states';

/**
 * The release of a version whose pods are there already: one host with two subsets. Before it begins, and after an abort, all requests go to the stable subset, because without a route they
 * would go to both. It changes no pod, and its end is that all requests go to the canary.
 */
export class VersionsRelease implements ReleaseTarget {
  private readonly terms: ReleaseTerms;
  private readonly own = new Map<Cluster, readonly Entry[]>();

  public constructor(
    private readonly construct: CanaryRelease,
    props: CanaryReleaseProps,
    private readonly versions: CanaryVersions,
  ) {
    this.terms = new ReleaseTerms(construct, props);
  }

  public clusters(): readonly Cluster[] {
    return Platform.of(this.construct).clusters.filter((cluster) => this.terms.covers(cluster));
  }

  public isWrittenTo(cluster: Cluster): boolean {
    const clusters = this.clusters();
    return clusters.includes(cluster) && this.terms.isMovedByOrrery(clusters);
  }

  public validate(problems: Problem[]): void {
    this.own.clear();
    this.terms.validate(problems);
    const report = (code: ProblemCode, what: string, fix: string) =>
      problems.push(problemAt(this.construct, code, what, { fix }));
    const { serviceName, namespaceName, stable, canary, port } = this.versions;
    if (!isServiceName(serviceName) || !isDnsLabel(namespaceName))
      report('ORR2003', `"${serviceName}" in "${namespaceName}" is no Service.`, 'Use its name and its namespace.');
    for (const { name, labels } of [stable, canary]) {
      // istio/istio pkg/config/validation/validation.go, validateSubset
      if (!isDnsLabel(name)) report('ORR2003', `"${name}" is no name of a version.`, 'Use a DNS label, e.g. "v1".');
      if (Object.keys(labels).length === 0)
        report('ORR2012', `Version "${name}" has no labels: it would be all pods.`, 'Say what only its pods have.');
      for (const [key, value] of Object.entries(labels))
        if (!isLabelKey(key) || !isLabelValue(value))
          report('ORR2011', `"${key}: ${value}" of version "${name}" is no label.`, 'Use one that its pods have.');
    }
    if (stable.name === canary.name)
      report('ORR2004', `Both versions are named "${stable.name}".`, 'Give each a name of its own.');
    if (!areApart(stable, canary)) {
      const what = `Pods can have the labels of "${stable.name}" and of "${canary.name}".`;
      report('ORR2012', what, 'Tell them apart by another value of one label, e.g. version.');
    }
    this.checkGateways(report);
    if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
      report('ORR2011', `port is ${port}.`, 'Use a port of the Service.');
    for (const [at, { _rules: step }] of this.terms.props.steps.entries())
      if (step.type === 'scale')
        report('ORR2012', `Step ${at + 1} scales pods, which the release of versions leaves alone.`, 'Remove it.');
  }

  private checkGateways(report: (code: ProblemCode, what: string, fix: string) => void): void {
    const { gateways = [], hosts = [] } = this.versions;
    if (gateways.length > 0 !== hosts.length > 0)
      report(
        'ORR2012',
        'Of gateways and hosts one is set without the other.',
        'Say by which names requests come to which gateways.',
      );
    for (const gateway of gateways)
      if (!/^[^/]+\/[^/]+$/.test(gateway) || !gateway.split('/').every((part) => isDnsSubdomain(part)))
        report('ORR2003', `"${gateway}" is no gateway.`, 'Write it with its namespace: "istio-system/public".');
    for (const host of hosts)
      if (!isDnsSubdomain(host.replace(/^\*\./, '')) || !host.includes('.'))
        report('ORR2003', `"${host}" is no host.`, 'Use a full name, e.g. "reviews.example.com".');
  }

  public render(cluster: Cluster, problems: Problem[]): Entry[] {
    const rules = this.terms.backend(this.clusters(), cluster, problems);
    if (rules === undefined || !this.terms.isSound || rules.backend !== CanaryBackend.ISTIO) return [];
    const { serviceName, namespaceName, stable, canary } = this.versions;
    const { planned } = this.terms.inCluster(cluster);
    const known = new Map<string, readonly Entry[]>();
    const worldOf = (split: Split): readonly Entry[] => {
      const key = JSON.stringify(split);
      const world = known.get(key) ?? this.world(cluster, split, problems);
      known.set(key, world);
      return world;
    };
    const measured = {
      canary: serviceName,
      stable: serviceName,
      namespace: namespaceName,
      labels: {
        destination_service_namespace: namespaceName,
        destination_service_name: serviceName,
        ...(canary.labels.version === undefined ? {} : { destination_version: canary.labels.version }),
      },
    };
    const before = worldOf(STABLE_ONLY);
    // No pods are made and no version takes the other's place.
    const stages = planned.stages.filter(({ name }) => !OF_PODS.test(name));
    const { entries, manifest } = statesOf({
      before,
      stages: [
        ...stages.map(({ name, shape, weight, hold }) => ({
          name,
          ...(weight === undefined ? {} : { weight }),
          ...(hold === undefined ? {} : { hold: this.terms.hold(hold, shape.split, cluster, measured) }),
          world: worldOf(shape.split ?? STABLE_ONLY),
        })),
        { name: 'end', world: worldOf({ weight: 100, matches: [] }) },
      ],
      abort: [before],
    });
    this.terms.remember(cluster, manifest, { ...canary.labels }, { ...stable.labels });
    this.own.set(cluster, entries);
    return entries;
  }

  private world(cluster: Cluster, split: Split, problems: Problem[]): readonly Entry[] {
    const { construct } = this;
    const { serviceName: name, namespaceName: namespace, stable, canary, port } = this.versions;
    const host = fullHost(name, namespace);
    const ports = port === undefined ? [ONLY_PORT] : [{ ...ONLY_PORT, port }, OTHER_PORT];
    const labels = { 'app.kubernetes.io/managed-by': 'orrery' };
    const made = hostObjects(
      { construct, cluster, metadata: { name, namespace, labels }, ports },
      [{ by: 'the release', ...this.terms.inCluster(cluster).said, subsets: [stable, canary] }],
      problems,
      { stable: { host, subset: stable.name }, canary: { host, subset: canary.name }, split },
    );
    return made.map(({ id, object }) => ({
      path: `${construct.node.path}/${id}`,
      owner: construct,
      content: { type: 'object', object: id === 'VirtualService' ? this.atGateways(object) : object },
    }));
  }

  /** Without "mesh" callers in the mesh would no longer have the routes. */
  private atGateways(object: LooseObject): object {
    const { gateways = [], hosts = [] } = this.versions;
    if (gateways.length === 0) return object;
    const spec = { ...object.spec, hosts: [...object.spec.hosts, ...hosts], gateways: [...gateways, 'mesh'] };
    return { ...object, spec };
  }

  /** Holds the versions against the objects of the program: what charts and others install nobody sees here. */
  public complete(all: readonly ClusterUnits[], problems: Problem[]): undefined {
    for (const [cluster, entries] of this.own) {
      const { serviceName, namespaceName } = this.versions;
      const names = {
        stable: serviceName,
        canary: serviceName,
        workload: '',
        namespace: namespaceName,
        stableSelector: {},
        canarySelector: {},
      };
      problems.push(
        ...neighbourProblems(
          this.construct,
          cluster,
          all,
          names,
          entries,
          this.terms.props.exposuresStayStable === true,
        ),
      );
      this.checkObjects(cluster, all, problems);
    }
  }

  private checkObjects(cluster: Cluster, all: readonly ClusterUnits[], problems: Problem[]): void {
    const { serviceName, namespaceName, stable, canary, port } = this.versions;
    const report = (what: string, fix: string) =>
      problems.push(problemAt(this.construct, 'ORR2012', what, { fix, cluster: cluster.clusterName }));
    const units = all.find((one) => one.cluster === cluster)?.units ?? [];
    const objects = (kinds: readonly string[]): LooseObject[] =>
      units
        .flatMap(({ entries }) => entries)
        .filter((entry) => kinds.includes(kindOf(entry) ?? ''))
        .map(objectOf)
        .filter(({ metadata }) => metadata.namespace === namespaceName);
    const service = objects(['Service']).find(({ metadata }) => metadata.name === serviceName);
    if (service === undefined) return;
    const { selector = {}, ports = [] } = service.spec;
    const workloads = objects(['Deployment', 'StatefulSet', 'DaemonSet']);
    for (const { name, labels } of [stable, canary]) {
      const wanted = Object.entries({ ...selector, ...labels });
      const pods = workloads.map(({ spec }) => spec.template?.metadata?.labels ?? {});
      if (pods.some((has) => wanted.every(([key, value]) => has[key] === value))) continue;
      const texts = wanted.map(([key, value]) => `${key}: ${value}`).join(', ');
      report(
        `Version "${name}" of Service "${serviceName}" selects no pods: none of the program has ${texts}.`,
        'Correct its labels, or those of the pods.',
      );
    }
    const divided = port === undefined ? ports : ports.filter((one: LooseObject) => one.port === port);
    if (port === undefined && ports.length > 1)
      report(`Service "${serviceName}" has ${ports.length} ports (IST0112).`, 'Say which one is divided: port.');
    else if (divided.length === 0) report(`Service "${serviceName}" has no port ${port}.`, 'Correct port.');
    else if (!divided.every((one: LooseObject) => isHttp({ protocol: 'TCP', name: '', ...one })))
      report(
        `The port of Service "${serviceName}" is not known to speak HTTP (IST0118).`,
        'Name it "http…" or "grpc…", or set its appProtocol.',
      );
  }

  public manifest(platform: readonly Cluster[], problems: Problem[]): CanaryReleaseManifest | undefined {
    const { namespaceName } = this.versions;
    if (!isDnsSubdomain(namespaceName)) return undefined;
    return this.terms.manifest(this.clusters(), platform, [['versions', 'versions']], problems);
  }
}

const OF_PODS = /^(scale-\d+|promote|return|end)(-again-\d+)?$/;

/** Whether no pod can be of both. */
function areApart({ labels }: CanaryVersion, other: CanaryVersion): boolean {
  return Object.entries(labels).some(([key, value]) => {
    const theirs = Object.hasOwn(other.labels, key) ? other.labels[key] : undefined;
    return theirs !== undefined && theirs !== value;
  });
}

const ONLY_PORT: NamedPort = { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' as NamedPort['protocol'] };
/** That there are others, of which nothing is said. */
const OTHER_PORT: NamedPort = { ...ONLY_PORT, name: 'other' };
