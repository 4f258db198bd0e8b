import { Platform } from '@orrery/constructs';
import { addClusters } from './clusters.ts';
import { addPools } from './pools.ts';
import { addTenants } from './tenants.ts';
import { addWork } from './work.ts';

const platform = new Platform({ id: 'gpu-platform', displayName: 'GPU platform' });

addClusters(platform);
const pools = addPools(platform, addTenants(platform));
addWork(pools);

platform.synth();
