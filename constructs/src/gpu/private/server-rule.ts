import type { GpuServerProgram, KserveModel, VllmServer } from '../gpu-service-props';

/** What answers in a service, as the program says it. */
export type ServerRule =
  | { readonly kind: 'vllm'; readonly server: VllmServer }
  | { readonly kind: 'kserve'; readonly model: KserveModel }
  | { readonly kind: 'container'; readonly program: GpuServerProgram };
