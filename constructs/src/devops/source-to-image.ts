import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { withSite } from '../private/controller-owned';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { renderLate } from '../private/unit';
import { reportAll, reportUnserved } from './private/report';
import { builderTemplateMistakes, sourceToImageMistakes } from './private/s2i-mistakes';
import { builderTemplateObject, S2I, s2iObjects } from './private/s2i-rendering';
import type { SourceToImageProps, SourceToImageTemplateProps } from './source-to-image-props';

/**
 * An image of sources or of a JAR or WAR, without Dockerfile, by the operator of KubeSphere (kubesphere/s2ioperator). It is not part of the 4.x extension, and its builds talk to the
 * daemon of Docker on the node: Shipwright is the maintained way.
 */
export class SourceToImage extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the S2iBuilder
   */
  public constructor(scope: Construct, id: string, props: SourceToImageProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.cluster],
      validate: (problems) => reportAll(this, sourceToImageMistakes(props), problems),
      render: (cluster, problems) => {
        reportUnserved(this, cluster, { apiVersion: S2I, who: 'The operator of KubeSphere' }, problems);
        return {
          entries: s2iObjects(id, props).map(({ id: part, object, uploaded }) => ({
            path: `${this.node.path}/${part}`,
            owner: this,
            content: { type: 'object', object },
            ...(uploaded === undefined ? {} : { controllerOwned: withSite(uploaded.map((path) => ({ path }))) }),
          })),
        };
      },
    });
  }
}

/** A kind of builder that people choose in the console of KubeSphere. */
export class SourceToImageTemplate extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the S2iBuilderTemplate
   */
  public constructor(scope: Construct, id: string, props: SourceToImageTemplateProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    renderLate(this, {
      clusters: () => [props.cluster],
      validate: (problems) => reportAll(this, builderTemplateMistakes(props), problems),
      render: (cluster, problems) => {
        reportUnserved(this, cluster, { apiVersion: S2I, who: 'The operator of KubeSphere' }, problems);
        const object = builderTemplateObject(id, props);
        const path = `${this.node.path}/S2iBuilderTemplate`;
        return { entries: [{ path, owner: this, content: { type: 'object', object } }] };
      },
    });
  }
}
