import { present } from '../../private/present-members';
import type { SourceToImageProps, SourceToImageRun, SourceToImageTemplateProps } from '../source-to-image-props';

export const S2I = 'devops.kubesphere.io/v1alpha1';
const MANAGED = { 'app.kubernetes.io/managed-by': 'orrery' };

interface NamedObject {
  readonly id: string;
  readonly object: object;
  /** Fields that KubeSphere writes when somebody uploads. */
  readonly uploaded?: readonly string[];
}

export function s2iObjects(name: string, props: SourceToImageProps): NamedObject[] {
  const upload = props.input._upload();
  return [
    ...(upload === undefined
      ? []
      : [
          {
            id: 'S2iBinary',
            uploaded: ['spec.md5', ...(upload.size === undefined ? [] : ['spec.size'])],
            object: {
              apiVersion: S2I,
              kind: 'S2iBinary',
              metadata: { name, namespace: props.namespaceName, labels: MANAGED },
              spec: present({ fileName: props.input._place(), md5: upload.md5, size: upload.size }),
            },
          },
        ]),
    { id: 'S2iBuilder', object: builder(name, props) },
    ...(props.runs ?? []).map((run) => ({ id: `S2iRun/${run.name}`, object: runObject(name, run, props) })),
  ];
}

/** As the console of KubeSphere writes it: kinds of builds are told apart by a label. */
function builder(name: string, props: SourceToImageProps): object {
  const { input, image, tag, builderImage, template, pushSecret, pullSecret, runtimeImage, environment, description } =
    props;
  const { revision, directory, secret } = input._source();
  const isBinary = input._kind() !== 'git';
  const variables = Object.entries(environment ?? {}).map(([key, value]) => ({ name: key, value }));
  return {
    apiVersion: S2I,
    kind: 'S2iBuilder',
    metadata: {
      name,
      namespace: props.namespaceName,
      labels: { ...MANAGED, 's2i-type.kubesphere.io': isBinary ? 'b2i' : 's2i' },
    },
    spec: present({
      config: present({
        sourceUrl: addressOf(name, props),
        isBinaryURL: isBinary ? true : undefined,
        revisionId: revision,
        contextDir: directory,
        gitSecretRef: secret === undefined ? undefined : { name: secret },
        builderImage,
        builderPullPolicy: 'if-not-present',
        runtimeImage,
        imageName: image,
        tag: tag ?? 'latest',
        pushAuthentication: { secretRef: { name: pushSecret } },
        pullAuthentication: pullSecret === undefined ? undefined : { secretRef: { name: pullSecret } },
        environment: variables.length === 0 ? undefined : variables,
        description,
        export: true,
        outputBuildResult: true,
      }),
      fromTemplate: template === undefined ? undefined : present({ name: template, builderImage }),
    }),
  };
}

/** What was uploaded is served by the API of KubeSphere (kubesphere pkg/models/devops, GetS2iBinaryURL). */
function addressOf(name: string, { input, namespaceName }: SourceToImageProps): string {
  if (input._kind() !== 'uploaded') return input._place();
  const api = 'http://ks-apiserver.kubesphere-system.svc/kapis/devops.kubesphere.io/v1alpha2';
  return `${api}/namespaces/${namespaceName}/s2ibinaries/${name}/file/${input._place()}`;
}

function runObject(builderName: string, run: SourceToImageRun, { namespaceName }: SourceToImageProps): object {
  return {
    apiVersion: S2I,
    kind: 'S2iRun',
    metadata: { name: run.name, namespace: namespaceName, labels: MANAGED },
    spec: present({
      builderName,
      newTag: run.tag,
      newRevisionId: run.revision,
      newSourceURL: run.artifactUrl,
      backoffLimit: run.backoffLimit,
      secondsAfterFinished: run.secondsAfterFinished,
    }),
  };
}

export function builderTemplateObject(name: string, props: SourceToImageTemplateProps): object {
  const { codeFramework, containers, description, parameters = {}, binary, version } = props;
  const environment = Object.entries(parameters).map(([key, defaultValue]) => ({ key, type: 'string', defaultValue }));
  return {
    apiVersion: S2I,
    kind: 'S2iBuilderTemplate',
    metadata: {
      name,
      labels: {
        ...MANAGED,
        [`builder-type.kubesphere.io/${binary === true ? 'b2i' : 's2i'}`]: binary === true ? 'b2i' : 's2i',
      },
    },
    spec: present({
      codeFramework,
      defaultBaseImage: containers[0]?.builderImage,
      containerInfo: containers.map(({ builderImage, runtimeImage, runtimeArtifacts }) =>
        present({
          builderImage,
          runtimeImage,
          runtimeArtifacts:
            runtimeArtifacts === undefined
              ? undefined
              : Object.entries(runtimeArtifacts).map(([source, destination]) => ({ source, destination })),
        }),
      ),
      environment: environment.length === 0 ? undefined : environment,
      description,
      version: version ?? '0.0.1',
    }),
  };
}
