import { isAtOrBelow } from '../assembly/construct-path.ts';
import type { DesiredObject } from '../render/desired-state.ts';

/** What the declared dependencies of a unit come to when each unit is a release of its own. */
export interface UnitLinks {
  /** Other units of the cluster that come before it, in order. */
  readonly units: ReadonlySet<string>;
  /** What helm cannot keep, one sentence each. */
  readonly lost: readonly string[];
}

/** By unit. Charts can be installed one after the other; inside one helm goes by kinds and waits for nothing, and it knows one cluster. */
export function unitLinks(objects: readonly DesiredObject[]): ReadonlyMap<string, UnitLinks> {
  const unitsBelow = unitsByPath(objects);
  const links = new Map<string, { units: Set<string>; inside: Set<string>; elsewhere: Set<string> }>();
  for (const { unit, path, dependsOn } of objects) {
    for (const dependency of dependsOn) {
      const link = links.get(unit) ?? { units: new Set(), inside: new Set(), elsewhere: new Set() };
      links.set(unit, link);
      if (dependency.cluster !== undefined) {
        link.elsewhere.add(`${dependency.path} of ${dependency.cluster}`);
        continue;
      }
      for (const other of unitsBelow.get(dependency.path) ?? []) {
        if (other !== unit) link.units.add(other);
        else if (!isAtOrBelow(path, dependency.path))
          link.inside.add(`${ownerOf(path, dependency.path)} for ${dependency.path}`);
      }
    }
  }
  return new Map(
    [...links].map(([unit, { units, inside, elsewhere }]) => [
      unit,
      {
        units,
        lost: [
          ...(inside.size === 0
            ? []
            : [`helm writes the objects of a chart at once; it does not let wait ${few(inside)}.`]),
          ...(elsewhere.size === 0 ? [] : [`Install it after ${few(elsewhere)}: helm knows one cluster.`]),
        ],
      },
    ]),
  );
}

/** For every path of a construct: the units that have objects at it or below. */
function unitsByPath(objects: readonly DesiredObject[]): ReadonlyMap<string, ReadonlySet<string>> {
  const result = new Map<string, Set<string>>();
  for (const { path, unit } of objects) {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const units = result.get(at) ?? new Set();
      result.set(at, units);
      units.add(unit);
    }
  }
  return result;
}

/** The part of a path in which it first differs from another: what a person made dependent is seldom the single object. */
function ownerOf(path: string, other: string): string {
  const [parts, others] = [path.split('/'), other.split('/')];
  let at = 0;
  while (at < parts.length - 1 && parts[at] === others[at]) at++;
  return parts.slice(0, at + 1).join('/');
}

function few(items: ReadonlySet<string>): string {
  const list = [...items];
  const shown = list.slice(0, 3).join(', ');
  return list.length > 3 ? `${shown} and ${list.length - 3} more` : shown;
}
