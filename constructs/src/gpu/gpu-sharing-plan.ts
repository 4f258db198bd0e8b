import { CallSite } from '../private/location';
import { failHere, problemAt, throwProblems } from '../private/problem';
import { writeYaml } from '../yaml';
import { type GpuIsolation, GpuMode, GpuPlugin, GpuSharing, type GpuSharingProps } from './gpu-sharing-props';
import { MigStrategy } from './mig-plan';
import { chosenMode, MODES } from './private/gpu-modes';
import { sharingFindings } from './private/gpu-sharing-rules';
import { resourceNameOf } from './private/mig-models';
import { migEntry, migValues } from './private/mig-values';

/** Of the chart of the GPU operator, for the nodes that have the label. */
const CONFIG = 'pool';

/** How the GPUs of some nodes are shared: the mode that gives what is asked for, and what makes it so. */
export class GpuSharingPlan {
  /** Chooses a mode. What contradicts itself or cannot be kept is refused, with the nearest that works. */
  public static of(props: GpuSharingProps): GpuSharingPlan {
    const { mode, reason } = chosenMode(props);
    const findings = sharingFindings(props, mode);
    if (findings.length > 0) {
      const { source } = new CallSite();
      throwProblems(findings.map(({ code, what, fix }) => problemAt(undefined, code, what, { fix, source })));
    }
    return new GpuSharingPlan(props, mode, reason);
  }

  /** What pods on one card are kept from. */
  public readonly isolation: GpuIsolation;
  /** What announces the cards; nothing else may on these nodes. */
  public readonly plugin: GpuPlugin;

  private constructor(
    private readonly props: GpuSharingProps,
    /** How it is done. */
    public readonly mode: GpuMode,
    /** Why this mode. */
    public readonly reason: string,
  ) {
    this.isolation = MODES[mode].isolation;
    this.plugin = MODES[mode].plugin;
  }

  /** What works, and may surprise. */
  public get warnings(): string[] {
    const { memoryScaling = 1, cardMebibytes, share } = this.props;
    const { hasShares } = MODES[this.mode];
    return [
      ...(memoryScaling > 1
        ? ['More memory is given out than there is: programs may find none left while they run.']
        : []),
      ...(hasShares && share?.memoryMebibytes !== undefined && cardMebibytes === undefined
        ? ['Whether a share has room on a card was not checked: `cardMebibytes` is not said.']
        : []),
      ...(this.mode === GpuMode.MPS ? ["MPS is experimental in NVIDIA's device plugin."] : []),
      ...(this.mode === GpuMode.DRA
        ? ["GPUs are off by default in NVIDIA's driver for dynamic resource allocation, and not supported officially."]
        : []),
    ];
  }

  /**
   * What a container of a pod asks for as `limits`. With DRA it claims devices instead, and there are none.
   * @param profile of the partition, where there are several
   */
  public podLimits(profile?: string): { [resource: string]: number } {
    const { gpusPerPod = 1 } = this.props;
    if (profile !== undefined && this.mode !== GpuMode.MIG_MIXED) {
      const fix = 'Leave it out.';
      failHere(undefined, 'ORR2012', `With ${this.mode} pods do not ask for a profile.`, { fix });
    }
    switch (this.mode) {
      case GpuMode.WHOLE_GPU:
      case GpuMode.MIG_SINGLE:
        return { 'nvidia.com/gpu': gpusPerPod };
      case GpuMode.TIME_SLICING:
      case GpuMode.MPS:
        return { 'nvidia.com/gpu.shared': gpusPerPod };
      case GpuMode.MIG_MIXED:
        return { [this.partition(profile)]: gpusPerPod };
      case GpuMode.HAMI:
        return this.shareLimits('nvidia.com/gpu', 'nvidia.com/gpumem', 'nvidia.com/gpucores');
      case GpuMode.VOLCANO_VGPU:
        return this.shareLimits('volcano.sh/vgpu-number', 'volcano.sh/vgpu-memory', 'volcano.sh/vgpu-cores');
      case GpuMode.DRA:
        return {};
    }
  }

