import { nearestWord } from '../../config/nearest.ts';
import { OrreryError } from '../../errors.ts';
import { explanations } from '../../explain/explain.ts';
import { explanationList, explanationText } from '../../report/explanation-text.ts';
import { oneLine, printableJson } from '../../report/sanitize.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { VerbContext } from '../verb.ts';

export interface ExplainOptions {
  /** A code or the id of a check; undefined: all of them. */
  readonly what: string | undefined;
  readonly json: boolean;
}

/** Says what an error or a check means and what to do about it. Reads nothing. */
export async function explain({ screen }: VerbContext, { what, json }: ExplainOptions): Promise<ExitCode> {
  const all = explanations();
  if (what === undefined) {
    screen.out(json ? `${printableJson(all, 2)}\n` : explanationList(all, screen.paint));
    return EXIT.ok;
  }
  const found = all.find(({ id }) => id.toLowerCase() === what.toLowerCase());
  if (found === undefined) {
    const meant = nearestWord(
      what,
      all.map(({ id }) => id),
    );
    throw new OrreryError('ORR1001', `there is no error and no check "${oneLine(what)}".`, {
      fix: `${meant === undefined ? '' : `Did you mean ${meant}? `}orrery explain lists all of them.`,
    });
  }
  screen.out(json ? `${printableJson(found, 2)}\n` : explanationText(found, screen.paint));
  return EXIT.ok;
}
