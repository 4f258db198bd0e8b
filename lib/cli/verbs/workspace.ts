import { writeYaml } from '@orrery/constructs/yaml';
import { OrreryError } from '../../errors.ts';
import { errorOf } from '../../plan/planning-context.ts';
import { oneLine } from '../../report/sanitize.ts';
import { auditPolicy } from '../../workspace/audit-policy.ts';
import { type DeclaredWorkspace, declaredWorkspaces } from '../../workspace/declared-workspaces.ts';
import { type MemberContext, memberKubeconfig } from '../../workspace/member-kubeconfig.ts';
import { requestToken } from '../../workspace/request-token.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { lookIntoClusters } from '../in-clusters.ts';
import type { ClusterOptions, SourceOptions } from '../options.ts';
import { loadProgram, openProgramTargets } from '../planning.ts';
import { printError } from '../print-error.ts';
import type { VerbContext } from '../verb.ts';

export interface KubeconfigOptions extends ClusterOptions {
  /** Id of the workspace. Absent: the only one that has the member. */
  readonly workspace?: string | undefined;
  readonly member: string;
  /** Program and arguments that people log in with. */
  readonly login?: readonly string[] | undefined;
  /** For tokens of machines. */
  readonly ttlMs: number;
}

interface Minted {
  readonly context: MemberContext;
  /** When the token ends. Absent: there is none. */
  readonly ends?: string;
}

/** The API server gives none that ends earlier (pkg/apis/authentication/validation). */
const LEAST_TTL_MS = 600_000;

/** Prints a kubeconfig for a member: of a machine with tokens that are made now and kept nowhere, of people without any secret. */
export async function kubeconfig(context: VerbContext, options: KubeconfigOptions): Promise<ExitCode> {
  const { surroundings, screen } = context;
  const { member, login, ttlMs } = options;
  const program = await loadProgram(surroundings, options);
  const found = inClusters(workspacesOf(declaredWorkspaces(program.assembly), options), options.clusters);
  const isMachine = found.some(({ machines }) => machines.some(({ name }) => name === member));
  if (isMachine === (login !== undefined)) {
    throw isMachine
      ? new OrreryError('ORR1001', `"${member}" is a machine, and logs in by a token.`, { fix: 'Leave --login out.' })
      : new OrreryError('ORR1001', `"${member}" is no machine, and nothing says how people log in.`, {
          fix: 'Say it, e.g. --login "kubelogin get-token --oidc-issuer-url=https://login.example.com --oidc-client-id=kubernetes".',
        });
  }
  if (ttlMs < LEAST_TTL_MS) {
    throw new OrreryError('ORR1001', 'A token ends after 10 minutes at the earliest.', {
      fix: 'Use --ttl 10m or more.',
    });
  }
  const names = found.map(({ cluster }) => cluster);
  const targets = await openProgramTargets(program, surroundings, { ...options, clusters: names });
  try {
    const looked = await lookIntoClusters(targets, async (target): Promise<{ found: Minted | undefined }> => {
      const workspace = found.find(({ cluster }) => cluster === target.cluster);
      const { connection, cluster } = target;
      if (workspace === undefined || connection === undefined) return { found: undefined };
      const machine = workspace.machines.find(({ name }) => name === member);
      const [namespace = ''] = workspace.members.get(member) ?? workspace.namespaces;
      const context = { cluster, connection, namespace };
      if (machine === undefined) return { found: { context: { ...context, login: { command: login ?? [] } } } };
      const { token, ends } = await requestToken(target, machine, Math.ceil(ttlMs / 1000));
      return { found: { context: { ...context, login: { token } }, ends } };
    });
    for (const { found: minted, cluster } of looked) {
      if (minted?.ends === undefined) continue;
      const text = `${oneLine(cluster)}: a token of ${oneLine(member)} that ends ${oneLine(minted.ends)}`;
      screen.err(`${text}, shown this once\n`);
    }
    for (const { problem } of looked) {
      if (problem !== undefined) printError(errorOf(problem), screen, options.verbose);
    }
    const contexts = looked.flatMap((one) => one.found?.context ?? []);
    if (contexts.length > 0) screen.out(writeYaml(memberKubeconfig(member, contexts)));
    return contexts.length > 0 && contexts.length === names.length ? EXIT.ok : EXIT.error;
  } finally {
    await targets.close();
  }
}

export interface AuditPolicyOptions extends SourceOptions {
  /** Absent: the clusters must all have the same. */
  readonly cluster?: string | undefined;
}

/** Prints the audit policy for the API server of a cluster. No cluster is contacted. */
export async function auditPolicyOf(
  { surroundings, screen }: VerbContext,
  options: AuditPolicyOptions,
): Promise<ExitCode> {
  const { assembly } = await loadProgram(surroundings, options);
  const declared = declaredWorkspaces(assembly);
  if (declared.length === 0) {
    throw new OrreryError('ORR1001', 'The program has no workspace.', {
      fix: 'Declare one: new Workspace(platform, "retail", { … }).',
    });
  }
  const found = inClusters(declared, options.cluster === undefined ? [] : [options.cluster]);
  const policies = [...Map.groupBy(found, ({ cluster }) => cluster)].map(([cluster, workspaces]) => ({
    cluster,
    text: writeYaml(auditPolicy(workspaces)),
  }));
  const [first] = policies;
  if (first === undefined || policies.some(({ text }) => text !== first.text)) {
    throw new OrreryError('ORR1001', 'The clusters have different workspaces, and so different policies.', {
      fix: `Say which: --cluster ${policies.map(({ cluster }) => cluster).join(' or ')}.`,
    });
  }
  screen.out(first.text);
  return EXIT.ok;
}

/** The workspace in each of its clusters. */
function workspacesOf(
  declared: readonly DeclaredWorkspace[],
  { workspace, member }: Pick<KubeconfigOptions, 'workspace' | 'member'>,
): DeclaredWorkspace[] {
  const known = [...new Set(declared.map((one) => one.workspace))];
  if (workspace !== undefined && !known.includes(workspace)) {
    throw new OrreryError('ORR1001', `there is no workspace "${workspace}".`, {
      fix: known.length === 0 ? 'The program has none.' : `The program has ${known.join(', ')}.`,
    });
  }
  const asked = declared.filter((one) => workspace === undefined || one.workspace === workspace);
  const having = asked.filter(({ members }) => members.has(member));
  const owners = [...new Set(having.map((one) => one.workspace))];
  if (owners.length === 1) return having;
  if (owners.length > 1) {
    throw new OrreryError('ORR1001', `"${member}" is a member of several workspaces.`, {
      fix: `Say which: --workspace ${owners.join(' or ')}.`,
    });
  }
  const members = [...new Set(asked.flatMap((one) => [...one.members.keys()]))];
  throw new OrreryError(
    'ORR1001',
    `"${member}" is no member of ${workspace === undefined ? 'any workspace' : `workspace ${workspace}`}.`,
    {
      fix: `Members are: ${members.join(', ') || 'nobody'}.`,
    },
  );
}

function inClusters(declared: readonly DeclaredWorkspace[], clusters: readonly string[]): DeclaredWorkspace[] {
  const known = declared.map(({ cluster }) => cluster);
  const strange = clusters.find((cluster) => !known.includes(cluster));
  if (strange !== undefined) {
    throw new OrreryError('ORR1001', `the workspace is not in cluster "${strange}".`, {
      fix: `It is in ${[...new Set(known)].join(', ')}.`,
    });
  }
  return declared.filter(({ cluster }) => clusters.length === 0 || clusters.includes(cluster));
}
