import type { Environment } from '@marcbachmann/cel-js';
import { undecided } from '../undecided.ts';

/** find and findAll (k8s.io/apiserver, pkg/cel/library/regex.go). That pattern and text mean the same in Go is seen to before (judgeable.ts). */
export function addRegexFunctions(environment: Environment): void {
  environment
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      return new RegExp(pattern).exec(text)?.[0] ?? '';
    })
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => all(text, pattern))
    .registerFunction('string.findAll(string, int): list<string>', (text: string, pattern: string, most: bigint) => {
      const found = all(text, pattern);
      return most < 0n ? found : found.slice(0, Number(most));
    });
}

/** Empty matches beside others are counted otherwise in Go. */
function all(text: string, pattern: string): string[] {
  const found = [...text.matchAll(new RegExp(pattern, 'g'))].map(([match]) => match);
  return found.includes('') ? undecided() : found;
}
