import { Construct } from 'constructs';
import type { Cluster } from '../../../cluster';
import type { Placement } from '../../../placement';
import { placeObjects } from '../../../private/placed-objects';
import type { Problem } from '../../../private/problem';
import type { Finding } from '../../../private/service-validation';

/** Objects that a part of a stack renders late, in each cluster of a placement. */
export class LogObjects extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    content: {
      readonly placement: Placement;
      readonly namespace: string;
      readonly differs?: boolean;
      findings(): readonly Finding[];
      objects(cluster: Cluster, problems: Problem[]): readonly object[];
    },
  ) {
    super(scope, id);
    placeObjects(this, content);
  }
}
