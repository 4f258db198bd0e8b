import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as listener } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ALERTMANAGER } from './amtool.ts';

/** What Alertmanager posts to a webhook, as far as it is looked at. */
export interface Notification {
  /** Where to: "/oncall". */
  readonly url: string;
  readonly groupLabels: { readonly [name: string]: string };
  readonly alerts: readonly { readonly status: string; readonly labels: { readonly [name: string]: string } }[];
}

/** A server of the test: metrics that Prometheus takes, and what Alertmanager posts. */
export class WatchedServer {
  public readonly notifications: Notification[] = [];
  /** Lines that are exposed: 'up_to_us{a="b"} 1'. */
  public metrics: readonly string[] = [];
  private readonly server: Server;

  private constructor(server: (of: WatchedServer) => Server) {
    this.server = server(this);
  }

  public static async start(): Promise<WatchedServer> {
    const watched = new WatchedServer((of) =>
      createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8');
        request.on('data', (text: string) => {
          body += text;
        });
        request.on('end', () => {
          if (request.method === 'POST') of.notifications.push({ url: request.url ?? '', ...JSON.parse(body) });
          response.end(request.method === 'GET' ? `${of.metrics.join('\n')}\n` : '');
        });
      }),
    );
    await new Promise<void>((done) => watched.server.listen(0, '127.0.0.1', done));
    return watched;
  }

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What came to an address. */
  public to(url: string): Notification[] {
    return this.notifications.filter((one) => one.url === url);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** A real Prometheus and a real Alertmanager, on free ports of this machine, with a folder of their own. */
export class AlertingServers {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'orrery-alerting-'));
  private readonly processes: ChildProcess[] = [];
  private output = '';

  private readonly alertmanager: string;
  private readonly prometheus: string;

  private constructor(alertmanager: string, prometheus: string) {
    this.alertmanager = alertmanager;
    this.prometheus = prometheus;
  }

  /**
   * @param configuration of Alertmanager
   * @param groups of rules
   * @param metrics host and port that Prometheus scrapes
   */
  public static async start(configuration: object, groups: unknown, metrics: string): Promise<AlertingServers> {
    const servers = new AlertingServers(`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`);
    const write = (file: string, content: unknown) => {
      const whole = path.join(servers.folder, file);
      writeFileSync(whole, JSON.stringify(content));
      return whole;
    };
    const data = path.join(servers.folder, 'data');
    mkdirSync(data);
    servers.run(ALERTMANAGER, [
      `--config.file=${write('alertmanager.yaml', configuration)}`,
      `--storage.path=${data}`,
      `--web.listen-address=${servers.alertmanager}`,
      '--cluster.listen-address=',
    ]);
    const prometheus = {
      global: { scrape_interval: '1s', evaluation_interval: '1s', external_labels: { cluster: 'sh' } },
      alerting: { alertmanagers: [{ static_configs: [{ targets: [servers.alertmanager] }] }] },
      rule_files: [write('rules.yaml', { groups })],
      scrape_configs: [{ job_name: 'all', honor_labels: true, static_configs: [{ targets: [metrics] }] }],
    };
    servers.run('prometheus', [
      `--config.file=${write('prometheus.yaml', prometheus)}`,
      `--storage.tsdb.path=${path.join(data, 'tsdb')}`,
      `--web.listen-address=${servers.prometheus}`,
      // It drops what it cannot send before it knows Alertmanager, and sends it again after a minute otherwise.
      '--rules.alert.resend-delay=1s',
    ]);
    return servers;
  }

  /** Silences alerts for an hour, as a person does. */
  public silence(...matchers: string[]): void {
    const { status, stderr } = spawnSync(
      'amtool',
      [
        'silence',
        'add',
        `--alertmanager.url=http://${this.alertmanager}`,
        '--comment=test',
        '--author=test',
        ...matchers,
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
  }

  /** Alerts that Alertmanager has, with what it does to each: "ServiceDown cart active". */
  public async alerts(): Promise<string[]> {
    const response = await fetch(`http://${this.alertmanager}/api/v2/alerts`);
    const alerts = (await response.json()) as {
      readonly labels: { readonly [name: string]: string };
      readonly status: { readonly inhibitedBy: string[]; readonly silencedBy: string[] };
    }[];
    return alerts
      .map(({ labels, status }) => {
        const { silencedBy, inhibitedBy } = status;
        const state = silencedBy.length > 0 ? 'silenced' : inhibitedBy.length > 0 ? 'inhibited' : 'active';
        return `${labels.alertname} ${labels.service ?? ''} ${state}`;
      })
      .sort();
  }

  /** Tries until it holds; what did not hold last, and what the servers said, is the error. */
  public async until(hold: () => void | Promise<void>): Promise<void> {
    const end = performance.now() + 60_000;
    for (;;) {
      try {
        return await hold();
      } catch (error) {
        if (performance.now() > end) throw new Error(`${String(error)}\n${this.output.slice(-4000)}`);
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(
      this.processes.map(async (child) => {
        if (child.exitCode !== null) return;
        const ended = new Promise((done) => child.once('exit', done));
        child.kill('SIGKILL');
        await ended;
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: string, args: readonly string[]): void {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        this.output += text;
      });
    }
    this.processes.push(child);
  }
}

async function freePort(): Promise<number> {
  const server = listener();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
