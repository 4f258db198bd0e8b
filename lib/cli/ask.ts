import { createInterface } from 'node:readline';

/** Asks on the terminal, the question on stderr. End of input or Ctrl-C is "no answer" (undefined). */
export async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once('close', () => resolve(undefined));
      lines.once('SIGINT', () => {
        process.stderr.write('\n');
        resolve(undefined);
      });
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
    process.stdin.unref?.();
  }
}
