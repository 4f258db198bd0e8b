import { Construct } from 'constructs';
import type { Placement } from './placement';
import { checkedId } from './private/construct-id';
import { placedClusters } from './private/delivery';
import { recordLocation } from './private/location';
import { isDnsSubdomain } from './private/names';
import { type Problem, problemAt } from './private/problem';
import { type Rendering, renderLate } from './private/unit';

/** The highest that is not reserved for the system. */
const HIGHEST = 1_000_000_000;
const LOWEST = -(2 ** 31);

export interface PriorityClassProps {
  /** The clusters that have the class. */
  readonly placement: Placement;
  /** From −2147483648 to 1000000000; the higher goes first. */
  readonly value: number;
  /** Whether pods of the class, where there is no room, take the place of lower ones. @default true */
  readonly preempts?: boolean;
  /** Whether pods that name no class get this one; one class of a cluster may. @default false */
  readonly isDefault?: boolean;
  /** For people: when to use it. @default - none */
  readonly description?: string;
}

/** How important pods are: a PriorityClass in each cluster, which services name as `priorityClass`. */
export class PriorityClass extends Construct {
  /** Name of the class. */
  public readonly className: string;
  private readonly props: PriorityClassProps;

  /**
   * @param scope the platform or a construct of it
   * @param id name of the class: a DNS name that does not begin with "system-"
   */
  public constructor(scope: Construct, id: string, props: PriorityClassProps) {
    super(
      scope,
      checkedId(scope, id, (name) => isDnsSubdomain(name) && !name.startsWith('system-'), NAME_RULE),
    );
    recordLocation(this);
    this.className = id;
    this.props = props;
    renderLate(this, {
      clusters: (problems) => placedClusters(this, props.placement, problems),
      validate: (problems) => this.validate(problems),
      render: () => this.render(),
    });
  }

  private validate(problems: Problem[]): void {
    const { value } = this.props;
    if (Number.isSafeInteger(value) && value >= LOWEST && value <= HIGHEST) return;
    const fix = `Use a whole number from ${LOWEST} to ${HIGHEST}: those above are the system's.`;
    problems.push(problemAt(this, 'ORR2011', `The value of the priority class is ${value}.`, { fix }));
  }

  private render(): Rendering {
    const { value, preempts, isDefault, description } = this.props;
    const object = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: this.className, labels: { 'app.kubernetes.io/managed-by': 'orrery' } },
      value,
      preemptionPolicy: preempts === false ? 'Never' : 'PreemptLowerPriority',
      globalDefault: isDefault === true,
      ...(description === undefined ? {} : { description }),
    };
    return { entries: [{ path: this.node.path, owner: this, content: { type: 'object', object } }] };
  }
}

const NAME_RULE = 'lower-case letters, digits, "-" and ".", not beginning with "system-"';
