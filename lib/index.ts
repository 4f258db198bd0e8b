/**
 * The engine as a library: everything the `orrery` command does, one stage at a time.
 *
 *     readAssembly → renderAssembly → openTarget (each cluster) → makePlan → applyPlan
 *
 * Nothing here prints, reads the environment or looks at the arguments: what happens comes back as data, as events, or as an `OrreryError` with a code.
 *
 * @packageDocumentation
 */

// Apply
export { applyPlan } from './apply/apply.ts';
export type { ApplyOptions } from './apply/apply-options.ts';
export type { ApplyEvent, ClusterOutcome, Outcome } from './apply/outcome.ts';

// Assembly
export type { Assembly, AssemblyCluster } from './assembly/assembly.ts';
export { readAssembly } from './assembly/read-assembly.ts';
// Checks
export { headroomOf } from './checks/headroom.ts';
export type {
  ProjectCheck,
  ProjectCheckCluster,
  ProjectCheckObject,
  ProjectFinding,
} from './checks/project-check.ts';
export { uncoveredData } from './checks/uncovered-data.ts';
// Targets
export { readLockFile, type TargetPin, writeChartPins, writePins } from './cluster/lock-file.ts';
export { type OpenTargetOptions, openTarget } from './cluster/open-target.ts';
export type { DirectoryTarget, KubeTarget, Target, TargetConfig } from './cluster/target.ts';

// Configuration
export {
  type ChooseTargetsOptions,
  type ChosenTargets,
  type ClusterTarget,
  chooseTargets,
} from './config/choose-targets.ts';
export type { ConfiguredTarget, ProjectConfig, ProjectLimits } from './config/project-config.ts';
export { type ParseConfigOptions, parseConfig, type ReadConfigOptions, readConfig } from './config/read-config.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  isOrreryError,
  OrreryError,
  type OrreryErrorOptions,
  type Where,
} from './errors.ts';
// Desired state
export type { HelmOptions } from './helm/helm-options.ts';
export type { Json, JsonObject, KubernetesObject, ObjectId, ObjectMeta } from './kubernetes/object.ts';
export { describeId, idKey, idOf } from './kubernetes/object.ts';
// Plan
export { checkPlan } from './plan/check-plan.ts';
export { type MadePlan, makePlan, type PlanTarget, planDestroy, type UnopenedTarget } from './plan/make-plan.ts';
export type {
  Action,
  ClusterPlan,
  Danger,
  FieldChange,
  Plan,
  PlanItem,
  Problem,
  ReplicaBounds,
  ServiceHeadroom,
} from './plan/plan.ts';
export { readPlanFile, writePlanFile } from './plan/plan-file.ts';
export type { PlanOptions, Selection } from './plan/plan-options.ts';
export { sealKey } from './plan/seal.ts';
export type { DesiredCluster, DesiredObject, DesiredState } from './render/desired-state.ts';
export { type RenderedState, type RenderOptions, renderAssembly } from './render/render-assembly.ts';

// Reports: what a plan, an apply and an error look like to people and to machines
export { type ApplyTextOptions, applyEventText, outcomeText } from './report/apply-text.ts';
export { EVENT_FORMAT, EVENT_FORMAT_VERSION, type EventRecord, eventLine, planJson } from './report/json-report.ts';
export { outcomeMarkdown } from './report/outcome-markdown.ts';
export { type Paint, paint } from './report/paint.ts';
export { planId } from './report/plan-id.ts';
export { type PlanMarkdownOptions, planMarkdown } from './report/plan-markdown.ts';
export { type PlanTextOptions, planText } from './report/plan-text.ts';
export { problemText, type ReportedProblem } from './report/problem-text.ts';

// Sandbox: real control planes on this machine
export { ensureTools, type RigOptions, rigOptionsFromEnvironment, toolsOf } from './sandbox/rig/ensure-tools.ts';
export type { SandboxCluster, SandboxEvent } from './sandbox/sandbox-cluster.ts';
export { type SandboxDownOptions, sandboxDown } from './sandbox/sandbox-down.ts';
export { type SandboxState, sandboxStatus } from './sandbox/sandbox-state.ts';
export { type SandboxUpOptions, sandboxUp } from './sandbox/sandbox-up.ts';
