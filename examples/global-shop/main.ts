import { Placement, Platform, Rollout } from '@orrery/constructs';
import { addClusters } from './clusters.ts';
import { addRecovery } from './recovery.ts';
import { addShop } from './shop.ts';
import { addTenant } from './tenant.ts';

const platform = new Platform({ id: 'global-shop', displayName: 'Global shop' });

const clusters = addClusters(platform);
const retail = addTenant(platform);
const mall = addShop(platform, retail);
addRecovery(platform, clusters, mall);

// One region after the other, Guangzhou first: what is wrong is wrong for the fewest. With real clusters as targets a wave also has gates and a soak time.
new Rollout(platform, 'rollout', {
  waves: [{ name: 'first', clusters: Placement.named('prod-gz') }],
  maxParallelClusters: 1,
});

platform.synth();
