/** What the API server would say here is not known to us: evaluation ends, and the rule says nothing. So does a call that fails in the server, too. */
class Undecided extends Error {}

export function undecided(): never {
  throw new Undecided('not known');
}
