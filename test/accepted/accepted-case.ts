import type { Platform } from '@orrery/constructs';
import type { KubernetesObject } from '../../lib/kubernetes/object.ts';

/** What a construct emits, and the definitions of other projects that it is written for. */
export interface AcceptedCase {
  /** Ends the title "… is accepted as emitted, and with no field name changed". */
  readonly title: string;
  /** Folders or files below `../shared/data/crds`: "velero.io", "keda.sh/scaledobjects.keda.sh.yaml"; what is not there: "./definitions/…". */
  readonly crds: readonly string[];
  /** Kinds that must be among the emitted objects, so that a program that emits nothing fails. */
  readonly kinds: readonly string[];
  /** Adds clusters and constructs to an empty platform. Objects of every cluster are tried on one API server of Kubernetes 1.36. */
  program(platform: Platform): void;
  /**
   * Kinds whose definitions keep whatever they get, and what a rule table of ours says of such an object: '' where nothing is wrong. It has to refuse what the server cannot see, every name
   * in `spec` misnamed.
   */
  readonly judged?: { readonly kinds: readonly string[]; judge(object: KubernetesObject): string };
  /** What a verb prints of the assembly for somebody to apply. @param folder of the assembly */
  printed?(folder: string): Promise<readonly KubernetesObject[]>;
}
