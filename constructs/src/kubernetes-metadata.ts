/** Metadata of an object, as far as a program says it. */
export interface KubernetesMetadata {
  /** Name. @default - made of the construct's path, as cdk8s does */
  readonly name?: string;
  /** Namespace. In the API: `namespace`. @default - that of the chart */
  readonly inNamespace?: string;
  /** Labels, beside those of the chart. */
  readonly labels?: { readonly [key: string]: string };
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
  /** Finalizers. */
  readonly finalizers?: string[];
}
