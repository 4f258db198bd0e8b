import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { DEVOPS } from '../private/kubesphere-rendering';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { renderLate } from '../private/unit';
import type { DevOpsStepTemplateProps, DevOpsTemplateProps } from './devops-template-props';
import { reportAll, reportUnserved } from './private/report';
import { stepTemplateMistakes, stepTemplateObject } from './private/step-template';
import { templateMistakes, templateObject } from './private/template-rendering';

/** A template that people make pipelines of in the console of KubeSphere DevOps. */
export class DevOpsTemplate extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the template
   */
  public constructor(scope: Construct, id: string, props: DevOpsTemplateProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    if (props.project !== undefined) this.node.addDependency(props.project);
    const host = () => props.project?._host() ?? props.host;
    renderLate(this, {
      clusters: () => [host()].filter((cluster) => cluster !== undefined),
      validate: (problems) => reportAll(this, templateMistakes(props), problems),
      render: (cluster, problems) => {
        reportUnserved(this, cluster, { apiVersion: DEVOPS, who: 'KubeSphere DevOps' }, problems);
        const object = templateObject(id, props);
        return { entries: [{ path: `${this.node.path}/Template`, owner: this, content: { type: 'object', object } }] };
      },
    });
  }
}

/** A step that people add to pipelines in the graphical editor of KubeSphere DevOps. */
export class DevOpsStepTemplate extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the step
   */
  public constructor(scope: Construct, id: string, props: DevOpsStepTemplateProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.host],
      validate: (problems) => reportAll(this, stepTemplateMistakes(props), problems),
      render: (cluster, problems) => {
        reportUnserved(this, cluster, { apiVersion: DEVOPS, who: 'KubeSphere DevOps' }, problems);
        const object = stepTemplateObject(id, props);
        return {
          entries: [
            { path: `${this.node.path}/ClusterStepTemplate`, owner: this, content: { type: 'object', object } },
          ],
        };
      },
    });
  }
}
