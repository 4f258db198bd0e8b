import { readFile } from 'node:fs/promises';
import { OrreryError } from '../errors.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { PLAN_VERSION } from './make-plan.ts';
import type { Plan } from './plan.ts';

/** Writes a plan, readable by its owner only; a reader sees the old file or the whole new one. */
export function writePlanFile(file: string, plan: Plan): void {
  writeFileAtomically(file, `${JSON.stringify(plan, undefined, 2)}\n`, 0o600);
}

/**
 * Reads a plan and checks it by its schema (plan.schema.json).
 * Errors: ORR4101 when there is no such file, when it is no plan, or one of a newer format.
 */
export async function readPlanFile(file: string): Promise<Plan> {
  const broken = (what: string, fix: string, cause?: unknown) =>
    new OrreryError('ORR4101', `${file} ${what}`, { source: file, fix, cause });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw broken(`cannot be read (${code}).`, 'Make a plan with: orrery plan --out FILE', cause);
  }
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(text);
  } catch {
    throw broken('is no JSON.', 'Make the plan again.');
  }
  if (typeof plan !== 'object' || plan === null || plan.format !== 'orrery/plan' || typeof plan.version !== 'string') {
    throw broken('is no plan.', 'Give a file that orrery plan --out wrote.');
  }
  if (Number.parseInt(plan.version, 10) !== Number.parseInt(PLAN_VERSION, 10)) {
    throw broken(
      `has plan format ${plan.version}; this orrery reads ${PLAN_VERSION}.`,
      'Make the plan again with this version.',
    );
  }
  // Large, and only a saved plan needs it: whoever plans and applies at once starts without it.
  const check = (await import('./plan-check.generated.ts')).validate as SchemaCheck;
  if (check(plan)) return plan as Plan;
  const error = check.errors?.at(-1);
  throw broken(
    `does not follow the plan format: ${error?.instancePath ?? ''} ${error?.message ?? ''}.`,
    'Make the plan again.',
  );
}

interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}
