import { createInterface } from 'node:readline';

/** Asks on the terminal, the question on stderr. End of input, Ctrl-C or an aborted signal is "no answer" (undefined). */
export async function ask(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once('close', () => resolve(undefined));
      const end = () => {
        process.stderr.write('\n');
        resolve(undefined);
      };
      lines.once('SIGINT', end);
      if (signal?.aborted === true) return end();
      signal?.addEventListener('abort', end, { once: true });
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
    process.stdin.unref?.();
  }
}
