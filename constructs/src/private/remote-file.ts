import { URL } from 'node:url';
import type { IConstruct } from 'constructs';
import { type Problem, problemAt } from './problem';

/** A file that the engine fetches. */
export interface RemoteFile {
  readonly url: string;
  /** For messages: without a query, which may hold a token. */
  readonly shown: string;
}

/** Whether a file is named by an address. "C:\objects.yaml" is none. */
export function isAddress(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
}

/** The remote file behind an address; undefined, with a problem, for one that is never fetched. */
export function remoteFile(construct: IConstruct, address: string, problems: Problem[]): RemoteFile | undefined {
  const refuse = (what: string, fix: string) => {
    problems.push(problemAt(construct, 'ORR2011', what, { fix }));
    return undefined;
  };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return refuse(`The file "${address}" is no address.`, 'Write https://host/path.');
  // The address itself is not quoted: it holds a password.
  if (url.username !== '' || url.password !== '')
    return refuse(
      `The address of the file on ${url.host} holds credentials.`,
      'Remove them: the address stands in the assembly. Download a file that needs a login into the project.',
    );
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== 'https:')
    return refuse(`The file "${shown}" is not fetched over https.`, 'Use https, or download it into the project.');
  url.hash = '';
  return { url: url.href, shown };
}

/** A digest in lower case; undefined, with a problem, for what is none. */
export function digestOf(construct: IConstruct, given: string, problems: Problem[]): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(given)) return given.toLowerCase();
  const fix = 'Write its 64 hexadecimal digits, as `sha256sum` prints them.';
  problems.push(problemAt(construct, 'ORR2011', `The sha256 "${given}" is no digest.`, { fix }));
  return undefined;
}
