/** Calls to stop from outside: the first one asks for a clean end, the second one ends the process. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly end: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @param onFirst told once, with the name of the signal
 * @param onSecond told right before the process ends
 */
export function listenForInterrupt(onFirst: (signal: string) => void, onSecond?: () => void): Interrupt {
  const controller = new AbortController();
  const listener = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      onSecond?.();
      process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129);
    }
    controller.abort(new Error(`interrupted by ${signal}`));
    onFirst(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
