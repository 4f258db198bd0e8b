import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { renderLate } from '../../private/unit';

/** One object of a construct that others of it wait for. */
export class DevOpsPart extends Construct {
  /**
   * @param host the cluster that it is in
   * @param object what it is, asked at synth
   */
  public constructor(scope: Construct, id: string, host: () => Cluster | undefined, object: () => object) {
    super(scope, id);
    renderLate(this, {
      clusters: () => {
        const cluster = host();
        return cluster === undefined ? [] : [cluster];
      },
      validate: () => undefined,
      render: () => ({
        entries: [{ path: this.node.path, owner: this, content: { type: 'object', object: object() } }],
      }),
    });
  }
}
