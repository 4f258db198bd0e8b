// Makes a fresh clone ready: lockfile install when needed, build when needed. Runs on Node 20, before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const stamps = join(root, 'node_modules', '.cache', 'orrery');

/** Says what is being done; talk goes to stderr, data to stdout. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Installs and builds what is missing or stale. Returns the Node binary that everything else runs on. */
export async function setUp({ build = true } = {}) {
  await install();
  const node = pinnedNode();
  if (build) await buildStale(node);
  return node;
}

/** Runs a command in the foreground; resolves with its exit code. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
        ...env,
      },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit'],
      shell: windows && command === 'npm',
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0 && quiet) say(output);
      resolve(code ?? (signal ? 128 : 1));
    });
  });
}

/** Like `run`, and ends this process with the command's code when it fails. */
export async function must(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) {
    say(`\n${[command === process.execPath ? 'node' : command, ...args].join(' ')} failed (exit ${code}).`);
    process.exit(code);
  }
}

async function install() {
  if (installed()) return;
  say('Installing the locked dependencies (npm ci) …');
  await must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** True when every package of the lockfile that this platform needs is in node_modules at its locked version. */
function installed() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional || entry.devOptional || entry.link) return true;
    return present[path]?.version === entry.version;
  });
}

/**
 * The Node of the locked platform package (24.x); on a platform without one the machine's own, when it is new enough.
 */
export function pinnedNode() {
  const binary = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
  if (existsSync(binary)) return binary;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  say(
    `Orrery needs Node 22.19 or newer; this is ${process.versions.node}, and no pinned Node exists for ${process.platform}-${process.arch}.`,
  );
  process.exit(1);
}

async function buildStale(node) {
  const constructs = fingerprint([
    'constructs/src',
    'constructs/package.json',
    'constructs/tsconfig.json',
    'package-lock.json',
  ]);
  await buildOne('constructs', constructs, 'constructs/lib/index.js', () =>
    must(node, [join(root, 'node_modules/jsii/bin/jsii'), '--fail-on-warnings', '--tsconfig', 'tsconfig.json'], {
      cwd: join(root, 'constructs'),
      quiet: true,
    }),
  );
  const lib = fingerprint([
    'lib',
    'constructs/src/assembly-format.ts',
    'constructs/src/yaml.ts',
    'constructs/src/built-in-kinds.ts',
    'constructs/src/duration.ts',
    'package-lock.json',
  ]);
  await buildOne('lib', lib, 'lib/dist/orrery.js', () =>
    must(node, [join(root, 'node_modules/tsdown/dist/run.mjs'), '--logLevel', 'warn'], {
      cwd: join(root, 'lib'),
      quiet: true,
    }),
  );
}

async function buildOne(name, digest, product, build) {
  const stamp = join(stamps, `${name}.built`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(join(root, product))) return;
  say(`Building ${name} …`);
  await build();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
}

/** Digest over the sources that a build reads: paths and contents, tests and products left out. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const status = statSync(path);
    if (status.isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (['node_modules', 'dist', 'modules'].includes(name) || name.startsWith('.')) continue;
        visit(join(path, name));
      }
    } else if (!/\.test\.ts$|\.md$/.test(path)) {
      hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
    }
  };
  for (const path of paths) if (existsSync(join(root, path))) visit(join(root, path));
  return hash.digest('hex');
}
