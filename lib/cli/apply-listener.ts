import type { ApplyEvent, ClusterOutcome, Outcome } from '../apply/outcome.ts';
import { idKey } from '../kubernetes/object.ts';
import type { Plan } from '../plan/plan.ts';
import { applyEventText, outcomeText } from '../report/apply-text.ts';
import { EVENT_FORMAT, EVENT_FORMAT_VERSION, type EventRecord, eventLine } from '../report/json-report.ts';
import { outcomeMarkdown } from '../report/outcome-markdown.ts';
import { planMarkdown } from '../report/plan-markdown.ts';
import { planText } from '../report/plan-text.ts';
import { oneLine } from '../report/sanitize.ts';
import { platformName } from '../report/wording.ts';
import type { OutputFormat } from './options.ts';
import type { Screen } from './surroundings.ts';
import { VERSION } from './version.ts';

/** How long what happened may wait to be told with what happens next: each write of its own costs as much as a request. */
const TOGETHER_MS = 50;

/** Tells of an apply as it happens: text line by line, JSON record by record, Markdown at the end. */
export class ApplyListener {
  readonly #plan: Plan;
  readonly #screen: Screen;
  readonly #output: OutputFormat;
  readonly #verbose: boolean;
  readonly #width: number;
  readonly #waitedFor = new Set<string>();
  #told = '';
  #telling: NodeJS.Timeout | undefined;
  #started = 0;

  constructor(plan: Plan, screen: Screen, options: { readonly output: OutputFormat; readonly verbose: boolean }) {
    this.#plan = plan;
    this.#screen = screen;
    this.#output = options.output;
    this.#verbose = options.verbose;
    this.#width = Math.max(0, ...plan.clusters.map(({ cluster }) => oneLine(cluster).length));
  }

  /**
   * @param milliseconds how long planning took
   * @param goesOn an outcome follows, also where nothing is to be written
   */
  planned(milliseconds: number, goesOn: boolean): void {
    this.#started = performance.now();
    const { paint } = this.#screen;
    if (this.#output === 'text')
      this.#screen.out(planText(this.#plan, { paint, verbose: this.#verbose, milliseconds }));
    else if (this.#output === 'json') {
      this.#record({ type: 'version', format: EVENT_FORMAT, version: EVENT_FORMAT_VERSION, orrery: VERSION });
      this.#record({ type: 'plan', plan: this.#plan });
      if (!goesOn) this.#record({ type: 'outcome', outcome: nothingDone(this.#plan) });
    } else if (!goesOn) this.#screen.out(planMarkdown(this.#plan));
    if (this.#output === 'text' && this.#plan.changes) this.#screen.out('\n');
    this.flush();
  }

  event(event: ApplyEvent): void {
    if (this.#output === 'json') this.#record({ ...event, at: new Date().toISOString() });
    else if (this.#output === 'text' && this.#isNews(event)) {
      this.#tell(`${applyEventText(event, { paint: this.#screen.paint, clusterWidth: this.#width })}\n`);
    }
  }

  #tell(text: string): void {
    this.#told += text;
    this.#telling ??= setTimeout(() => this.flush(), TOGETHER_MS);
  }

  /** Prints what was not printed yet. Call when the apply ends, however it ends. */
  flush(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const told = this.#told;
    this.#told = '';
    this.#screen.out(told);
  }

  /** That something is ready is news to people only when it was waited for: a ConfigMap is ready when it is written. */
  #isNews(event: ApplyEvent): boolean {
    // Nothing is to be written anywhere: that a cluster has nothing to do was said.
    if (!this.#plan.changes && event.type === 'cluster-started') return false;
    if (!this.#plan.changes && event.type === 'cluster-finished') return event.outcome.status !== 'done';
    if (event.type === 'object-waiting') this.#waitedFor.add(`${event.cluster}|${idKey(event.id)}`);
    return event.type !== 'object-ready' || this.#waitedFor.has(`${event.cluster}|${idKey(event.id)}`);
  }

  interrupted(signal: string): void {
    this.flush();
    this.#screen.err(`\n${signal}: finishing what is being written. Once more ends at once.\n`);
  }

  finished(outcome: Outcome): void {
    this.flush();
    // Every wave was through before: what the plan said is all there is to say.
    if (
      !this.#plan.changes &&
      this.#output !== 'json' &&
      outcome.waves?.every(({ status }) => status === 'unchanged')
    ) {
      if (this.#output === 'markdown') this.#screen.out(planMarkdown(this.#plan));
      return;
    }
    const milliseconds = performance.now() - this.#started;
    const done = this.#plan.purpose === 'destroy' ? 'removed' : 'applied';
    if (this.#output === 'json') {
      this.#record({ type: 'outcome', outcome });
      this.flush();
    } else if (this.#output === 'markdown') this.#screen.out(outcomeMarkdown(platformName(this.#plan), outcome, done));
    else
      this.#screen.out(
        `\n${outcomeText(outcome, { paint: this.#screen.paint, clusterWidth: this.#width, milliseconds, done })}`,
      );
  }

  #record(record: EventRecord): void {
    this.#tell(eventLine(record));
  }
}

/** The outcome of a plan without changes: nothing was tried. */
function nothingDone(plan: Plan): Outcome {
  return {
    clusters: plan.clusters.map((cluster): ClusterOutcome => {
      const failures = cluster.items.flatMap(({ id, problem }) => (problem === undefined ? [] : [{ id, problem }]));
      const status = cluster.problem !== undefined || failures.length > 0 ? 'failed' : 'done';
      return {
        cluster: cluster.cluster,
        status,
        written: 0,
        deleted: 0,
        unchanged: cluster.unchanged,
        failures,
        skipped: [],
        problem: cluster.problem,
        milliseconds: 0,
      };
    }),
  };
}
