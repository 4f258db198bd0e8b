import { wholeSeconds } from '../../duration';
import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import { Probe } from '../../probe';
import { TopologyDomain } from '../../service-props';
import type { GpuServerProgram, GpuServiceProps, VllmServer } from '../gpu-service-props';
import { GpuMode } from '../gpu-sharing-props';
import { isMig } from './pool-nodes';
import type { GpuPoolView } from './pool-view';
import type { MainContainer } from './workload-pods';

const VLLM_PORT = 8000;
const UTILIZATION = 0.9;
const STARTS_WITHIN = '15m';

/** The container that answers. */
export function serverMain(props: GpuServiceProps, pool: GpuPoolView): MainContainer {
  const rule = props.server._rule();
  const spread = [{ over: TopologyDomain.NODE }];
  switch (rule.kind) {
    case 'vllm':
      return { ...vllmMain(rule.server, props, pool), ...MODEL_IN_MEMORY, spread };
    case 'container':
      return { ...programMain(rule.program, props), spread };
    case 'kserve':
      // The runtime has the image; KServe fills it in.
      return { image: 'kserve-runtime', ...(isVllm(props) ? MODEL_IN_MEMORY : {}), spread };
  }
}

/** Weights go through the memory of the node to the cards. */
const MODEL_IN_MEMORY = { cpu: '2', memory: '16Gi', sharedMemory: '2Gi' };

/** Whether vLLM answers. */
export function isVllm({ server }: GpuServiceProps): boolean {
  const rule = server._rule();
  if (rule.kind === 'kserve') return rule.model.vllm ?? rule.model.modelFormat === 'huggingface';
  return rule.kind === 'vllm';
}

/** Port that it listens on; undefined where there is none of ours. */
export function serverPort({ server }: GpuServiceProps): number | undefined {
  const rule = server._rule();
  if (rule.kind === 'vllm') return VLLM_PORT;
  return rule.kind === 'container' ? rule.program.port : undefined;
}

function vllmMain(server: VllmServer, props: GpuServiceProps, pool: GpuPoolView): MainContainer {
  const { image, model, modelToken, apiKey, gpuMemoryUtilization } = server;
  const secretEnv = {
    ...(modelToken === undefined ? {} : { HF_TOKEN: modelToken }),
    ...(apiKey === undefined ? {} : { VLLM_API_KEY: apiKey }),
  };
  const startup = Probe.httpGet('/health', starting(props));
  return {
    image,
    command: ['vllm', 'serve'],
    args: [
      model,
      ...flagTexts({ '--host': '0.0.0.0', '--port': VLLM_PORT }),
      ...parallelArgs(props, pool),
      ...memoryArgs(gpuMemoryUtilization ?? defaultUtilization(pool)),
      ...ownArgs(server),
    ],
    env: {
      // It may not write to the home folder of root, and its user has no name in the image.
      HOME: '/tmp',
      USER: 'vllm',
      VLLM_NO_USAGE_STATS: '1',
      DO_NOT_TRACK: '1',
    },
    secretEnv,
    port: VLLM_PORT,
    startup,
    readiness: Probe.httpGet('/health', { periodSeconds: 5 }),
    liveness: Probe.httpGet('/health', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }),
  };
}

function ownArgs(server: VllmServer): string[] {
  const { servedModelName, maxModelLength, maxSequences, maxBatchedTokens, dtype, quantization } = server;
  const flags: { readonly [flag: string]: string | number | undefined } = {
    '--served-model-name': servedModelName,
    '--max-model-len': maxModelLength,
    '--max-num-seqs': maxSequences,
    '--max-num-batched-tokens': maxBatchedTokens,
    '--dtype': dtype,
    '--quantization': quantization,
  };
  return [...flagTexts(flags), ...(server.otherArgs ?? [])];
}