  /** DeviceClass of NVIDIA's driver that claims of pods name; undefined with other modes than DRA. */
  public get deviceClass(): string | undefined {
    if (this.mode !== GpuMode.DRA) return undefined;
    return this.props.sharing === GpuSharing.PARTITIONED ? 'mig.nvidia.com' : 'gpu.nvidia.com';
  }

  /** Labels that the nodes must get. */
  public get nodeLabels(): { [label: string]: string } {
    switch (this.mode) {
      case GpuMode.TIME_SLICING:
      case GpuMode.MPS:
        return { 'nvidia.com/device-plugin.config': CONFIG };
      case GpuMode.MIG_SINGLE:
      case GpuMode.MIG_MIXED:
        return { 'nvidia.com/mig.config': CONFIG };
      case GpuMode.HAMI:
        return { gpu: 'on' };
      default:
        return {};
    }
  }

  /**
   * Values for the chart of NVIDIA's GPU operator. The configurations are for nodes with the labels; others keep whole cards. Shared cards are
   * `nvidia.com/gpu.shared`, so that nobody takes one for a whole one.
   */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  public get operatorValues(): { [key: string]: any } {
    const { replicas } = this.props;
    const resources = [{ name: 'nvidia.com/gpu', replicas }];
    switch (this.mode) {
      case GpuMode.TIME_SLICING:
        return pluginValues({ timeSlicing: { renameByDefault: true, failRequestsGreaterThanOne: true, resources } });
      case GpuMode.MPS:
        return pluginValues({ mps: { renameByDefault: true, resources } });
      case GpuMode.MIG_SINGLE:
      case GpuMode.MIG_MIXED:
        return migValues(this.mode === GpuMode.MIG_SINGLE ? MigStrategy.SINGLE : MigStrategy.MIXED, 'mig-layouts', {
          [CONFIG]: [migEntry('all', Object.fromEntries(this.profiles))],
        });
      default:
        return { devicePlugin: { enabled: this.plugin === GpuPlugin.NVIDIA_DEVICE_PLUGIN } };
    }
  }

  /** Values for the chart of HAMi; empty with other modes. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no other type for "any JSON"
  public get hamiValues(): { [key: string]: any } {
    if (this.mode !== GpuMode.HAMI) return {};
    const { replicas = 10, memoryScaling = 1 } = this.props;
    return { devicePlugin: { deviceSplitCount: replicas, deviceMemoryScaling: memoryScaling } };
  }

  private shareLimits(count: string, memory: string, cores: string): { [resource: string]: number } {
    const { gpusPerPod = 1, share = {} } = this.props;
    const { memoryMebibytes, memoryPercentage, corePercentage } = share;
    return {
      [count]: gpusPerPod,
      ...(memoryMebibytes === undefined ? {} : { [memory]: memoryMebibytes }),
      ...(memoryPercentage === undefined ? {} : { [`${memory}-percentage`]: memoryPercentage }),
      ...(corePercentage === undefined ? {} : { [cores]: corePercentage }),
    };
  }

  /** The resource of a profile; without one, of the only one that there is. */
  private partition(name: string | undefined): string {
    const names = this.profiles.map(([profile]) => profile);
    const [profile, ...others] = name === undefined ? names : names.filter((known) => known === name);
    if (profile === undefined || others.length > 0) {
      const what = name === undefined ? 'It is not said which partition a pod has.' : `The cards have no ${name}.`;
      failHere(undefined, 'ORR2011', what, { fix: `Name one of: ${names.join(', ')}.` });
    }
    return resourceNameOf(profile);
  }

  /** As the program names them: drivers know a profile by their own name only. */
  private get profiles(): [string, number][] {
    return Object.entries(this.props.profiles ?? {}).filter(([, count]) => count > 0);
  }
}

function pluginValues(sharing: object): object {
  const data = { whole: writeYaml({ version: 'v1' }), [CONFIG]: writeYaml({ version: 'v1', sharing }) };
  return { devicePlugin: { enabled: true, config: { create: true, name: 'gpu-sharing', default: 'whole', data } } };
}
