import type { Finding } from '../../private/service-validation';
import type { GpuNeeds } from '../gpu-needs';
import type { HamiCores, HamiDevice, HamiMemory } from './hami-devices';

/** What is known of the cards that a request is for. */
export interface CardFacts {
  /** MiB of the smallest card. */
  readonly cardMebibytes?: number | undefined;
  /** MiB that are given out for each that there is. */
  readonly memoryScaling?: number | undefined;
  /** Cards of the largest node. */
  readonly cardsPerNode?: number | undefined;
}

/** What a container gets of each of its cards. */
export interface Granted {
  readonly cards: number;
  /** Of each card; undefined where a whole card's memory is not known. */
  readonly mebibytes: number | undefined;
  /** Percent of the compute of each card; 0 is without a limit. */
  readonly corePercentage: number;
  /** What the webhook makes another thing of, for people. */
  readonly rounded?: string;
}

/** MiB that are asked for, however they are said. */
export function wantedMebibytes({ memoryMebibytes, memoryGibibytes }: GpuNeeds): number | undefined {
  return memoryMebibytes ?? (memoryGibibytes === undefined ? undefined : memoryGibibytes * 1024);
}

/** Whether a request is for less than whole cards. */
export function isPart(request: GpuNeeds): boolean {
  const { memoryPercentage, corePercentage } = request;
  return wantedMebibytes(request) !== undefined || memoryPercentage !== undefined || corePercentage !== undefined;
}

/** Limits of the container. The request has to be without findings. */
export function hamiLimits(device: HamiDevice, request: GpuNeeds): { [resource: string]: number | string } {
  const { cards = 1, memoryMebibytes, memoryPercentage, corePercentage, priority } = request;
  const { memory, cores } = device;
  const mebibytes = wantedMebibytes(request);
  const limits: { [resource: string]: number | string } = { [device.count]: cards };
  if (memory !== undefined && mebibytes !== undefined) {
    const inUnits = mebibytes / memory.unit;
    const isInMebibytes = memoryMebibytes !== undefined || !Number.isInteger(inUnits);
    limits[memory.resource] = memory.takesUnit === true && isInMebibytes ? `${mebibytes}Mi` : inUnits;
  }
  if (device.memoryPercentage !== undefined && memoryPercentage !== undefined) {
    limits[device.memoryPercentage] = memoryPercentage;
  }
  if (cores !== undefined && corePercentage !== undefined) limits[cores.resource] = coreUnits(cores, corePercentage);
  if (device.priority !== undefined && priority !== undefined) limits[device.priority] = priority;
  return limits;
}

/** Annotations that a request needs whatever is said of the cards. */
export function annotationsOfShare(
  { cores }: HamiDevice,
  { corePercentage }: GpuNeeds,
): {
  readonly [key: string]: string;
} {
  return corePercentage === undefined ? {} : (cores?.needs ?? {});
}

/** What HAMi makes of a request without findings. */
export function hamiGrant(device: HamiDevice, request: GpuNeeds, facts: CardFacts): Granted {
  const { cards = 1, memoryPercentage } = request;
  const { memory } = device;
  const given = device.inPairs === true && cards === 1 ? 2 : cards;
  const whole = wholeMebibytes(device, facts);
  const wanted = wantedMebibytes(request);
  const mebibytes =
    wanted ??
    (memoryPercentage === undefined || whole === undefined ? whole : Math.floor((whole * memoryPercentage) / 100));
  const template = wanted === undefined || memory === undefined ? undefined : templateFor(device, memory, request);
  const notes = [
    ...(given === cards ? [] : [`${device.name} is given out in pairs: 1 becomes 2.`]),
    ...(template === undefined || template.mebibytes === wanted
      ? []
      : [`${wanted} MiB become ${template.mebibytes}, ${template.name}.`]),
  ];
  return {
    cards: given,
    mebibytes: template?.mebibytes ?? mebibytes,
    corePercentage: grantedCores(device, request),
    ...(notes.length === 0 ? {} : { rounded: notes.join(' ') }),
  };
}

/** A container that has all of the memory has the card alone. */
function grantedCores({ cores }: HamiDevice, request: GpuNeeds): number {
  const { memoryPercentage = 100, corePercentage } = request;
  if (corePercentage !== undefined) return corePercentage;
  return wantedMebibytes(request) === undefined && memoryPercentage === 100 ? 100 : (cores?.unsaid ?? 0);
}

