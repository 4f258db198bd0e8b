import { Construct } from 'constructs';
import type { Placement } from '../placement';
import { checkedId } from '../private/construct-id';
import { recordLocation } from '../private/location';
import { DNS_LABEL_RULE, isDnsLabel } from '../private/names';
import { placeObjects } from '../private/placed-objects';
import { pipelineRunObject, type WorkspaceBinding } from '../private/tekton/objects';
import { runSpec } from '../private/tekton/rendering';
import { runFindings } from '../private/tekton/run-rules';
import type { TektonPipeline } from './tekton-pipeline';
import type { TektonValue } from './tekton-value';

/** What a workspace of a run is. */
export class TektonWorkspaceSource {
  /** A folder that is empty at the start and gone at the end. Only for a workspace that one task uses. */
  public static emptyFolder(): TektonWorkspaceSource {
    return new TektonWorkspaceSource({ emptyDir: {} });
  }

  /** A volume of its own for each run. @param size e.g. "5Gi" @param storageClass @default - the cluster's */
  public static newVolume(size: string, storageClass?: string): TektonWorkspaceSource {
    const spec = {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    };
    return new TektonWorkspaceSource({ volumeClaimTemplate: { spec } });
  }

  /** A PersistentVolumeClaim that is there, e.g. a cache. */
  public static volumeClaim(claimName: string): TektonWorkspaceSource {
    return new TektonWorkspaceSource({ persistentVolumeClaim: { claimName } });
  }

  /** The keys of a Secret as files. */
  public static secret(secretName: string): TektonWorkspaceSource {
    return new TektonWorkspaceSource({ secret: { secretName } });
  }

  /** The keys of a ConfigMap as files. */
  public static configMap(name: string): TektonWorkspaceSource {
    return new TektonWorkspaceSource({ configMap: { name } });
  }

  private constructor(private readonly source: Omit<WorkspaceBinding, 'name'>) {}

  /** @internal */
  public get _source(): Omit<WorkspaceBinding, 'name'> {
    return this.source;
  }
}

/** How one run of a pipeline is made. */
export interface TektonRunSpec {
  /** The pipeline, of this program. */
  readonly pipeline: TektonPipeline;
  /** @default - the defaults of the pipeline */
  readonly parameters?: { [name: string]: TektonValue };
  /** @default - none */
  readonly workspaces?: { [name: string]: TektonWorkspaceSource };
  /** ServiceAccount of the pods. @default - Tekton's setting, "default" */
  readonly serviceAccountName?: string;
  /** How long the run may take, e.g. "2h"; "0": for ever. @default - 1 h */
  readonly timeout?: string;
  /** How long its tasks may take, without those at the end. @default - `timeout` */
  readonly tasksTimeout?: string;
  /** How long what runs at the end may take. @default - what is left of `timeout` */
  readonly finallyTimeout?: string;
  /** Labels of nodes that the pods run on. @default - any */
  readonly nodeSelector?: { [label: string]: string };
  /** Group of the files in workspaces, by its number. @default - none */
  readonly fsGroup?: number;
}

export interface TektonPipelineRunProps extends TektonRunSpec {
  /** The clusters that have it. */
  readonly placement: Placement;
}

/**
 * A run of a pipeline (`tekton.dev/v1` PipelineRun), once: Tekton lets nobody change a run that has started, so another run is another id. Runs by events are made by a
 * `TektonTriggerTemplate`.
 */
export class TektonPipelineRun extends Construct {
  /** @param id a DNS label; name of the run */
  public constructor(scope: Construct, id: string, props: TektonPipelineRunProps) {
    super(scope, checkedId(scope, id, isDnsLabel, DNS_LABEL_RULE));
    recordLocation(this);
    const { pipeline, placement } = props;
    placeObjects(this, {
      placement,
      namespace: pipeline.namespaceName,
      findings: () => runFindings(`PipelineRun "${id}"`, runSpec(props), pipeline._spec()),
      objects: () => [pipelineRunObject({ name: id, namespace: pipeline.namespaceName }, runSpec(props))],
      uses: () => [pipeline],
    });
  }
}
