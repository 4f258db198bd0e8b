import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IConstruct } from 'constructs';

const LOCATION = Symbol.for('orrery.location');

/** Folder of the compiled package (or of its sources, in its own tests). */
const PACKAGE = path.dirname(__dirname) + path.sep;

/** Frames to capture: ours and cdk8s's, a few levels of the program's own classes, and the line that is looked for. */
const FRAMES = 12;

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
      const frame = framesOf(this.holder).find((candidate) => isProgram(candidate, this.classes));
      this.text = frame === undefined ? undefined : `${shown(frame.file)}:${frame.line()}`;
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

/** What is asked of a stack frame. The line is a function because finding it costs more than the rest. */
interface Frame {
  /** Absolute path, or something that is no path. */
  readonly file: string;
  /** Name of the class whose constructor runs, if one does. */
  readonly constructing: string | undefined;
  line(): number | string;
}

/**
 * The frames of a captured stack. V8's own objects are four times faster than text, but only the text is mapped to the sources of programs
 * that are compiled and run with source maps.
 */
function framesOf(holder: { stack?: string }): Frame[] {
  const before = Error.prepareStackTrace;
  // Node sets one of its own; any other is somebody who maps stacks to sources.
  const isDefault = before === undefined || before.name === 'ErrorPrepareStackTrace';
  if (!isDefault || process.sourceMapsEnabled) return String(holder.stack).split('\n').flatMap(frameOfText);
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    return (holder.stack as unknown as NodeJS.CallSite[]).map((site) => ({
      file: fileOf(site.getFileName() ?? ''),
      constructing: site.isConstructor() ? (site.getFunctionName() ?? undefined) : undefined,
      line: () => site.getLineNumber() ?? 0,
    }));
  } finally {
    (Error as { prepareStackTrace?: typeof before }).prepareStackTrace = before;
  }
}

const TEXT_FRAME = /^\s*at (?:async )?(?:(new )?(.*?) \()?(.*?):(\d+)(?::\d+)?\)?$/;

function frameOfText(text: string): Frame[] {
  const [, isNew, name, file, line] = TEXT_FRAME.exec(text) ?? [];
  if (file === undefined || line === undefined) return [];
  return [{ file: fileOf(file), constructing: isNew === undefined ? undefined : name, line: () => line }];
}

function fileOf(where: string): string {
  return where.startsWith('file:') ? fileURLToPath(where) : where;
}

/** Where the runtime of other languages is unpacked to: it calls us in their name. */
const JSII_RUNTIME = /[\\/](?:@jsii|_embedded[\\/]jsii|jsii-kernel-[^\\/]*)[\\/]|jsii-runtime\.js$/;

/** True for frames of the program itself, outside the constructors of the classes that are being made. */
function isProgram({ file, constructing }: Frame, classes: readonly string[]): boolean {
  if (!path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file) || JSII_RUNTIME.test(file)) return false;
  if (file.startsWith(PACKAGE) && !/\.test\.[cm]?[jt]s$/.test(file)) return false;
  return constructing === undefined || !classes.includes(constructing);
}

function shown(file: string): string {
  return path.relative(process.cwd(), file).split(path.sep).join('/');
}
