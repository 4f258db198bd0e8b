import path from 'node:path';
import { sourceOf } from '@orrery/constructs/source-location';
import type { Assembly, AssemblyCluster } from '../../assembly/assembly.ts';
import { describeId, idOf } from '../../kubernetes/object.ts';
import { oneLine, printableJson } from '../../report/sanitize.ts';
import { count, platformName } from '../../report/wording.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SourceOptions } from '../options.ts';
import { loadProject, projectAssembly } from '../project.ts';
import type { VerbContext } from '../verb.ts';

export interface LsOptions extends SourceOptions {
  readonly objects: boolean;
  readonly json: boolean;
}

interface ListedUnit {
  readonly path: string;
  readonly source: string | undefined;
  readonly objects: readonly {
    readonly object: string;
    readonly apiVersion: string;
    readonly path: string;
    readonly source: string | undefined;
  }[];
  readonly helmReleases: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly chart: string;
    readonly native?: true;
  }[];
  readonly includes: readonly { readonly file: string; readonly kustomization?: string }[];
}

/** What the program declares. Objects of charts and included files are rendered by `plan`; here their sources are listed. */
export async function ls({ surroundings, screen }: VerbContext, options: LsOptions): Promise<ExitCode> {
  const project = loadProject(surroundings, options);
  const assembly = await projectAssembly(project, surroundings, options);
  const clusters = assembly.clusters.map((cluster) => ({
    name: cluster.manifest.name,
    facts: cluster.manifest.facts,
    units: unitsOf(assembly, cluster),
  }));
  if (options.json) {
    screen.out(`${printableJson({ platform: assembly.platform, assemblyFolder: assembly.folder, clusters }, 2)}\n`);
    return EXIT.ok;
  }
  const lines: string[] = [`${screen.paint.bold(platformName(assembly))} · ${count(clusters.length, 'cluster')}`];
  for (const { name, facts, units } of clusters) {
    const about = [facts.environment, facts.provider, facts.region].filter((fact) => fact !== undefined).map(oneLine);
    lines.push(
      '',
      `${screen.paint.cyan(oneLine(name))}${about.length > 0 ? `  ${screen.paint.dim(about.join(' · '))}` : ''}`,
    );
    const width = Math.max(0, ...units.map((unit) => oneLine(unit.path).length));
    for (const unit of units) {
      lines.push(`  ${oneLine(unit.path).padEnd(width)}  ${unitSummary(unit)}`);
      if (options.objects)
        for (const { object, source } of unit.objects)
          lines.push(`    ${oneLine(object)}${source === undefined ? '' : screen.paint.dim(`  ${oneLine(source)}`)}`);
    }
  }
  screen.out(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

function unitsOf(assembly: Assembly, cluster: AssemblyCluster): ListedUnit[] {
  let at = 0;
  return cluster.manifest.units.map((unit) => {
    const objects = unit.objects.map((object) => {
      const written = cluster.objects[at++];
      return {
        object: written === undefined ? object.path : describeId(idOf(written)),
        apiVersion: written?.apiVersion ?? '',
        path: object.path,
        source: sourceOf(assembly.locations, cluster.manifest.name, object.path),
      };
    });
    return {
      path: unit.path,
      source: sourceOf(assembly.locations, cluster.manifest.name, unit.path),
      objects,
      helmReleases: (unit.helmReleases ?? []).map(({ releaseName, namespace, chart, native }) => ({
        name: releaseName,
        namespace,
        ...(native === undefined ? {} : { native: true as const }),
        chart:
          chart.asset?.source ??
          [chart.repository, chart.name, chart.version].filter((part) => part !== undefined).join(' '),
      })),
      includes: (unit.includes ?? []).map(({ file, kustomization }) => ({
        file: file.source,
        ...(kustomization === undefined ? {} : { kustomization }),
      })),
    };
  });
}

/** "2 Deployment, 1 Service, Helm release kafka (charts/kafka)". */
function unitSummary(unit: ListedUnit): string {
  const kinds = new Map<string, number>();
  for (const { object } of unit.objects) {
    const kind = object.slice(0, object.indexOf('/'));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const parts = [...kinds].map(([kind, number]) => `${number} ${oneLine(kind)}`);
  for (const { name, chart, native } of unit.helmReleases)
    parts.push(`${native === true ? 'native ' : ''}Helm release ${oneLine(name)} (${oneLine(chart)})`);
  for (const { file, kustomization } of unit.includes) {
    const what = kustomization === undefined ? `file ${file}` : `kustomization ${path.posix.join(file, kustomization)}`;
    parts.push(oneLine(what));
  }
  return parts.join(', ');
}
