import { Placement, type Platform, PodSecurityLevel, Workspace, WorkspaceRole } from '@orrery/constructs';

/** The two tenants. */
export interface Tenants {
  readonly vision: Workspace;
  readonly speech: Workspace;
}

/** Who works on the cards, in namespaces of their own in both clusters. */
export function addTenants(platform: Platform): Tenants {
  const tenant = (id: string) =>
    new Workspace(platform, id, {
      placement: Placement.everywhere(),
      groups: { [`${id}-team`]: WorkspaceRole.DEVELOPER },
      podSecurity: PodSecurityLevel.BASELINE,
    });
  return { vision: tenant('vision'), speech: tenant('speech') };
}
