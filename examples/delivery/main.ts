import { Platform } from '@orrery/constructs';
import { addClusters } from './clusters.ts';
import { addDefinitions } from './definitions.ts';
import { addPipeline } from './pipeline.ts';
import { addShop } from './shop.ts';

const platform = new Platform({ id: 'delivery', displayName: 'Delivery' });

const clusters = addClusters(platform);
addDefinitions(clusters);
addShop(platform);
addPipeline(platform, clusters.cluster('ops'));

platform.synth();
