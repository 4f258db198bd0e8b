import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IConstruct } from 'constructs';

const LOCATION = Symbol.for('orrery.location');

/** Folder of the compiled package (or of its sources, in its own tests). */
const PACKAGE = path.dirname(__dirname) + path.sep;

/** Frames to capture: ours and cdk8s's, a few levels of the program's own classes, and the line that is looked for. */
const FRAMES = 16;

/** A captured stack, formatted only when somebody asks: formatting costs ten times what capturing does. */
export class CallSite {
  private holder: { stack?: string } | undefined;
  private text: string | undefined;

  /** @param classes names of classes whose constructors are not the place: a location is where `new` is written. */
  public constructor(private readonly classes: readonly string[] = []) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES;
    this.holder = {};
    Error.captureStackTrace(this.holder, CallSite);
    Error.stackTraceLimit = limit;
  }

  /** "main.ts:31", relative to the working folder, or undefined where no frame of the program is known. */
  public get source(): string | undefined {
    if (this.holder !== undefined) {
      this.text = programFrame(String(this.holder.stack), this.classes);
      this.holder = undefined;
    }
    return this.text;
  }
}

/** Remembers where a construct was made. Called by the constructors of this package. */
export function recordLocation(construct: IConstruct): void {
  if (LOCATION in construct) return;
  const site = new CallSite(classNames(construct));
  Object.defineProperty(construct, LOCATION, { value: site, enumerable: false, configurable: true });
}

/** Location of a construct or of the nearest one around it. */
export function locationOf(construct: IConstruct): string | undefined {
  for (let at: IConstruct | undefined = construct; at !== undefined; at = at.node.scope) {
    const source = ownLocation(at);
    if (source !== undefined) return source;
  }
  return undefined;
}

/** Location of this very construct, if known. */
export function ownLocation(construct: IConstruct): string | undefined {
  return (construct as { [LOCATION]?: CallSite })[LOCATION]?.source;
}

/** Records the location of every direct child of a root, whoever made its class: cdk8s charts do not do it themselves. */
export function recordChildren(root: IConstruct): void {
  const node = root.node as unknown as { addChild(child: IConstruct, name: string): void };
  const addChild = node.addChild.bind(node);
  Object.defineProperty(node, 'addChild', {
    value(child: IConstruct, name: string): void {
      addChild(child, name);
      recordLocation(child);
    },
  });
}

function classNames(construct: object): string[] {
  const names: string[] = [];
  for (
    let at = Object.getPrototypeOf(construct);
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    names.push(at.constructor.name);
  }
  return names;
}

const FRAME = /^\s*at (?:async )?(?:(new )?(.*?) \()?(.*?):(\d+)(?::\d+)?\)?$/;

function programFrame(stack: string, classes: readonly string[]): string | undefined {
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line);
    if (match === null) continue;
    const [, isNew, name, where, row] = match as unknown as [string, string?, string?, string?, string?];
    if (where === undefined || row === undefined) continue;
    const file = where.startsWith('file:') ? fileURLToPath(where) : where;
    if (!isProgramFile(file)) continue;
    if (isNew !== undefined && name !== undefined && classes.includes(name)) continue;
    return `${path.relative(process.cwd(), file).split(path.sep).join('/')}:${row}`;
  }
  return undefined;
}

function isProgramFile(file: string): boolean {
  if (!path.isAbsolute(file)) return false;
  if (/[\\/]node_modules[\\/]/.test(file) || /[\\/]@?jsii[\\/-]/.test(file)) return false;
  return !file.startsWith(PACKAGE) || /\.test\.[cm]?[jt]s$/.test(file);
}
