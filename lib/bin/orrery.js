#!/usr/bin/env node
// The command's entry: says clearly when Node is too old, which the bundle's own imports could not.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`orrery needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  await import('../dist/orrery.js');
}
