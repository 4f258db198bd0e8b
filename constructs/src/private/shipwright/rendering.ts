import type { ImageInput } from '../../devops/image-input';
import type { ImageBuildProps, ImageBuildRun } from '../../image-build/image-build-props';
import { type BuildParameterValue, ImageBuildStrategy } from '../../image-build/image-build-strategy';
import { present } from '../present-members';
import { goDuration } from '../tekton/durations';
import { environment } from '../tekton/rendering';

const API_VERSION = 'shipwright.io/v1beta1';

/** The strategy of a build. */
export function strategyOf({ strategy }: ImageBuildProps): ReturnType<ImageBuildStrategy['_strategy']> {
  return (strategy ?? ImageBuildStrategy.buildpacks())._strategy();
}

export function shipwrightObjects(name: string, props: ImageBuildProps): object[] {
  const { namespaceName: namespace, runs = [] } = props;
  const build = { apiVersion: API_VERSION, kind: 'Build', metadata: { name, namespace }, spec: buildSpec(props) };
  return [
    build,
    ...runs.map((run) => ({
      apiVersion: API_VERSION,
      kind: 'BuildRun',
      metadata: { name: run.name, namespace },
      spec: runSpec(name, run, props),
    })),
  ];
}

function buildSpec(props: ImageBuildProps): object {
  const { name, kind, parameters } = strategyOf(props);
  const { timeout, retention, triggers, triggerSecret, scan } = props;
  return present({
    source: source(props.input),
    strategy: { name, kind },
    paramValues: paramValues({ ...parameters, ...props.parameters }),
    output: present({
      image: props.image,
      pushSecret: props.pushSecret,
      insecure: props.insecure,
      labels: props.imageLabels,
      annotations: props.imageAnnotations,
      vulnerabilityScan:
        scan === undefined
          ? undefined
          : present({ enabled: true, failOnFinding: scan.failOnFinding, ignore: ignored(scan) }),
    }),
    env: environment(props.environment, props.secretEnvironment),
    timeout: timeout === undefined ? undefined : goDuration(timeout),
    retention:
      retention === undefined
        ? undefined
        : present({
            failedLimit: retention.failedLimit,
            succeededLimit: retention.succeededLimit,
            ttlAfterFailed: duration(retention.afterFailure),
            ttlAfterSucceeded: duration(retention.afterSuccess),
            atBuildDeletion: retention.withBuild,
          }),
    trigger:
      triggers === undefined
        ? undefined
        : present({
            when: triggers.map((trigger) => ({ name: trigger._when().name, ...trigger._when().fields })),
            triggerSecret,
          }),
    nodeSelector: props.nodeSelector,
  });
}

function ignored(scan: NonNullable<ImageBuildProps['scan']>): object | undefined {
  const ignore = present({ severity: scan.ignoreUpTo, unfixed: scan.ignoreUnfixed, id: scan.ignoreIds });
  return Object.keys(ignore).length === 0 ? undefined : ignore;
}

function duration(text: string | undefined): string | undefined {
  return text === undefined ? undefined : goDuration(text);
}

/** How the input reaches a build (pkg/apis/build/v1beta1/source.go). */
function source(input: ImageInput): object {
  const { revision, directory, secret } = input._source();
  switch (input._kind()) {
    case 'git':
      return present({
        type: 'Git',
        contextDir: directory,
        git: present({ url: input._place(), revision, cloneSecret: secret }),
      });
    case 'artifact':
      return present({
        type: 'OCI',
        contextDir: directory,
        ociArtifact: present({ image: input._place(), pullSecret: secret }),
      });
    default:
      return present({
        type: 'Local',
        contextDir: directory,
        local: present({ name: input._place(), timeout: '5m0s' }),
      });
  }
}

function paramValues(values: { readonly [name: string]: BuildParameterValue }): object[] | undefined {
  const list = Object.entries(values).map(([name, value]) => ({ name, ...value._fields }));
  return list.length === 0 ? undefined : list;
}

function runSpec(build: string, run: ImageBuildRun, { pushSecret }: ImageBuildProps): object {
  return present({
    build: { name: build },
    paramValues: paramValues(run.parameters ?? {}),
    output: run.image === undefined ? undefined : present({ image: run.image, pushSecret }),
    timeout: duration(run.timeout),
    serviceAccount: run.serviceAccountName,
  });
}
