import type { ProblemCode } from '../../private/problem';
import { GpuIsolation, GpuMode, GpuSharing, type GpuSharingProps } from '../gpu-sharing-props';
import { MigGeometry } from '../mig-geometry';
import { isolates, MODES, wantedIsolation } from './gpu-modes';

/** What is wrong, and the nearest that works. */
export interface SharingFinding {
  readonly code: ProblemCode;
  readonly what: string;
  readonly fix: string;
}

/** Everything in the settings that the mode cannot do. */
export function sharingFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  return [
    ...cardFindings(props),
    ...modeFindings(props, mode),
    ...nodeFindings(props, mode),
    ...replicaFindings(props, mode),
    ...shareFindings(props, mode),
    ...profileFindings(props, mode),
    ...countFindings(props, mode),
    ...draFindings(props, mode),
  ];
}

function bad(what: string, fix: string): SharingFinding {
  return { code: 'ORR2011', what, fix };
}

function contradiction(what: string, fix: string): SharingFinding {
  return { code: 'ORR2012', what, fix };
}

function unpartitionable({ products }: GpuSharingProps): string[] {
  return products.filter((product) => MigGeometry.ofProduct(product) === undefined);
}

function cardFindings({ products, remote }: GpuSharingProps): SharingFinding[] {
  const none: SharingFinding = {
    code: 'ORR2013',
    what: 'It is not said which GPUs there are.',
    fix: 'Name their products in `products`, as in the `gpuModels` of the cluster.',
  };
  return [
    ...(products.length === 0 ? [none] : []),
    // Nothing of NVIDIA's or HAMi's does it.
    ...(remote === true
      ? [
          contradiction(
            'A pod cannot use the GPU of another node.',
            'Leave out `remote` and let pods run where the GPUs are; `sharing: shared` gives several of them one card.',
          ),
        ]
      : []),
  ];
}

function modeFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const traits = MODES[mode];
  const { sharing } = props;
  const wanted = wantedIsolation(props);
  if (!traits.sharing.includes(sharing)) {
    const fix = `Use sharing ${traits.sharing.join(' or ')}, or leave out \`mode\`.`;
    return [contradiction(`The mode ${mode} is not for sharing "${sharing}".`, fix)];
  }
  if (isolates(traits.isolation, wanted)) return [];
  const what = `The mode ${mode} gives the isolation "${traits.isolation}", and "${wanted}" is asked for.`;
  if (wanted === GpuIsolation.SOFT) return [contradiction(what, `Use the mode ${GpuMode.HAMI} or ${GpuMode.MPS}.`)];
  const isCut = unpartitionable(props).length === 0 && props.products.length > 0;
  const fix = isCut
    ? 'Use sharing "partitioned": these cards can be cut in hardware (MIG).'
    : 'Use sharing "exclusive": not all of these cards can be cut in hardware (MIG).';
  return [contradiction(what, fix)];
}

/** A node's cards belong to one plugin, and are in MIG mode or not. */
function nodeFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const { plugin, isMig } = MODES[mode];
  const others = (props.otherPlugins ?? []).filter((other) => other !== plugin);
  const findings: SharingFinding[] = [];
  if (others.length > 0) {
    const what = `${[plugin, ...others].join(' and ')} would announce the same cards, and each would give them away.`;
    findings.push(
      contradiction(what, `Turn off ${others.join(' and ')} on these nodes, or give them nodes of their own.`),
    );
  }
  if (props.migEnabled === true && !isMig && mode !== GpuMode.DRA) {
    const what =
      mode === GpuMode.MPS
        ? 'The cards are in MIG mode, and MPS does not work with MIG devices.'
        : `The cards are in MIG mode, and ${mode} needs whole ones.`;
    findings.push(contradiction(what, 'Use sharing "partitioned", or turn off MIG on these nodes.'));
  }
  if (props.migEnabled === false && isMig) {
    const fix = 'Leave out `migEnabled`: the MIG manager turns it on. A node must be drained for it.';
    findings.push(contradiction('The cards are not in MIG mode and stay so, and partitions need it.', fix));
  }
  return findings;
}

