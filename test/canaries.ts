import { randomBytes } from 'node:crypto';

/** Every way in which a token may be read off a text. Base64 depends on the number of bytes in front: whole groups of three are looked for at each offset. */
function forms(token: string): string[] {
  const bytes = Buffer.from(token);
  const base64 = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + 15).toString('base64'));
  return [token, ...base64, bytes.toString('hex'), [...token].reverse().join('')];
}

/** Values that must not be seen, by the place where each lies. */
export class Canaries {
  readonly #tokens = new Map<string, string>();

  /** A value with characters that JSON, URLs and YAML write otherwise, around a token that all of them leave as it is. */
  of(place: string): string {
    const token = randomBytes(9).toString('hex');
    this.#tokens.set(place, token);
    return `Ä /+&"{}\\ ${token} %`;
  }

  /** One that exists already. */
  add(place: string, token: string): void {
    if (token.length < 18) throw new Error(`what is looked for of ${place} is too short to be found`);
    this.#tokens.set(place, token);
  }

  /** The places whose values a text gives away. */
  seenIn(text: string): string[] {
    return [...this.#tokens].flatMap(([place, token]) =>
      forms(token).some((form) => text.includes(form)) ? [place] : [],
    );
  }
}

export const json = (value: unknown) => JSON.stringify(value);
export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const yaml = (...objects: object[]) => objects.map((object) => json(object)).join('\n---\n');

/** A platform with Secret values in all places where programs put them. */
export class LeakyPlatform {
  readonly id: string;
  readonly canaries: Canaries;
  readonly data: string;
  readonly text: string;
  readonly other: string;
  readonly url: string;
  readonly helm: string;
  readonly native: string;

  constructor(id: string, canaries: Canaries) {
    this.id = id;
    this.canaries = canaries;
    this.data = canaries.of('data');
    this.text = canaries.of('stringData');
    this.other = canaries.of('data of the next apply');
    this.url = canaries.of('a URL of the environment');
    this.helm = canaries.of('values of a chart');
    this.native = canaries.of('values of a release that helm installs');
  }

  get namespace(): object {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.id } };
  }

  secret(name: string, more: object): object {
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: this.id }, ...more };
  }

  map(data: Record<string, string>, annotations: Record<string, string> = {}): object {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'copies', namespace: this.id, annotations }, data };
  }

  /** Copies of Secret values in all places where programs put them. */
  objects(password: string): object[] {
    const env = [
      { name: 'LITERAL', value: password },
      { name: 'URL', value: `postgres://u:${encodeURIComponent(this.url)}@db/x` },
    ];
    const container = { name: 'main', image: 'example.com/main:1', env };
    const labels = { app: 'web' };
    return [
      this.namespace,
      this.secret('login', { data: { password: base64(password), url: base64(this.url) } }),
      this.secret('text', {
        stringData: { 'config.json': json({ password: this.text, nested: { p: this.text } }), p: this.text },
      }),
      this.map(
        { basic: `Basic ${base64(`user:${password}`)}`, json: json({ a: this.text }) },
        { 'example.com/c': json({ c: password }) },
      ),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: this.id },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      },
    ];
  }

  program(): string {
    return `import { ClusterSet, HelmMode, HelmRelease, Include, Placement, Platform, Workspace, WorkspaceRole } from '@orrery/constructs';
const platform = new Platform({ id: '${this.id}' });
new ClusterSet(platform, 'clusters').add('alpha', { kubernetesVersion: '1.36' });
new Include(platform, 'objects', { file: 'objects.yaml', placement: Placement.everywhere() });
new HelmRelease(platform, 'chart', { chart: 'charts/sample', namespaceName: '${this.id}', values: { password: ${json(this.helm)} }, placement: Placement.everywhere() });
new HelmRelease(platform, 'native', { chart: 'charts/native', namespaceName: '${this.id}', values: { password: ${json(this.native)} }, mode: HelmMode.NATIVE, placement: Placement.everywhere() });
new Workspace(platform, '${this.id}-team', { machines: { robot: WorkspaceRole.VIEWER }, users: { ann: WorkspaceRole.VIEWER }, placement: Placement.everywhere() });
platform.synth();
`;
  }
}
