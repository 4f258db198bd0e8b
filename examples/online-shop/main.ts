import { Platform } from '@orrery/constructs';
import { addClusters } from './clusters.ts';
import { addOperations } from './operations.ts';
import { addShop } from './shop.ts';

const platform = new Platform({ id: 'online-shop', displayName: 'Online shop' });

const clusters = addClusters(platform);
const shop = addShop(platform, clusters);
addOperations(platform, clusters, shop);

platform.synth();
