// npm run sandbox: what `npm start` does, against three real Kubernetes control planes on loopback (needs Go ≥ 1.26 the first time).
import { orreryInExample } from './platform.mjs';
import { say } from './set-up.mjs';

const orrery = await orreryInExample();
await orrery('sandbox', 'up');
await orrery('plan', '--sandbox');
await orrery('apply', '--sandbox', '--yes');
await orrery('plan', '--sandbox');
say(
  '\nThree control planes are running. Look around with kubectl: orrery sandbox status names the kubeconfig. End them with:',
);
say('  cd examples/online-shop && npx orrery sandbox down');