function replicaFindings({ replicas }: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const { hasReplicas, hasShares } = MODES[mode];
  if (replicas === undefined) {
    if (!hasReplicas || hasShares) return [];
    return [bad(`The mode ${mode} has no number of pods on a card.`, 'Say it with `replicas`: 2 or more.')];
  }
  if (!hasReplicas) {
    const what = `\`replicas\` is ${replicas}, and with ${mode} a pod does not share.`;
    return [contradiction(what, 'Leave out `replicas`, or use sharing "shared".')];
  }
  if (Number.isSafeInteger(replicas) && replicas >= (hasShares ? 1 : 2)) return [];
  const fix = hasShares
    ? 'Use a whole number.'
    : 'Use a whole number from 2 on; for one pod on a card sharing "exclusive".';
  return [bad(`\`replicas\` is ${replicas}.`, fix)];
}

function shareFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const { share, memoryScaling = 1, cardMebibytes } = props;
  const { hasShares } = MODES[mode];
  const findings: SharingFinding[] = [];
  if (props.memoryScaling !== undefined && (!hasShares || !(memoryScaling > 0 && Number.isFinite(memoryScaling)))) {
    findings.push(
      hasShares
        ? bad(`\`memoryScaling\` is ${memoryScaling}.`, 'Use a number above 0; 1 gives out what there is.')
        : contradiction(
            `\`memoryScaling\` is for HAMi, not for ${mode}.`,
            `Leave it out, or use the mode ${GpuMode.HAMI}.`,
          ),
    );
  }
  if (cardMebibytes !== undefined && !(Number.isSafeInteger(cardMebibytes) && cardMebibytes > 0)) {
    findings.push(bad(`\`cardMebibytes\` is ${cardMebibytes}.`, 'Use the MiB that a card has.'));
  }
  if (share === undefined) return findings;
  const { memoryMebibytes, memoryPercentage, corePercentage } = share;
  if (!hasShares) {
    const fix = `Leave out \`share\`, or use sharing "shared" with the mode ${GpuMode.HAMI}.`;
    findings.push(contradiction(`With ${mode} a pod cannot have a share of a size of its own.`, fix));
  }
  if (memoryMebibytes !== undefined && memoryPercentage !== undefined) {
    findings.push(contradiction('A share has `memoryMebibytes` and `memoryPercentage`.', 'Leave out one of the two.'));
  }
  if (memoryPercentage !== undefined) {
    if (!isWithin(memoryPercentage, 1, 100)) {
      // HAMi takes more for 100 and ignores less: both would give a pod the whole card.
      findings.push(bad(`\`memoryPercentage\` is ${memoryPercentage}.`, 'Use a whole number from 1 to 100.'));
    }
    if (mode === GpuMode.VOLCANO_VGPU) {
      const fix = 'Say `memoryMebibytes`, or use the mode hami.';
      findings.push(contradiction('Volcano does not take `memoryPercentage` here.', fix));
    }
  }
  if (corePercentage !== undefined && !isWithin(corePercentage, 0, 100)) {
    findings.push(bad(`\`corePercentage\` is ${corePercentage}.`, 'Use a whole number from 0 to 100.'));
  }
  if (memoryMebibytes !== undefined) findings.push(...memoryFindings(memoryMebibytes, memoryScaling, cardMebibytes));
  return findings;
}

/** HAMi reads a number of MiB in 32 bits; what it cannot read it takes for no share at all. */
function memoryFindings(memory: number, scaling: number, card: number | undefined): SharingFinding[] {
  if (!isWithin(memory, 1, 2 ** 31 - 1)) {
    return [bad(`\`memoryMebibytes\` is ${memory}.`, 'Use a whole number of MiB: 8192 for 8 GiB.')];
  }
  if (card === undefined || memory <= card * scaling) return [];
  const most = Math.floor(card * scaling);
  const what = `A share of ${memory} MiB is more than the ${most} MiB that a card gives.`;
  return [contradiction(what, `Use ${most} or less, or several cards by \`gpusPerPod\`: the share is of each.`)];
}

function profileFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const { profiles, products } = props;
  const { isMig } = MODES[mode];
  if (!isMig && profiles !== undefined) {
    const fix =
      mode === GpuMode.DRA ? 'Leave it out: claims select it.' : 'Leave it out, or use sharing "partitioned".';
    return [contradiction(`\`profiles\` is for MIG, not for ${mode}.`, fix)];
  }
  if (props.sharing !== GpuSharing.PARTITIONED) return [];
  const whole = unpartitionable(props);
  if (whole.length > 0) {
    const what = `${whole.join(', ')} cannot be cut in hardware (MIG), as far as is known.`;
    return [contradiction(what, softest(props))];
  }
  if (!isMig) return [];
  const wanted = Object.entries(profiles ?? {}).filter(([, count]) => count > 0);
  if (wanted.length === 0) {
    const fix = 'Say them with `profiles`, e.g. { "3g.40gb": 2 }; `MigPlanner` finds them for workloads.';
    return [bad('It is not said which partitions the cards have.', fix)];
  }
  const findings = products.flatMap((product) => {
    const refusal = MigGeometry.ofProduct(product)?.refusal(profiles ?? {});
    const fix = 'Use the nearest, `MigGeometry.maximalMixes` for all that have room, or a pool for each model.';
    return refusal === undefined ? [] : [contradiction(refusal, fix)];
  });
  if (mode === GpuMode.MIG_SINGLE && wanted.length > 1) {
    const what = `The strategy "single" is for one profile on a node, not ${wanted.map(([name]) => name).join(' and ')}.`;
    findings.push(contradiction(what, `Use the mode ${GpuMode.MIG_MIXED}.`));
  }
  return findings;
}

/** What cards without MIG can do. */
function softest(props: GpuSharingProps): string {
  return isolates(GpuIsolation.SOFT, props.isolation ?? GpuIsolation.SOFT)
    ? `Use sharing "${GpuSharing.SHARED}" with isolation "${GpuIsolation.SOFT}" (${GpuMode.HAMI}), or "${GpuSharing.EXCLUSIVE}".`
    : `Use sharing "${GpuSharing.EXCLUSIVE}".`;
}

function countFindings(props: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  const { gpusPerPod = 1, gpusPerNode } = props;
  if (!isWithin(gpusPerPod, 1, 2 ** 31 - 1)) {
    return [bad(`\`gpusPerPod\` is ${gpusPerPod}.`, 'Use a whole number from 1 on.')];
  }
  if (gpusPerNode !== undefined && !isWithin(gpusPerNode, 1, 2 ** 31 - 1)) {
    return [bad(`\`gpusPerNode\` is ${gpusPerNode}.`, 'Use a whole number from 1 on.')];
  }
  const { hasReplicas, hasShares, isMig } = MODES[mode];
  if (gpusPerPod > 1 && hasReplicas && !hasShares) {
    // The device plugin refuses such pods (failRequestsGreaterThanOne): two replicas may be of one card, and give no more than one.
    const what = `A pod asks for ${gpusPerPod} replicas of cards, which may be of one card.`;
    return [contradiction(what, `Use 1, or sharing "exclusive" or the mode ${GpuMode.HAMI} for several cards.`)];
  }
  if (gpusPerNode === undefined || isMig || gpusPerPod <= gpusPerNode) return [];
  const what = `A pod asks for ${gpusPerPod} cards, and a node has ${gpusPerNode}.`;
  return [contradiction(what, `Use ${gpusPerNode} or fewer, and more pods.`)];
}

/** `resource.k8s.io/v1` came with 1.34. */
function draFindings({ kubernetesVersion }: GpuSharingProps, mode: GpuMode): SharingFinding[] {
  if (mode !== GpuMode.DRA) return [];
  if (kubernetesVersion === undefined) {
    const what = 'Dynamic resource allocation depends on the version of Kubernetes, which is not said.';
    return [{ code: 'ORR2013', what, fix: 'Say it with `kubernetesVersion`.' }];
  }
  const [major = 0, minor = 0] = kubernetesVersion.split('.').map(Number);
  if (major > 1 || (major === 1 && minor >= 34)) return [];
  const what = `Dynamic resource allocation needs Kubernetes 1.34 or newer, and this is ${kubernetesVersion}.`;
  return [contradiction(what, 'Leave out `mode`.')];
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