function wholeMebibytes({ memory }: HamiDevice, { cardMebibytes, memoryScaling = 1 }: CardFacts): number | undefined {
  if (cardMebibytes !== undefined) return Math.floor(cardMebibytes * memoryScaling);
  return memory?.whole ?? memory?.most;
}

/** What a container takes of the nodes, by the resources that they have: memory and compute of all its cards. */
export function hamiAmounts(
  device: HamiDevice,
  request: GpuNeeds,
  facts: CardFacts,
): { readonly [resource: string]: number } {
  const { memory, cores } = device;
  const { cards, mebibytes, corePercentage } = hamiGrant(device, request, facts);
  const amounts: { [resource: string]: number } = { [device.count]: cards };
  if (memory !== undefined && mebibytes !== undefined) {
    amounts[memory.resource] = Math.floor(mebibytes / memory.unit) * cards;
  }
  if (cores !== undefined) amounts[cores.resource] = coreUnits(cores, corePercentage) * cards;
  return amounts;
}

/** The template that a wish is rounded up to; the whole card above them. Undefined where memory is what is asked for. */
function templateFor(
  device: HamiDevice,
  memory: HamiMemory,
  request: GpuNeeds,
): { readonly name: string; readonly mebibytes: number } | undefined {
  const { templates, most } = memory;
  const wanted = wantedMebibytes(request);
  const isSoft = request.corePercentage !== undefined && device.cores?.needs !== undefined;
  if (templates === undefined || most === undefined || wanted === undefined || isSoft) return undefined;
  return (
    templates.find(({ mebibytes }) => wanted <= mebibytes) ?? { name: 'a whole card', mebibytes: memory.whole ?? most }
  );
}

/**
 * What is wrong with a request, with what would work. HAMi's webhook refuses some of it when pods come; the rest it would take for something else than what is written (a share that it cannot read for a
 * whole card).
 */
export function hamiFindings(device: HamiDevice, request: GpuNeeds, facts: CardFacts): Finding[] {
  return [
    ...cardFindings(device, request, facts),
    ...memoryFindings(device, request, facts),
    ...percentageFindings(device, request),
    ...coreFindings(device, request),
    ...priorityFindings(device, request),
  ];
}

function cardFindings(device: HamiDevice, request: GpuNeeds, { cardsPerNode }: CardFacts): Finding[] {
  const { cards = 1 } = request;
  if (!isWithin(cards, 1, 2 ** 31 - 1)) return [bad(`\`cards\` is ${cards}.`, 'Use a whole number from 1 on.')];
  const findings: Finding[] = [];
  if (device.inPairs === true && cards > 1 && cards % 2 !== 0) {
    const what = `${device.name} is given out in pairs, and \`cards\` is ${cards}.`;
    findings.push(contradiction(what, `Use ${cards - 1} or ${cards + 1}.`));
  }
  const given = device.inPairs === true && cards === 1 ? 2 : cards;
  if (cardsPerNode !== undefined && given > cardsPerNode) {
    const what = `A pod asks for ${given} cards, and a node has ${cardsPerNode}.`;
    findings.push(contradiction(what, `Use ${cardsPerNode} or fewer, and more pods.`));
  }
  if (device.sharesOneCard === true && cards > 1 && isPart(request) && !asksForAll(device, request)) {
    const what = `${device.name} gives a part of one card only, and the pod asks for a part of ${cards}.`;
    findings.push(contradiction(what, 'Use one card, or leave out memory and compute: cards are whole then.'));
  }
  return findings;
}

/** Whether a part is all that there is. */
function asksForAll({ memory }: HamiDevice, request: GpuNeeds): boolean {
  const { corePercentage, memoryPercentage } = request;
  const wanted = wantedMebibytes(request);
  const whole = memory?.whole ?? memory?.most;
  return corePercentage === undefined && memoryPercentage === undefined && whole !== undefined && wanted === whole;
}

