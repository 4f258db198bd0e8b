import manifest from '../package.json' with { type: 'json' };

/** Version of this package, "0.1.0". */
export const VERSION: string = manifest.version;
