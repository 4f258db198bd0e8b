// npm start: the example platform, from its program to three directory targets, and once more to see that nothing is left to do.
import { orreryInExample } from './platform.mjs';
import { say } from './set-up.mjs';

const orrery = await orreryInExample();
await orrery('synth');
await orrery('plan');
await orrery('apply', '--yes');
await orrery('plan');
say(
  '\nThe platform lies in examples/online-shop/targets, a folder per cluster. Its program: examples/online-shop/main.ts.',
);
