import { isOrreryError, type OrreryError } from '../../errors.ts';

/** The OrreryError that something ends with; anything else is thrown on. */
export async function failure(answer: Promise<unknown>): Promise<OrreryError> {
  const error = await answer.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!isOrreryError(error)) throw error;
  return error;
}
