import { Construct } from 'constructs';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import { shipwrightObjects } from '../private/shipwright/rendering';
import { shipwrightFindings } from '../private/shipwright/rules';
import type { ImageBuildProps } from './image-build-props';

/**
 * An image of sources, or of a JAR, WAR or other artifact, that Shipwright builds in the cluster (`shipwright.io/v1beta1` Build and BuildRun). Without another strategy it needs no
 * Dockerfile.
 */
export class ImageBuild extends Construct {
  /**
   * @param scope the platform or a construct of it
   * @param id a DNS label: the name of the Build
   */
  public constructor(scope: Construct, id: string, props: ImageBuildProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    placeObjects(this, {
      placement: props.placement,
      namespace: props.namespaceName,
      findings: () => shipwrightFindings(props),
      objects: () => shipwrightObjects(id, props),
    });
  }
}
