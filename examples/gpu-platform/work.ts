import { GpuServer } from '@orrery/constructs';
import type { Pools } from './pools.ts';

/** Trainings that end, and models that answer. Each waits in the queue of its tenant; where it may run, its pool says. */
export function addWork({ training, serving }: Pools): void {
  training.train('detector', {
    namespaceName: 'vision',
    image: 'vision/train:2.3.0',
    command: ['torchrun', '/code/detector.py'],
    completions: 4,
    rendezvous: {},
    cpu: '8',
    memory: '64Gi',
  });
  training.train('whisper-finetune', {
    namespaceName: 'speech',
    image: 'speech/train:1.8.2',
    command: ['python', '/code/finetune.py'],
    cpu: '8',
    memory: '48Gi',
  });
  serving.serve('captions', {
    namespaceName: 'vision',
    server: GpuServer.vllm({ image: 'vllm/vllm-openai:v0.11.0', model: 'Qwen/Qwen2.5-VL-3B-Instruct' }),
    replicas: 3,
    cpu: '4',
    memory: '24Gi',
  });
  serving.serve('assistant', {
    namespaceName: 'speech',
    server: GpuServer.vllm({ image: 'vllm/vllm-openai:v0.11.0', model: 'Qwen/Qwen2.5-7B-Instruct' }),
    gpu: { cards: 2, memoryMebibytes: 20_480, corePercentage: 50 },
    replicas: 2,
    cpu: '8',
    memory: '48Gi',
  });
}
