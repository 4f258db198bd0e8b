import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import type { KubeSphereWorkspace } from '../kubesphere-workspace';
import { checkedId } from '../private/construct-id';
import { DEVOPS, devOpsProjectObject } from '../private/kubesphere-rendering';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel, isDnsSubdomain } from '../private/names';
import { namespaceObject } from '../private/namespace-object';
import { failHere, type Problem, problemAt } from '../private/problem';
import { servedVersion } from '../private/served-apis';
import { type Entry, type Rendering, renderLate } from '../private/unit';
import { EXTERNAL_SECRETS } from '../private/workspace-rendering';
import type { DevOpsCredential } from './devops-credential';
import { DevOpsPart } from './private/devops-part';
import { reportUnserved } from './private/report';

/** Of a project of KubeSphere DevOps. One of `workspace` and `host` says where it is. */
export interface DevOpsProjectProps {
  /** The workspace in KubeSphere that it belongs to, on its host. @default - none: see `host` */
  readonly workspace?: KubeSphereWorkspace;
  /** The cluster with KubeSphere DevOps. @default - the host of `workspace` */
  readonly host?: Cluster;
  /** Credentials by their names, which pipelines call them by. @default - none */
  readonly credentials?: { [id: string]: DevOpsCredential };
}

/** A project of KubeSphere DevOps with its credentials: a namespace of its own, of the same name, that pipelines are in. */
export class DevOpsProject extends Construct {
  private readonly props: DevOpsProjectProps;
  private readonly credentials = new Map<string, DevOpsCredential>();

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the project and of its namespace
   */
  public constructor(scope: Construct, id: string, props: DevOpsProjectProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.props = props;
    for (const [name, credential] of Object.entries(props.credentials ?? {})) this.addCredential(name, credential);
    // KubeSphere takes a namespace with the label for that of the project, and makes one where there is none (devopsproject_controller.go): it has to be there first.
    const namespace = new DevOpsPart(
      this,
      'namespace',
      () => this._host(),
      () => this.namespaceEntry(),
    );
    const project = new DevOpsPart(
      this,
      'project',
      () => this._host(),
      () => this.projectEntry(),
    );
    project.node.addDependency(namespace);
    renderLate(this, {
      clusters: () => this.hosts(),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
    });
  }

  /** Adds a credential. @param id its name, which pipelines call it by */
  public addCredential(id: string, credential: DevOpsCredential): void {
    if (!isDnsSubdomain(id))
      failHere(this, 'ORR2003', `"${id}" is not a valid name of a credential.`, { fix: `Use ${DNS_LABEL_RULE}.` });
    if (this.credentials.has(id))
      failHere(this, 'ORR2004', `The project has a credential "${id}" already.`, {
        fix: 'Give one of them another name.',
      });
    this.credentials.set(id, credential);
  }

  /** @internal */
  public _host(): Cluster | undefined {
    return this.props.workspace?._inKubeSphere().host ?? this.props.host;
  }

  /** @internal */
  public _credential(id: string): DevOpsCredential | undefined {
    return this.credentials.get(id);
  }

  private get workspaceName(): string | undefined {
    return this.props.workspace?._inKubeSphere().workspaceName;
  }

  private get labels(): { readonly [key: string]: string } {
    return { 'app.kubernetes.io/part-of': this.workspaceName ?? this.node.id };
  }

  private hosts(): Cluster[] {
    const host = this._host();
    return host === undefined ? [] : [host];
  }

  private validate(problems: Problem[]): void {
    const { workspace, host } = this.props;
    const report = (code: Problem['code'], what: string, fix: string) =>
      problems.push(problemAt(this, code, what, { fix }));
    if (workspace === undefined && host === undefined)
      report('ORR2013', 'Nothing says in which cluster the DevOps project is.', 'Set workspace or host.');
    if (workspace !== undefined && host !== undefined && host !== workspace._inKubeSphere().host)
      report(
        'ORR2012',
        `The workspace is on cluster "${workspace._inKubeSphere().host}", not on "${host}".`,
        'Leave host out.',
      );
    if (workspace?._inKubeSphere().devopsProjects.includes(this.node.id) === true)
      report(
        'ORR2004',
        `The KubeSphereWorkspace makes a DevOps project "${this.node.id}", too.`,
        'Take it out of its devopsProjects.',
      );
    for (const [id, credential] of this.credentials)
      for (const mistake of credential._source()?._mistakes() ?? [])
        report('ORR2011', `Credential "${id}" of the project is wrong: ${mistake}.`, 'Correct it.');
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    reportUnserved(this, cluster, { apiVersion: DEVOPS, who: 'KubeSphere DevOps' }, problems);
    const fetched = [...this.credentials].flatMap(([id, credential]) => {
      const spec = credential._source()?._spec(id);
      return spec === undefined ? [] : [{ id, spec }];
    });
    const apiVersion = servedVersion(cluster, EXTERNAL_SECRETS);
    const who = 'External Secrets Operator, which fetches credentials of the project,';
    if (fetched.length > 0 && apiVersion === undefined)
      reportUnserved(this, cluster, { apiVersion: EXTERNAL_SECRETS[0], who }, problems);
    const entries = fetched.map(({ id, spec }) =>
      this.entry(`ExternalSecret/${id}`, {
        apiVersion: apiVersion ?? EXTERNAL_SECRETS[0],
        kind: 'ExternalSecret',
        metadata: {
          name: id,
          namespace: this.node.id,
          labels: { ...this.labels, 'app.kubernetes.io/managed-by': 'orrery' },
        },
        spec,
      }),
    );
    return { entries };
  }

  private namespaceEntry(): object {
    const { workspaceName } = this;
    return namespaceObject(this.node.id, {
      ...this.labels,
      'app.kubernetes.io/managed-by': 'orrery',
      'kubesphere.io/devopsproject': this.node.id,
      'devops.kubesphere.io/managed': 'true',
      ...(workspaceName === undefined ? {} : { 'kubesphere.io/workspace': workspaceName }),
    });
  }

  private projectEntry(): object {
    return devOpsProjectObject(this.node.id, this.workspaceName, this.labels);
  }

  private entry(id: string, object: object): Entry {
    return { path: `${this.node.path}/${id}`, owner: this, content: { type: 'object', object } };
  }
}
