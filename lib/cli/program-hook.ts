import { writeFileSync } from 'node:fs';

/**
 * Loaded into the program's process (node --import) by run-app.ts: an error that nobody caught is handed over as data, so that the command can show it like any other error
 * instead of a stack trace. Nothing else of the program is touched.
 */
const file = process.env.ORRERY_ERROR_FILE;
delete process.env.ORRERY_ERROR_FILE;

/** What is handed over; `problems` comes from errors of @orrery/constructs. */
export interface UncaughtError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
  readonly problems?: readonly unknown[] | undefined;
}

function describe(error: unknown): UncaughtError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, problems } = error as { code?: unknown; problems?: unknown };
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    stack: error.stack,
    problems: Array.isArray(problems) ? problems : undefined,
  };
}

if (file !== undefined) {
  const listener = (error: unknown): void => {
    // A program with a handler of its own keeps it.
    if (process.listenerCount('uncaughtException') > 1) return;
    writeFileSync(file, JSON.stringify(describe(error)));
    process.exit(1);
  };
  process.on('uncaughtException', listener);
}
