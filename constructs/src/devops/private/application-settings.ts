import type { ArgoApplicationOptions, FluxHelmReleaseOptions, FluxKustomizationOptions } from '../devops-application';

/** An application by what keeps it. */
export type ApplicationSettings =
  | { readonly engine: 'argocd'; readonly options: ArgoApplicationOptions }
  | { readonly engine: 'kustomization'; readonly options: FluxKustomizationOptions }
  | { readonly engine: 'helm'; readonly options: FluxHelmReleaseOptions };
