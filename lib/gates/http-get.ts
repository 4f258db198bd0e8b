/** Bytes of an answer that are read; what comes after is not looked at. */
const MOST_BYTES = 1024 * 1024;

interface Answered {
  readonly status: number;
  readonly text: string;
}

interface Unanswered {
  readonly reason: string;
}

export function isUnanswered(answer: Answered | Unanswered): answer is Unanswered {
  return 'reason' in answer;
}

/** GET without credentials and without following redirects. Never rejects. */
export async function getText(
  url: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Answered | Unanswered> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const decoder = new TextDecoder();
    let text = '';
    let read = 0;
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      read += (chunk as Uint8Array).length;
      if (read > MOST_BYTES) break;
    }
    return { status: response.status, text };
  } catch (error) {
    if (timeout.aborted) return { reason: `it did not answer in ${timeoutMs / 1000} s` };
    if (signal?.aborted === true) return { reason: 'it was stopped' };
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return { reason: `it cannot be asked: ${cause?.code ?? cause?.message ?? (error as Error).message}` };
  }
}
