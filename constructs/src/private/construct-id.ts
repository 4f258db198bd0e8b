import type { Construct } from 'constructs';
import { CallSite, ownLocation } from './location';
import { type Problem, problemAt, throwProblems } from './problem';

/**
 * Checks an id before `super(scope, id)`, because a class of ours must name the place of both constructs where two have one id.
 * @param valid what the id must be, beside unique; default anything not empty
 */
export function checkedId(scope: Construct, id: string, valid?: (id: string) => boolean, rule?: string): string {
  const problem = idProblem(scope, id, valid, rule);
  if (problem !== undefined) throwProblems([problem]);
  return id;
}

function idProblem(scope: Construct, id: string, valid?: (id: string) => boolean, rule?: string): Problem | undefined {
  const existing = id === '' ? undefined : scope.node.tryFindChild(id);
  if (id !== '' && existing === undefined && (valid === undefined || valid(id))) return undefined;

  const path = scope.node.path === '' ? id : `${scope.node.path}/${id}`;
  const at = { ...problemAt(scope, 'ORR2003', ''), path, source: new CallSite(['MultiClusterService']).source };
  if (id === '')
    return { ...at, path: scope.node.path, what: 'The id of a construct is empty.', fix: 'Give it a name.' };
  if (existing === undefined) return { ...at, what: `"${id}" is not a valid name.`, fix: `Use ${rule}.` };
  const place = ownLocation(existing);
  const what = `There is already a ${existing.constructor.name} "${id}" here${place === undefined ? '' : ` (${place})`}.`;
  return { ...at, code: 'ORR2004', what, fix: 'Give one of them another id.' };
}
