import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { Platform } from '../platform';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { type Problem, problemAt } from '../private/problem';
import { saidTwice } from '../private/said-twice';
import { type RenderedDocument, type Rendering, renderLate } from '../private/unit';
import type { PipelineBackend } from './pipeline-backend';
import type { PipelineDefinition } from './pipeline-definition';
import type { EnginePipeline, PipelineEngine } from './private/pipeline-engine';
import { reportShortcomings } from './private/shortcomings';

export interface PipelineProps {
  /** What it does: stages and steps, or one of `PipelineTemplate`. */
  readonly definition: PipelineDefinition;
  /** What it becomes, at least one. */
  readonly backends: PipelineBackend[];
}

/** A pipeline: what is done with a revision of some sources, told once, for one or several build servers. */
export class Pipeline extends Construct {
  private readonly engines: readonly PipelineEngine[];
  private readonly definition: PipelineDefinition;
  /** Whether the definition has no mistakes of its own: of one that has nothing can be made. */
  private isSound = true;
  private places: ReadonlyMap<PipelineEngine, readonly Cluster[]> = new Map();

  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the pipeline
   */
  public constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.definition = props.definition;
    this.engines = props.backends.map((backend) => backend._engine());
    for (const needed of this.engines.flatMap(({ needs = [] }) => needs)) this.node.addDependency(needed);
    renderLate(this, {
      clusters: (problems) => this.clusters(problems),
      validate: (problems) => this.validate(problems),
      render: (cluster, problems) => this.render(cluster, problems),
      documents: () => this.documents(),
    });
  }

  private get seen(): EnginePipeline {
    return { construct: this, name: this.node.id, definition: this.definition, tree: this.definition._tree() };
  }

  private clusters(problems: Problem[]): Cluster[] {
    this.places = new Map(this.engines.map((engine) => [engine, engine.clusters?.(this.seen, problems) ?? []]));
    const all = new Set([...this.places.values()].flat());
    return Platform.of(this).clusters.filter((cluster) => all.has(cluster));
  }

  private validate(problems: Problem[]): void {
    if (this.engines.length === 0) {
      const fix = 'Say what it becomes, e.g. backends: [PipelineBackend.jenkinsfile()].';
      problems.push(problemAt(this, 'ORR2012', 'The pipeline has no back-end, and becomes nothing.', { fix }));
    }
    const ids = this.engines.map(({ id }) => id);
    for (const id of saidTwice(ids)) {
      const what = `Two back-ends of the pipeline make the same thing (${id}).`;
      problems.push(problemAt(this, 'ORR2004', what, { fix: 'Keep one of them, or make a second pipeline.' }));
    }
    const mistakes = this.definition._problems();
    this.isSound = mistakes.length === 0;
    for (const problem of mistakes) problems.push({ ...problem, path: this.node.path });
    if (!this.isSound) return;
    for (const engine of this.engines) {
      reportShortcomings(this, engine.kind, this.seen.tree, problems);
      engine.validate(this.seen, problems);
    }
  }

  private render(cluster: Cluster, problems: Problem[]): Rendering {
    if (!this.isSound) return { entries: [] };
    const renderings = this.engines
      .filter((engine) => this.places.get(engine)?.includes(cluster) === true)
      .map((engine) => engine.render?.(this.seen, cluster, problems));
    return {
      entries: renderings.flatMap((rendering) => rendering?.entries ?? []),
      assets: renderings.flatMap((rendering) => rendering?.assets ?? []),
    };
  }

  private documents(): RenderedDocument[] {
    if (!this.isSound) return [];
    return this.engines.flatMap((engine) => engine.documents?.(this.seen) ?? []);
  }
}
