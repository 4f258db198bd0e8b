/** Parameters of a strategy by name: whether they are a list. */
interface StrategyParameters {
  readonly [name: string]: 'text' | 'texts';
}

interface Strategy {
  readonly parameters: StrategyParameters;
  /** Without a default. */
  readonly needed: readonly string[];
  /** Whether it reads a Dockerfile. */
  readonly dockerfile: boolean;
}

/** The strategies of Shipwright's samples (shipwright-io/build samples/v1beta1/buildstrategy/*). */
export const STRATEGIES: { readonly [name: string]: Strategy } = {
  'buildpacks-v3': {
    parameters: { 'platform-api-version': 'text', 'insecure-registries': 'texts' },
    needed: [],
    dockerfile: false,
  },
  'source-to-image': { parameters: { 'builder-image': 'text' }, needed: ['builder-image'], dockerfile: false },
  ko: {
    parameters: {
      'go-flags': 'text',
      'go-version': 'text',
      'ko-version': 'text',
      'package-directory': 'text',
      'target-platform': 'text',
    },
    needed: [],
    dockerfile: false,
  },
  buildkit: {
    parameters: {
      'build-args': 'texts',
      cache: 'text',
      dockerfile: 'text',
      platforms: 'texts',
      secrets: 'texts',
      target: 'text',
    },
    needed: [],
    dockerfile: true,
  },
  'buildah-shipwright-managed-push': {
    parameters: {
      'build-args': 'texts',
      'registries-block': 'texts',
      'registries-insecure': 'texts',
      'registries-search': 'texts',
      dockerfile: 'text',
      'storage-driver': 'text',
      target: 'text',
    },
    needed: [],
    dockerfile: true,
  },
  kaniko: { parameters: { dockerfile: 'text' }, needed: [], dockerfile: true },
};
