import type { CheckedObject } from '../check.ts';

/** What an object wants for itself. Of two objects with the same key only one gets it. */
export interface Claim {
  readonly object: CheckedObject;
  readonly key: string;
  /** Field of the object that says so. */
  readonly field: string;
  /** What it claims: "mall.example.com /cart". */
  readonly words: string;
  /** What becomes of it where another object claims it as well. */
  readonly outcome: string;
  readonly fix: string;
}

/** Names of hosts in the one way in which they are compared; without a name, every host. */
export function hostOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value.toLowerCase().replace(/\.$/, '') : '*';
}

export function hostWords(host: string): string {
  return host === '*' ? 'every host' : host;
}

/** The strings of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
