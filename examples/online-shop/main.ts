import { Placement, Platform } from '@orrery/constructs';
import { addClusters } from './clusters.ts';
import { addObservability } from './observability.ts';
import { addOperations } from './operations.ts';
import { addShop } from './shop.ts';

const platform = new Platform({ id: 'online-shop', displayName: 'Online shop' });

const clusters = addClusters(platform);
// Of six replicas five are in production.
const shop = addShop(platform, { ...clusters, placement: Placement.weighted({ 'nonprod-hz': 1, 'prod-sh': 5 }) });
addOperations(platform, clusters, shop);
addObservability(platform, clusters, shop);

platform.synth();
