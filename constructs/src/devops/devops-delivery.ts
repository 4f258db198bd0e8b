import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { renderLate } from '../private/unit';
import type { DevOpsDeliveryProps } from './devops-delivery-props';
import { deliveryMistakes } from './private/delivery-mistakes';
import { applicationObject, GITOPS, imageUpdaterObject } from './private/delivery-rendering';
import { reportAll, reportUnserved } from './private/report';

/** Continuous delivery in KubeSphere DevOps: an application that Argo CD or Flux keeps as a repository says, and newer images of it. */
export class DevOpsDelivery extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the application
   */
  public constructor(scope: Construct, id: string, props: DevOpsDeliveryProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    this.node.addDependency(props.project);
    renderLate(this, {
      clusters: () => [props.project._host()].filter((cluster) => cluster !== undefined),
      validate: (problems) => reportAll(this, deliveryMistakes(props), problems),
      render: (cluster, problems) => {
        reportUnserved(this, cluster, { apiVersion: GITOPS, who: 'Continuous delivery of KubeSphere' }, problems);
        const updater = imageUpdaterObject(id, props);
        const objects = [applicationObject(id, props), ...(updater === undefined ? [] : [updater])];
        return {
          entries: objects.map((object) => ({
            path: `${this.node.path}/${object.kind}`,
            owner: this,
            content: { type: 'object', object },
          })),
        };
      },
    });
  }
}
