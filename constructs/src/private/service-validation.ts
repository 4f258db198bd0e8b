import type { IConstruct } from 'constructs';
import type { ServiceOverride, ServiceProps } from '../service-props';
import type { Override } from './overrides';
import type { Problem } from './problem';
/** x */
export function validateService(
  construct: IConstruct,
  props: ServiceProps,
  overrides: readonly Override<ServiceOverride>[],
  problems: Problem[],
): void {
  void construct;
  void props;
  void overrides;
  void problems;
}
