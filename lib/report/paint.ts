import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text or leaves it as it is. The caller decides once whether colours are on; nothing here looks at a terminal. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly magenta: (text: string) => string;
}

function painter(enabled: boolean, style: Style): (text: string) => string {
  return enabled ? (text) => styleText(style, text, { validateStream: false }) : (text) => text;
}

export function paint(enabled: boolean): Paint {
  return {
    bold: painter(enabled, 'bold'),
    dim: painter(enabled, 'dim'),
    red: painter(enabled, 'red'),
    green: painter(enabled, 'green'),
    yellow: painter(enabled, 'yellow'),
    cyan: painter(enabled, 'cyan'),
    magenta: painter(enabled, 'magenta'),
  };
}
