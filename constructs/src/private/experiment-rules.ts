import type { ArgoExperimentSpec } from '../argo/experiment-props';
import { goMilliseconds } from './go-duration';
import { checkPodTemplate, checkSelector } from './pod-template-rules';
import { findingsOf, type ObjectFinding } from './typed-object';

/** What is wrong with an Experiment: what its controller would fail with (argoproj/argo-rollouts experiments/, v1.9.1). */
export function experimentProblems(spec: ArgoExperimentSpec): ObjectFinding[] {
  return findingsOf((report) => {
    const { templates, analyses = [], duration } = spec;
    if (templates.length === 0) report('ORR2011', 'spec.templates is empty.', 'Add at least one.');
    if (duration !== undefined && goMilliseconds(duration) === undefined) {
      report('ORR2011', `spec.duration "${duration}" is no duration.`, 'Write it like "30s", "5m" or "1h30m".');
    }
    const names = new Set<string>();
    for (const [i, { name, template, selector, replicas }] of templates.entries()) {
      const at = `spec.templates[${i}]`;
      if (names.has(name)) report('ORR2004', `${at}.name "${name}" is used twice.`, 'Rename one.');
      names.add(name);
      if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 0)) {
        report('ORR2011', `${at}.replicas is ${replicas}.`, 'Use a whole number from 0 on.');
      }
      checkPodTemplate(template, `${at}.template`, 'ReplicaSet', report);
      checkSelector(selector, template, `${at}.selector`, report);
    }
    const runs = new Set<string>();
    for (const [i, { name, templateName }] of analyses.entries()) {
      if (runs.has(name)) report('ORR2004', `spec.analyses[${i}].name "${name}" is used twice.`, 'Rename one.');
      runs.add(name);
      if (templateName === '') {
        report('ORR2011', `spec.analyses[${i}].templateName is empty.`, 'Name the template.');
      }
    }
  });
}
