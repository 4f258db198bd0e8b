import { createInterface } from 'node:readline';

/** Asks on the terminal, the question on stderr. End of input, Ctrl-C or an aborted signal is "no answer" (undefined). */
export async function ask(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>((resolve) => {
      let answered = false;
      const answer = (text: string | undefined) => {
        if (answered) return;
        answered = true;
        // What comes next begins a line of its own.
        if (text === undefined) process.stderr.write('\n');
        resolve(text);
      };
      const end = () => answer(undefined);
      lines.once('close', end);
      lines.once('SIGINT', end);
      if (signal?.aborted === true) return end();
      signal?.addEventListener('abort', end, { once: true });
      lines.question(question, answer);
    });
  } finally {
    lines.close();
    process.stdin.unref?.();
  }
}
