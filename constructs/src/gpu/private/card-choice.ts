import type { Finding } from '../../private/service-validation';
import { type GpuChoice, GpuPacking, GpuUrgency } from '../gpu-needs';
import { GpuMode } from '../gpu-sharing-props';
import type { HamiAnnotations, HamiDevice } from './hami-devices';

/** A pool's cards in a cluster, as far as a choice of them depends on it. */
export interface ChosenFrom {
  readonly mode: GpuMode;
  /** What HAMi knows of the cards. */
  readonly device: HamiDevice;
  /** Whether they are NVIDIA's. */
  readonly isNvidia: boolean;
  readonly products: readonly string[];
  /** Cards that a pod has at a time. */
  readonly cards: number;
}

/** Where HAMi's scheduler reads which nodes and cards are preferred (pkg/util/types.go of Project-HAMi/HAMi). */
const NODES = 'hami.io/node-scheduler-policy';
const CARDS = 'hami.io/gpu-scheduler-policy';

const LISTS = ['useTypes', 'avoidTypes', 'useUuids', 'avoidUuids'] as const;

/** Annotations of the pod for a choice without findings. */
export function choiceAnnotations({ mode, device }: ChosenFrom, choice: GpuChoice): { readonly [key: string]: string } {
  const { nodes, cards, sameNumaNode, linkedCards, shareMode, computePolicy, urgency } = choice;
  if (mode === GpuMode.VOLCANO_VGPU) {
    return shareMode === undefined ? {} : { 'volcano.sh/vgpu-mode': shareMode };
  }
  if (mode === GpuMode.DRA) return {};
  const said: { readonly [K in keyof HamiAnnotations]: string | undefined } = {
    ...Object.fromEntries(LISTS.map((list) => [list, joined(choice[list])])),
    sameNumaNode: sameNumaNode === true ? 'true' : undefined,
    linkedCards: linkedCards === undefined ? undefined : String(linkedCards),
    shareMode,
    computePolicy,
    urgency,
  };
  const ofDevice = Object.entries(said).flatMap(([what, value]) => {
    const key = device.annotations[what as keyof HamiAnnotations];
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return {
    ...Object.fromEntries(ofDevice),
    ...(nodes === undefined ? {} : { [NODES]: nodes }),
    ...(cards === undefined ? {} : { [CARDS]: cards }),
  };
}

/** Conditions on a device that say the same to dynamic resource allocation (attributes: kubernetes-sigs/dra-driver-nvidia-gpu). */
export function choiceExpressions({ useTypes, avoidTypes, useUuids, avoidUuids }: GpuChoice): string[] {
  const [name, uuid] = ["device.attributes['gpu.nvidia.com'].productName", "device.attributes['gpu.nvidia.com'].uuid"];
  const contains = (types: readonly string[]) => types.map((type) => `${name}.contains(${celText(type)})`).join(' || ');
  const oneOf = (uuids: readonly string[]) => `${uuid} in [${uuids.map(celText).join(', ')}]`;
  return [
    ...(useTypes === undefined ? [] : [contains(useTypes)]),
    ...(avoidTypes === undefined ? [] : [`!(${contains(avoidTypes)})`]),
    ...(useUuids === undefined ? [] : [oneOf(useUuids)]),
    ...(avoidUuids === undefined ? [] : [`!(${oneOf(avoidUuids)})`]),
  ];
}

/** What is wrong with a choice: what nobody reads, and what no card or every card is meant by. */
export function choiceFindings(from: ChosenFrom, choice: GpuChoice): Finding[] {
  const lists = LISTS.flatMap((list) => listFindings(list, choice[list]));
  return [
    ...unreadFindings(from, choice),
    ...(lists.length > 0 ? lists : [...typeFindings(from, choice), ...uuidFindings(from, choice)]),
    ...policyFindings(from, choice),
  ];
}

/** Members of a choice that something reads. */
function readMembers({ mode, device, isNvidia }: ChosenFrom): ReadonlySet<string> {
  switch (mode) {
    case GpuMode.HAMI:
      return new Set([...Object.keys(device.annotations), 'nodes', 'cards']);
    case GpuMode.VOLCANO_VGPU:
      return new Set(['shareMode']);
    case GpuMode.DRA:
      return new Set(LISTS);
    case GpuMode.WHOLE_GPU:
      // HAMi's scheduler also places whole cards of other vendors; NVIDIA's are its own device plugin's.
      return new Set(isNvidia ? [] : ['nodes', 'cards']);
    default:
      return new Set();
  }
}

function unreadFindings(from: ChosenFrom, choice: GpuChoice): Finding[] {
  const read = readMembers(from);
  const said = Object.entries(choice).flatMap(([member, value]) => (value === undefined ? [] : [member]));
  const unread = said.filter((member) => !read.has(member));
  if (unread.length === 0) return [];
  const names = unread.map((member) => `\`${member}\``).join(', ');
  const with_ = from.mode === GpuMode.HAMI ? `cards of ${from.device.name}` : from.mode;
  const known = [...read].map((member) => `\`${member}\``).join(', ');
  const fix =
    known !== ''
      ? `With ${with_} there are: ${known}.`
      : 'Leave it out and say `products` of the pool, or use a pool with the mode hami.';
  return [contradiction(`With ${with_} nothing reads ${names} of \`choice\`.`, fix)];
}

/** HAMi splits at commas and takes each part as it is: an empty one fits every card. */
function listFindings(list: string, items: readonly string[] | undefined): Finding[] {
  if (items === undefined) return [];
  if (items.length === 0) return [bad(`\`${list}\` is empty.`, 'Leave it out.')];
  return items
    .filter((item) => item === '' || item.trim() !== item || item.includes(','))
    .map((item) => bad(`\`${list}\` has "${item}".`, 'Use one name for each, without commas and spaces around it.'));
}

function typeFindings({ products }: ChosenFrom, { useTypes, avoidTypes }: GpuChoice): Finding[] {
  if (products.length === 0) return [];
  const isMeant = (types: readonly string[] | undefined) => (product: string) =>
    (types ?? []).some((type) => fits(product, type));
  const left = products
    .filter((product) => useTypes === undefined || isMeant(useTypes)(product))
    .filter((product) => !isMeant(avoidTypes)(product));
  if (left.length > 0) return [];
  const said = [
    ...(useTypes === undefined ? [] : [`\`useTypes\` ${useTypes.join(', ')}`]),
    ...(avoidTypes === undefined ? [] : [`\`avoidTypes\` ${avoidTypes.join(', ')}`]),
  ];
  return [contradiction(`${said.join(' and ')}: no card is left.`, `The cards are: ${products.join(', ')}.`)];
}

/** Names of a card differ in what stands between their parts. */
function fits(product: string, type: string): boolean {
  const [all, part] = [product, type].map((text) => text.toUpperCase().replace(/[-_ ]/g, '')) as [string, string];
  return all.includes(part) || part.includes(all);
}

function uuidFindings({ cards }: ChosenFrom, { useUuids, avoidUuids = [] }: GpuChoice): Finding[] {
  if (useUuids === undefined || useUuids.length === 0) return [];
  const left = useUuids.filter((uuid) => !avoidUuids.includes(uuid));
  if (new Set(left).size >= cards) return [];
  const what = `A pod has ${cards} cards, and \`useUuids\` leaves ${new Set(left).size}.`;
  return [contradiction(what, `Name ${cards} or more, which stand in one node.`)];
}

function policyFindings({ cards }: ChosenFrom, { nodes, urgency }: GpuChoice): Finding[] {
  const findings: Finding[] = [];
  if (nodes === GpuPacking.TOPOLOGY_AWARE || nodes === GpuPacking.MUTEX) {
    findings.push(bad(`\`nodes\` is ${nodes}, which is for cards.`, 'Use BINPACK or SPREAD, or say it for `cards`.'));
  }
  if (urgency !== undefined && cards !== 1) {
    const what = `A pod with \`urgency\` ${urgency === GpuUrgency.ONLINE ? 'ONLINE' : 'OFFLINE'} asks for ${cards} cards.`;
    findings.push(contradiction(what, 'Use one card: HAMi refuses others.'));
  }
  return findings;
}

function joined(items: readonly string[] | undefined): string | undefined {
  return items?.join(',');
}

function celText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}

function contradiction(what: string, fix: string): Finding {
  return { code: 'ORR2012', what, fix };
}
