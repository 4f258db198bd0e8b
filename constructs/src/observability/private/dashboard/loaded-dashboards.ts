import * as fs from 'node:fs';
import * as path from 'node:path';
import { saidTwice } from '../../../private/said-twice';
import type { Finding } from '../../../private/service-validation';
import type { Dashboard } from '../../dashboard';
import type { LoadedDashboard } from './dashboard-content';
import { dashboardFindings, uidFindings } from './dashboard-findings';
import { dashboardModel, type FirstChoice } from './dashboard-model';

/** What the values of a ConfigMap may have together (kubernetes/kubernetes pkg/apis/core/validation/validation.go, ValidateConfigMap: MaxSecretSize). */
export const MOST_BYTES = 1024 * 1024;

/** Dashboards as Grafana loads them, and what is wrong with them. */
export interface Loading {
  readonly dashboards: readonly LoadedDashboard[];
  readonly findings: readonly Finding[];
}

export function loadDashboards(dashboards: readonly Dashboard[], firstChoices: readonly FirstChoice[]): Loading {
  const loaded: LoadedDashboard[] = [];
  const findings: Finding[] = [];
  for (const dashboard of dashboards) {
    const said = dashboard._said();
    if (said.made === 'here') {
      const wrong = dashboardFindings(said.props);
      findings.push(...wrong);
      if (wrong.length > 0) continue;
      const model = dashboardModel(said.props, firstChoices);
      loaded.push({ uid: said.props.uid, folder: said.props.folder, text: textOf(model) });
    } else {
      const read = readDashboard(said.file, said.folder);
      if ('uid' in read) loaded.push(read);
      else findings.push(read);
    }
  }
  return { dashboards: loaded, findings: [...findings, ...sizeFindings(loaded), ...uidsTwice(loaded)] };
}

/** Lines that a review can read; without white space where it would not fit else. */
function textOf(model: unknown): string {
  const readable = `${JSON.stringify(model, null, 2)}\n`;
  return Buffer.byteLength(readable) < MOST_BYTES ? readable : JSON.stringify(model);
}

function readDashboard(file: string, folder: string | undefined): LoadedDashboard | Finding {
  let model: unknown;
  try {
    model = JSON.parse(fs.readFileSync(path.resolve(file), 'utf8'));
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'does not exist'
        : `cannot be read: ${String((error as Error).message)}`;
    return {
      code: 'ORR2014',
      what: `The dashboard "${file}" ${why}.`,
      fix: 'Paths are relative to the folder that the program runs in.',
    };
  }
  const { uid, panels, spec, __inputs: inputs } = (model ?? {}) as { readonly [key: string]: unknown };
  if (typeof spec === 'object' && spec !== null)
    return {
      code: 'ORR2011',
      what: `The dashboard "${file}" is a Kubernetes resource of Grafana (schema v2), which its sidecar does not load.`,
      fix: 'Export it in the classic model.',
    };
  if (!Array.isArray(panels)) {
    const fix = 'Export the dashboard as JSON; rows of before Grafana 5 are not read.';
    return { code: 'ORR2011', what: `The file "${file}" is no dashboard: it has no panels.`, fix };
  }
  if (typeof uid !== 'string' || uid === '') {
    const fix = 'Give it one: without it Grafana makes one up, and links to it break.';
    return { code: 'ORR2011', what: `The dashboard "${file}" has no uid.`, fix };
  }
  const [wrongUid] = uidFindings(uid);
  if (wrongUid !== undefined) return wrongUid;
  if (Array.isArray(inputs) && inputs.length > 0)
    return {
      code: 'ORR2011',
      what: `The dashboard "${file}" was exported to be shared: it asks for inputs, which nobody fills.`,
      fix: 'Export it without "for sharing externally", or use a variable for the data source.',
    };
  return { uid, folder, text: textOf(model) };
}

function sizeFindings(dashboards: readonly LoadedDashboard[]): Finding[] {
  return dashboards.flatMap(({ uid, text }) => {
    const bytes = Buffer.byteLength(text);
    if (bytes <= MOST_BYTES) return [];
    const size = (bytes / MOST_BYTES).toFixed(1);
    return [
      {
        code: 'ORR2011' as const,
        what: `Dashboard "${uid}" has ${size} MiB; a ConfigMap holds 1 MiB.`,
        fix: 'Make several of it, with links between them: one for each row, say.',
      },
    ];
  });
}

function uidsTwice(dashboards: readonly LoadedDashboard[]): Finding[] {
  const uids = dashboards.map(({ uid }) => uid);
  return saidTwice(uids).map((uid) => ({
    code: 'ORR2012' as const,
    what: `Two dashboards have the uid "${uid}".`,
    fix: 'Give each its own: Grafana loads neither reliably.',
  }));
}
