import { present } from '../../private/present-members';
import type {
  ArgoApplicationOptions,
  FluxDestination,
  FluxHelmReleaseOptions,
  FluxKustomizationOptions,
  FluxSource,
} from '../devops-application';
import { FluxSourceKind } from '../devops-application';
import type { DevOpsDeliveryProps } from '../devops-delivery-props';

export const GITOPS = 'gitops.kubesphere.io/v1alpha1';

interface NamedObject {
  readonly kind: string;
}

/** An Application of KubeSphere, which its controllers turn into one of Argo CD, or into a HelmRelease or Kustomizations of Flux. */
export function applicationObject(name: string, { project, application }: DevOpsDeliveryProps): NamedObject {
  const settings = application._settings();
  return {
    apiVersion: GITOPS,
    kind: 'Application',
    metadata: metadata(name, project.node.id),
    spec:
      settings.engine === 'argocd'
        ? { kind: 'argocd', argoApp: { spec: argoSpec(settings.options, project.node.id) } }
        : { kind: 'fluxcd', fluxApp: { spec: fluxSpec(settings, project.node.id) } },
  } as NamedObject;
}

function metadata(name: string, namespace: string): object {
  return { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'orrery' } };
}

/** The project of Argo CD has the name of the DevOps project (controllers/argocd). */
function argoSpec(options: ArgoApplicationOptions, project: string): object {
  const { source, destinationCluster, destinationNamespace, automated, prune, selfHeal, syncOptions } = options;
  const policy = present({
    automated: automated === true ? present({ prune, selfHeal }) : undefined,
    syncOptions,
  });
  return present({
    project,
    source: present({
      repoURL: source.repoUrl,
      targetRevision: source.targetRevision ?? 'HEAD',
      path: source.directory,
      chart: source.chart,
      helm: source.valueFiles === undefined ? undefined : { valueFiles: source.valueFiles },
    }),
    destination: present({
      name: destinationCluster ?? 'in-cluster',
      namespace: destinationNamespace,
    }),
    syncPolicy: Object.keys(policy).length === 0 ? undefined : policy,
  });
}

type FluxSettings =
  | { readonly engine: 'kustomization'; readonly options: FluxKustomizationOptions }
  | { readonly engine: 'helm'; readonly options: FluxHelmReleaseOptions };

function fluxSpec(settings: FluxSettings, project: string): object {
  const source = { sourceRef: sourceRef(settings.options.source, project) };
  const { interval = '10m', destinations } = settings.options;
  if (settings.engine === 'kustomization') {
    const { directory, prune = true } = settings.options;
    const kustomization = destinations.map((destination) =>
      present({ destination: destinationOf(destination), interval, path: directory, prune }),
    );
    return { source, config: { kustomization } };
  }
  const { chart, version, valueFiles, values, createNamespace } = settings.options;
  const deploy = destinations.map((destination) =>
    present({
      destination: destinationOf(destination),
      interval,
      values,
      install: createNamespace === true ? { createNamespace } : undefined,
    }),
  );
  return {
    source,
    config: { helmRelease: { chart: present({ chart, version, interval, valuesFiles: valueFiles }), deploy } },
  };
}

function sourceRef({ sourceKind, name, namespaceName }: FluxSource, project: string): object {
  return { kind: sourceKind ?? FluxSourceKind.GIT_REPOSITORY, name, namespace: namespaceName ?? project };
}

function destinationOf({ targetNamespace, kubeconfigSecret, kubeconfigKey = 'value' }: FluxDestination): object {
  const kubeConfig =
    kubeconfigSecret === undefined ? undefined : { secretRef: { name: kubeconfigSecret, key: kubeconfigKey } };
  return present({ targetNamespace, kubeConfig });
}

export function imageUpdaterObject(
  name: string,
  { project, imageUpdates }: DevOpsDeliveryProps,
): NamedObject | undefined {
  if (imageUpdates === undefined) return undefined;
  const { images, updateStrategy, allowTags, ignoreTags, platforms, secrets, writeToGit } = imageUpdates;
  return {
    apiVersion: GITOPS,
    kind: 'ImageUpdater',
    metadata: metadata(name, project.node.id),
    spec: {
      kind: 'argocd',
      // Settings are by alias (argocd-image-updater.argoproj.io/<alias>.allow-tags).
      images: Object.entries(images).map(([alias, image]) => `${alias}=${image}`),
      argo: present({
        app: { name },
        allowTags,
        ignoreTags,
        platforms,
        secrets,
        updateStrategy,
        write: writeToGit === true ? 'git' : 'built-in',
      }),
    },
  } as NamedObject;
}
