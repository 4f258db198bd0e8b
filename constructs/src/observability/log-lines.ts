import type { Finding } from '../private/service-validation';

/** How several lines of a container are one record. */
export enum MultilineFormat {
  GO = 'go',
  JAVA = 'java',
  PYTHON = 'python',
  RUBY = 'ruby',
}

/** @internal */
export interface DropRule {
  readonly by: 'namespace' | 'container' | 'lines';
  readonly value: string;
}

/** Logs that are not kept. */
export class LogDrop {
  /** All containers of a namespace. */
  public static ofNamespace(name: string): LogDrop {
    return new LogDrop('namespace', name);
  }

  /** Containers of a name, in every namespace. */
  public static ofContainer(name: string): LogDrop {
    return new LogDrop('container', name);
  }

  /** Lines that match a regular expression (Oniguruma): "GET /healthz". */
  public static lines(pattern: string): LogDrop {
    return new LogDrop('lines', pattern);
  }

  private constructor(
    private readonly by: 'namespace' | 'container' | 'lines',
    private readonly value: string,
  ) {}

  /** @internal */
  public _rule(): DropRule {
    return { by: this.by, value: this.value };
  }

  /** @internal */
  public _findings(): Finding[] {
    const { by, value } = this;
    if (by === 'lines') return patternFindings('LogDrop.lines', value);
    if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return [];
    return [
      {
        code: 'ORR2003',
        what: `LogDrop of a ${by} has ${JSON.stringify(value)}, which is no name.`,
        fix: 'Use a DNS label.',
      },
    ];
  }
}

/** What starts a record of several lines; other lines belong to it. */
export interface MultilineStart {
  /** A DNS label. */
  readonly name: string;
  /** Regular expression (Oniguruma) that only the first line of a record matches: "^\\d{4}-\\d{2}-\\d{2} ". */
  readonly firstLine: string;
}

/** @internal Names of formats of one's own, and patterns that compile. */
export function multilineFindings(starts: readonly MultilineStart[]): Finding[] {
  const names = starts.map(({ name }) => name);
  return starts.flatMap(({ name, firstLine }, at) => [
    ...(/^[a-z]([-a-z0-9]{0,40}[a-z0-9])?$/.test(name) && names.indexOf(name) === at
      ? []
      : [
          {
            code: 'ORR2003' as const,
            what: `"${name}" is no name for a format of lines.`,
            fix: 'Use a DNS label that no other has.',
          },
        ]),
    ...patternFindings(`firstLine of ${name}`, firstLine),
  ]);
}

/** Oniguruma reads more than JavaScript: only what no reader takes is found. */
function patternFindings(field: string, pattern: string): Finding[] {
  const wrong = (what: string): Finding[] => [
    {
      code: 'ORR2011',
      what: `${field} is ${JSON.stringify(pattern)}, ${what}.`,
      fix: 'Correct the regular expression.',
    },
  ];
  if (pattern === '') return wrong('which matches everything');
  if (/[\n\r]/.test(pattern)) return wrong('which has a line break');
  const open = [...pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')];
  let depth = 0;
  for (const character of open) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth < 0) break;
  }
  return depth === 0 ? [] : wrong('whose parentheses do not match');
}
