import type { DevOpsApplication } from './devops-application';
import type { DevOpsProject } from './devops-project';

/** Newer images of an application of Argo CD, without a pipeline (argocd-image-updater). */
export interface ImageUpdates {
  /** Images by a short name, which everything else here is by: { "cart": "registry.example.com/shop/cart" }. */
  readonly images: { [name: string]: string };
  /** How the newest is found, by name: "semver", "latest", "digest", "name". @default - semver */
  readonly updateStrategy?: { [name: string]: string };
  /** Regular expressions for tags that count, by name. @default - all */
  readonly allowTags?: { [name: string]: string };
  /** Patterns of tags that do not, by name. @default - none */
  readonly ignoreTags?: { [name: string]: string };
  /** Platforms, by name. @default - that of the controller */
  readonly platforms?: { [name: string]: string };
  /** Secrets that the registry is read with, by name: "pullsecret:namespace/name". @default - none */
  readonly secrets?: { [name: string]: string };
  /** What is found is written into the repository, and not only into the cluster. @default false */
  readonly writeToGit?: boolean;
}

/** Of continuous delivery in KubeSphere DevOps. */
export interface DevOpsDeliveryProps {
  /** The DevOps project that it is in. */
  readonly project: DevOpsProject;
  /** What is delivered, and by what. */
  readonly application: DevOpsApplication;
  /** Only with Argo CD. @default - images stay as the repository says */
  readonly imageUpdates?: ImageUpdates;
}
