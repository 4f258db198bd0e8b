import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import { type TaskSpec, taskObject } from '../private/tekton/objects';
import { taskSpec } from '../private/tekton/rendering';
import { taskFindings } from '../private/tekton/task-rules';
import type { TektonSidecar, TektonStep, TektonVolume } from './tekton-step';
import type { TektonParam, TektonResult, TektonWorkspace } from './tekton-value';

/** What a task does. */
export interface TektonTaskSpec {
  /** What runs, one step after another. */
  readonly steps: TektonStep[];
  /** For people. @default - none */
  readonly description?: string;
  /** @default - none */
  readonly parameters?: TektonParam[];
  /** @default - none */
  readonly workspaces?: TektonWorkspace[];
  /** @default - none */
  readonly results?: TektonResult[];
  /** @default - none */
  readonly sidecars?: TektonSidecar[];
  /** @default - none */
  readonly volumes?: TektonVolume[];
}

export interface TektonTaskProps extends TektonTaskSpec {
  /** The clusters that have it. */
  readonly placement: Placement;
  readonly namespaceName: string;
}

/** A Task of Tekton (`tekton.dev/v1`). */
export class TektonTask extends Construct {
  /** The namespace that it is in. */
  public readonly namespaceName: string;
  private readonly props: TektonTaskProps;

  /** @param id a DNS label; name of the Task */
  public constructor(scope: Construct, id: string, props: TektonTaskProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.namespaceName = props.namespaceName;
    this.props = props;
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () => taskFindings(`Task "${id}"`, this._spec()),
      objects: () => [taskObject({ name: id, namespace: props.namespaceName }, this._spec())],
    });
  }

  /** @internal */
  public _spec(): TaskSpec {
    return taskSpec(this.props);
  }
}