function flagTexts(flags: { readonly [flag: string]: string | number | undefined }): string[] {
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

/** All cards of a pod share the model. */
export function parallelArgs({ gpu }: GpuServiceProps, pool: GpuPoolView): string[] {
  const cards = gpu?.cards ?? 1;
  const mode = pool.mode();
  const isVirtual = mode === GpuMode.HAMI || mode === GpuMode.VOLCANO_VGPU;
  return [
    ...flagTexts({ '--tensor-parallel-size': cards }),
    // Its own all-reduce shares memory between processes by CUDA, which HAMi's library does not pass on (examples/nvidia/vllm_cross_vgpu.yaml of Project-HAMi/HAMi).
    ...(isVirtual && cards > 1 ? ['--disable-custom-all-reduce'] : []),
  ];
}

/** How much of a card's memory it takes. */
export function memoryArgs(utilization: number): string[] {
  return flagTexts({ '--gpu-memory-utilization': utilization });
}

/** Pods that take turns on a card have its memory together. */
export function defaultUtilization(pool: GpuPoolView): number {
  const { replicas = 1 } = pool.props;
  return sharesMemory(pool) ? Math.floor((UTILIZATION / replicas) * 100) / 100 : UTILIZATION;
}

/** Whether nothing keeps pods on a card from the memory of the others. */
export function sharesMemory(pool: GpuPoolView): boolean {
  const mode = pool.mode();
  return mode === GpuMode.TIME_SLICING || mode === GpuMode.MPS;
}

function programMain(program: GpuServerProgram, props: GpuServiceProps): MainContainer {
  const { image, command, args, workingDirectory, port, healthPath } = program;
  const main = present<MainContainer>({ image, command, args, workingDirectory, port });
  if (port === undefined) return main;
  const probe = (options: object) =>
    healthPath === undefined ? Probe.tcp(options) : Probe.httpGet(healthPath, options);
  return {
    ...main,
    startup: probe(starting(props)),
    readiness: probe({ periodSeconds: 5 }),
    liveness: probe({ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }),
  };
}

/** The other probes begin once it has started: a model is loaded first. */
function starting({ startsWithin = STARTS_WITHIN }: GpuServiceProps): {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
} {
  return { periodSeconds: 10, failureThreshold: Math.max(1, Math.ceil((wholeSeconds(startsWithin) ?? 0) / 10)) };
}

/** Flags of vLLM that are said by properties, or follow from the pool. */
const OWN_FLAGS: { readonly [flag: string]: string } = {
  '--host': 'nothing: it answers the whole network',
  '--port': `nothing: it is ${VLLM_PORT}`,
  '--model': '`model`',
  '--tensor-parallel-size': '`gpu.cards`',
  '-tp': '`gpu.cards`',
  '--gpu-memory-utilization': '`gpuMemoryUtilization`',
  '--disable-custom-all-reduce': 'nothing: it follows from the pool',
  '--served-model-name': '`servedModelName`',
  '--max-model-len': '`maxModelLength`',
  '--max-num-seqs': '`maxSequences`',
  '--max-num-batched-tokens': '`maxBatchedTokens`',
  '--dtype': '`dtype`',
  '--quantization': '`quantization`',
  '--api-key': '`apiKey`: it would stand in plans',
  '--hf-token': '`modelToken`: it would stand in plans',
};

/** What is wrong with a server. */
export function serverFindings(props: GpuServiceProps, pool: GpuPoolView): Finding[] {
  const { startsWithin = STARTS_WITHIN, gpu } = props;
  const findings: Finding[] = [];
  const bad = (what: string, fix: string) => findings.push({ code: 'ORR2011', what, fix });
  const contradiction = (what: string, fix: string) => findings.push({ code: 'ORR2012', what, fix });
  const seconds = wholeSeconds(startsWithin);
  if (seconds === undefined || seconds < 10) {
    bad(`\`startsWithin\` is "${startsWithin}".`, 'Use a duration like "15m", of at least ten seconds.');
  }
  const cards = gpu?.cards ?? 1;
  if (isVllm(props) && cards > 1 && isMig(pool.mode())) {
    const what = `vLLM cannot use ${cards} partitions together: a process of CUDA sees one partition.`;
    contradiction(what, 'Use one larger partition by `gpu.profile`, or a pool of whole cards.');
  }
  const rule = props.server._rule();
  const others =
    rule.kind === 'vllm'
      ? (rule.server.otherArgs ?? [])
      : rule.kind === 'kserve' && isVllm(props)
        ? (rule.model.args ?? [])
        : [];
  for (const flag of others.map((text) => text.split('=')[0] ?? '').filter((text) => Object.hasOwn(OWN_FLAGS, text))) {
    if (rule.kind === 'kserve' && !KSERVE_OWN.includes(flag)) continue;
    contradiction(`The arguments have ${flag}.`, `Say instead: ${OWN_FLAGS[flag]}.`);
  }
  if (rule.kind !== 'vllm') return findings;
  return [...findings, ...vllmFindings(rule.server, pool)];
}

/** With KServe the other flags are said by its arguments. */
const KSERVE_OWN = ['--tensor-parallel-size', '-tp', '--disable-custom-all-reduce', '--api-key', '--hf-token'];

function vllmFindings(server: VllmServer, pool: GpuPoolView): Finding[] {
  const { model, gpuMemoryUtilization, maxModelLength, maxSequences, maxBatchedTokens } = server;
  const findings: Finding[] = [];
  const bad = (what: string, fix: string) => findings.push({ code: 'ORR2011', what, fix });
  if (model.trim() === '' || model.startsWith('-')) {
    bad(`\`model\` is "${model}".`, 'Use a name of Hugging Face, or a folder in the container.');
  }
  for (const [what, value] of Object.entries({ maxModelLength, maxSequences, maxBatchedTokens })) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
      bad(`\`${what}\` is ${value}.`, 'Use a whole number from 1 on.');
    }
  }
  if (gpuMemoryUtilization === undefined) return findings;
  if (!(gpuMemoryUtilization > 0 && gpuMemoryUtilization <= 1)) {
    bad(`\`gpuMemoryUtilization\` is ${gpuMemoryUtilization}.`, 'Use a number above 0, to 1.');
    return findings;
  }
  const { replicas = 1 } = pool.props;
  if (sharesMemory(pool) && gpuMemoryUtilization * replicas > 1) {
    const what = `${replicas} pods share the memory of a card, and each would take ${gpuMemoryUtilization} of it.`;
    const most = Math.floor(100 / replicas) / 100;
    const fix = `Use ${most} or less, or a pool with the mode ${GpuMode.HAMI}, whose shares have a limit.`;
    findings.push({ code: 'ORR2012', what, fix });
  }
  return findings;
}
