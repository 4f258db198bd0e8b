import type {
  IstioDestinationRuleSpec,
  IstioLoadBalancer,
  IstioOutlierDetection,
  IstioPortTrafficPolicy,
  IstioTrafficPolicy,
} from '../istio/destination-rule-props';
import { goMilliseconds } from './go-duration';
import { isDnsLabel } from './names';
import { findingsOf, type ObjectFinding, type ReportFinding } from './typed-object';

/** What is wrong with a DestinationRule: what Istio's admission refuses (istio/istio pkg/config/validation/validation.go: ValidateDestinationRule). */
export function destinationRuleProblems(spec: IstioDestinationRuleSpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (spec.host === '') report('ORR2011', 'spec.host is empty.', 'Name the host.');
    const elsewhere = (spec.exportTo ?? []).filter((namespace) => namespace !== '.');
    if (spec.workloadSelector !== undefined && elsewhere.length > 0) {
      const what = `spec.exportTo has "${elsewhere[0]}", and a rule for chosen callers counts in its own namespace only.`;
      report('ORR2012', what, 'Set exportTo to ["."].');
    }
    if (spec.trafficPolicy !== undefined) checkPolicy(spec.trafficPolicy, 'spec.trafficPolicy', report);
    const names = new Set<string>();
    for (const [i, { name, trafficPolicy }] of (spec.subsets ?? []).entries()) {
      const at = `spec.subsets[${i}]`;
      if (!isDnsLabel(name)) report('ORR2003', `${at}.name "${name}" is no name of a subset.`, 'Use a DNS label.');
      if (names.has(name)) report('ORR2004', `${at}.name "${name}" is used twice.`, 'Rename one.');
      names.add(name);
      if (trafficPolicy !== undefined) checkPolicy(trafficPolicy, `${at}.trafficPolicy`, report);
    }
  });
}

function checkPolicy(policy: IstioTrafficPolicy | IstioPortTrafficPolicy, at: string, report: ReportFinding): void {
  const { port: _port, ...settings } = policy as IstioPortTrafficPolicy;
  if (Object.values(settings).every((setting) => setting === undefined)) {
    report('ORR2011', `${at} says nothing.`, 'Set at least one of its fields, or leave it out.');
  }
  const { connectionPool, loadBalancer, outlierDetection } = policy;
  if (connectionPool !== undefined && connectionPool.http === undefined && connectionPool.tcp === undefined) {
    report('ORR2011', `${at}.connectionPool says nothing.`, 'Set http or tcp, or leave it out.');
  }
  checkDuration(connectionPool?.tcp?.connectTimeout, `${at}.connectionPool.tcp.connectTimeout`, report);
  checkDuration(connectionPool?.http?.idleTimeout, `${at}.connectionPool.http.idleTimeout`, report);
  if (loadBalancer !== undefined) {
    checkBalancer(loadBalancer, outlierDetection, `${at}.loadBalancer`, report);
  }
  if (outlierDetection !== undefined) checkOutliers(outlierDetection, `${at}.outlierDetection`, report);
  for (const [i, port] of ((policy as IstioTrafficPolicy).portLevelSettings ?? []).entries()) {
    checkPolicy(port, `${at}.portLevelSettings[${i}]`, report);
  }
}

function checkBalancer(
  balancer: IstioLoadBalancer,
  outliers: IstioOutlierDetection | undefined,
  at: string,
  report: ReportFinding,
): void {
  const { simple, consistentHash, localityLbSetting } = balancer;
  if (simple !== undefined && consistentHash !== undefined) {
    report('ORR2012', `${at} has simple and consistentHash.`, 'Leave one of them out.');
  }
  if (consistentHash !== undefined) {
    const { httpCookie, httpHeaderName, httpQueryParameterName, useSourceIp } = consistentHash;
    const keys = [httpCookie, httpHeaderName, httpQueryParameterName, useSourceIp === true ? true : undefined];
    if (keys.filter((key) => key !== undefined).length !== 1) {
      const fix = 'Set one of httpCookie, httpHeaderName, httpQueryParameterName, useSourceIp.';
      report('ORR2012', `${at}.consistentHash does not say by what.`, fix);
    }
  }
  if (localityLbSetting === undefined) return;
  const { distribute = [], failover = [], failoverPriority = [] } = localityLbSetting;
  const said = [distribute, failover, failoverPriority].filter((list) => list.length > 0).length;
  if (distribute.length > 0 && said > 1) {
    report('ORR2012', `${at}.localityLbSetting has distribute and failover.`, 'Leave one of them out.');
  }
  if (failover.length > 0 && outliers === undefined) {
    const what = `${at}.localityLbSetting.failover has no outlierDetection, so nothing tells when a region fails.`;
    report('ORR2012', what, 'Set outlierDetection.');
  }
  for (const [i, { to = {} }] of distribute.entries()) {
    const total = Object.values(to).reduce((sum, share) => sum + share, 0);
    if (total === 100) continue;
    const what = `${at}.localityLbSetting.distribute[${i}]: the shares add up to ${total}.`;
    report('ORR2012', what, 'Make them 100.');
  }
}

function checkOutliers(outliers: IstioOutlierDetection, at: string, report: ReportFinding): void {
  if (outliers.consecutiveLocalOriginFailures !== undefined && outliers.splitExternalLocalOriginErrors !== true) {
    const what = `${at}.consecutiveLocalOriginFailures counts nothing without splitExternalLocalOriginErrors.`;
    report('ORR2012', what, 'Set splitExternalLocalOriginErrors.');
  }
  checkDuration(outliers.interval, `${at}.interval`, report);
  checkDuration(outliers.baseEjectionTime, `${at}.baseEjectionTime`, report);
  for (const field of ['maxEjectionPercent', 'minHealthPercent'] as const) {
    const value = outliers[field];
    if (value !== undefined && !(value >= 0 && value <= 100)) {
      report('ORR2011', `${at}.${field} is ${value}.`, 'Use 0 to 100.');
    }
  }
}

function checkDuration(text: string | undefined, at: string, report: ReportFinding): void {
  const milliseconds = text === undefined ? 1 : goMilliseconds(text);
  if (milliseconds !== undefined && milliseconds >= 1 && Number.isInteger(milliseconds)) return;
  report('ORR2011', `${at} "${text}" is no duration that Istio takes.`, 'Write it like "2s" or "250ms".');
}
