import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DIRECTORY_TARGETS, ORRERY, program, TestProject } from './project.ts';

/** `orrery synth --watch`, and what it has said so far. */
class Watching {
  out = '';
  err = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(project: TestProject) {
    this.#child = spawn(process.execPath, [ORRERY, 'synth', '--watch'], {
      cwd: project.folder,
      env: { PATH: process.env.PATH ?? '', HOME: project.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.out += String(chunk);
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.err += String(chunk);
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  /** When it waits for the nth time. */
  async waits(nth: number): Promise<void> {
    await vi.waitFor(() => expect(this.err.split('watching .;').length - 1, this.err).toBe(nth), 30_000);
  }

  async end(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.#ended;
  }
}

describe('orrery synth --watch', { timeout: 120_000 }, () => {
  it('runs the program at every change, says what became another, and outlives mistakes', async () => {
    const project = new TestProject({ 'main.ts': program(), 'cdk8s.yaml': DIRECTORY_TARGETS });
    const watching = new Watching(project);
    await watching.waits(1);
    expect(watching.out).toMatch(/^cli-test · 2 clusters · .* → dist\n$/);

    project.write('main.ts', program({ replicas: 8 }));
    await watching.waits(2);
    expect(watching.err).toContain('changed: main.ts\n');
    expect(watching.out).toMatch(/ {2}~ north {2}Deployment\/mall\/cart\n {2}~ south {2}Deployment\/mall\/cart\n$/);

    project.write('main.ts', program({ extra: 'nothing.here();' }));
    await watching.waits(3);
    expect(watching.err).toContain('error ORR1003  main.ts:9');

    project.write('main.ts', program({ replicas: 8, clusters: ['north'] }));
    await watching.waits(4);
    expect(watching.out).toContain('  - south  Deployment/mall/cart\n');
    expect(await watching.end()).toBe(0);
  });

  it('sees files in new folders, none that is written again as it was, and not what the program writes', async () => {
    const own = "import { writeFileSync } from 'node:fs';\nwriteFileSync('generated.json', '{}');\n";
    const project = new TestProject({ 'main.ts': own + program(), 'cdk8s.yaml': DIRECTORY_TARGETS });
    const watching = new Watching(project);
    await watching.waits(1);
    project.write('lib/deep/cart.ts', 'export const replicas = 3;\n');
    await vi.waitFor(() => expect(watching.err).toContain('lib/deep/cart.ts'), 30_000);
    const seen = watching.err;
    project.write('lib/deep/cart.ts', 'export const replicas = 3;\n');
    project.write('main.ts', own + program());
    project.write('lib/deep/cart.ts', 'export const replicas = 4;\n');
    await vi.waitFor(() => expect(watching.err.slice(seen.length)).toContain('changed: lib/deep/cart.ts\n'), 30_000);
    rmSync(path.join(project.folder, 'lib'), { recursive: true });
    await vi.waitFor(() => expect(watching.err.split('changed: lib/deep/cart.ts\n').length).toBeGreaterThan(2), 30_000);
    expect(watching.err).not.toContain('dist');
    expect(watching.err.split('generated.json').length).toBeLessThan(3);
    expect(await watching.end()).toBe(0);
  });
});