function memoryFindings(device: HamiDevice, request: GpuNeeds, facts: CardFacts): Finding[] {
  const { memoryMebibytes, memoryGibibytes } = request;
  const wanted = wantedMebibytes(request);
  if (wanted === undefined) return [];
  if (memoryMebibytes !== undefined && memoryGibibytes !== undefined) {
    const what = 'A share has `memoryMebibytes` and `memoryGibibytes`.';
    return [contradiction(what, 'Leave out one of the two.')];
  }
  const { memory } = device;
  if (memory === undefined) {
    return [contradiction(`Of ${device.name} a pod has whole cards.`, 'Leave out the memory.')];
  }
  const said =
    memoryMebibytes === undefined
      ? `\`memoryGibibytes\` is ${memoryGibibytes}`
      : `\`memoryMebibytes\` is ${memoryMebibytes}`;
  // pkg/device/nvidia/device.go reads it in 32 bits.
  if (!isWithin(wanted, 1, 2 ** 31 - 1)) {
    return [bad(`${said}.`, 'Use a whole number of MiB: 8192 for 8 GiB.')];
  }
  const most = mostMebibytes(memory, facts);
  if (most !== undefined && wanted > most) {
    const fix =
      device.sharesOneCard === true
        ? `Use ${most} or less.`
        : `Use ${most} or less, or several cards by \`cards\`: the share is of each.`;
    return [contradiction(`A share of ${wanted} MiB is more than the ${most} MiB that a card gives.`, fix)];
  }
  if (memory.sizes !== undefined) return sizeFindings(device, memory.sizes, memory.unit, wanted);
  if (memory.takesUnit === true || wanted % memory.unit === 0) return [];
  const below = wanted - (wanted % memory.unit);
  const nearest = below === 0 ? [memory.unit] : [below, below + memory.unit];
  const what = `${device.name} counts memory in blocks of ${memory.unit} MiB, and ${wanted} MiB are no multiple of it.`;
  return [bad(what, `Use ${nearest.join(' or ')}.`)];
}

function sizeFindings(device: HamiDevice, sizes: readonly number[], unit: number, wanted: number): Finding[] {
  const all = sizes.map((size) => size * unit);
  if (all.includes(wanted)) return [];
  const next = all.find((size) => size > wanted);
  const what = `${device.name} gives ${all.join(', ')} MiB, and not ${wanted}.`;
  return [bad(what, `Use ${next ?? all.at(-1)}.`)];
}

/** HAMi takes a wish above what a whole card gives out for a whole card; the pod would have less than it says. */
function mostMebibytes(memory: HamiMemory, { cardMebibytes, memoryScaling = 1 }: CardFacts): number | undefined {
  const given = cardMebibytes === undefined ? undefined : Math.floor(cardMebibytes * memoryScaling);
  const known = memory.whole ?? memory.most;
  return given === undefined || known === undefined ? (given ?? known) : Math.min(given, known);
}

function percentageFindings(device: HamiDevice, request: GpuNeeds): Finding[] {
  const { memoryPercentage } = request;
  if (memoryPercentage === undefined) return [];
  const findings: Finding[] = [];
  if (wantedMebibytes(request) !== undefined) {
    findings.push(
      contradiction('A share has memory in MiB or GiB and `memoryPercentage`.', 'Leave out one of the two.'),
    );
  }
  if (device.memoryPercentage === undefined) {
    const fix = device.memory === undefined ? 'Leave it out.' : 'Say `memoryMebibytes`.';
    findings.push(contradiction(`${device.name} does not take \`memoryPercentage\`.`, fix));
  }
  // HAMi takes more for 100 and ignores less: both would give a pod the whole card.
  if (!isWithin(memoryPercentage, 1, 100)) {
    findings.push(bad(`\`memoryPercentage\` is ${memoryPercentage}.`, 'Use a whole number from 1 to 100.'));
  }
  return findings;
}

function coreFindings(device: HamiDevice, { corePercentage }: GpuNeeds): Finding[] {
  if (corePercentage === undefined) return [];
  const { cores } = device;
  if (cores === undefined) {
    const what = `Of ${device.name} the compute cannot be shared by \`corePercentage\`.`;
    const fix = device.memory === undefined ? 'Leave it out.' : 'Leave it out: it goes with the memory.';
    return [contradiction(what, fix)];
  }
  const units = coreUnits(cores, corePercentage);
  if (isWithin(units, cores.least, cores.whole)) return [];
  const [least, step] = [(cores.least * 100) / cores.whole, 100 / cores.whole];
  const steps = step === 1 ? 'a whole number' : `a multiple of ${step}`;
  return [bad(`\`corePercentage\` is ${corePercentage}.`, `Use ${steps} from ${least} to 100.`)];
}

function priorityFindings(device: HamiDevice, { priority }: GpuNeeds): Finding[] {
  if (priority === undefined) return [];
  if (device.priority === undefined) {
    return [contradiction(`Tasks on cards of ${device.name} have no \`priority\`.`, 'Leave it out.')];
  }
  return priority === 0 || priority === 1
    ? []
    : [bad(`\`priority\` is ${priority}.`, 'Use 0, which goes first, or 1.')];
}

function coreUnits({ whole }: HamiCores, percentage: number): number {
  return (percentage * whole) / 100;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}

function contradiction(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}
