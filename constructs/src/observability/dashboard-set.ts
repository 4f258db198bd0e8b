/** Dashboards that a stack brings. */
export enum DashboardSet {
  /** All clusters, one of them, a workspace, a service, a pod: each leads to the next. */
  RESOURCES = 'resources',
  /** Cards, slices, shares, queues, models that are served. */
  GPU = 'gpu',
  /** From the commit to what is deployed: Jenkins and Tekton. */
  PIPELINE = 'pipeline',
  /** Canaries: weights, analyses, requests by version. */
  RELEASE = 'release',
  /** What clusters and namespaces cost. */
  COST = 'cost',
  /** Objectives of services, and what is left of their error budgets. */
  OBJECTIVES = 'objectives',
  /** Logs of services, where the stack has a store of logs. */
  LOGS = 'logs',
}
