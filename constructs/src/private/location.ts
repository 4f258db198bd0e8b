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
    this.holder = captured(FRAMES, CallSite);
  }

  /** "main.ts:31", relative to the working folder, or undefined where no frame of the program is known. */
  public get source(): string | undefined {
    if (this.holder !== undefined) {
      this.text = programPlace(this.holder, this.classes);
      this.holder = undefined;
    }
    return this.text;
  }
}

/** Where something was made, found at once or when it is asked for. */
interface Place {
  readonly source: string | undefined;
}

/** Remembers where a construct was made. Called by the constructors of this package. */
export function recordLocation(construct: IConstruct): void {
  if (LOCATION in construct) return;
  const made = madeClass(construct);
  placeAt(construct, isTextNeeded() ? new CallSite(made.names) : { source: nearestPlace(made) });
}

/** Says where a construct comes from, where that is known better than by its constructor. */
export function placeAt(construct: IConstruct, value: Place): void {
  Object.defineProperty(construct, LOCATION, { value, enumerable: false, configurable: true });
}

/**
 * The place, captured and looked up at once: synth asks for that of every construct, and each frame costs. Constructs of a class are mostly made the
 * same way, so no more frames are captured than it took the last time; where that is too few, all are.
 */
function nearestPlace(made: MadeClass): string | undefined {
  const near = made.frames < FRAMES ? placeInSites(captured(made.frames, recordLocation), made.names) : undefined;
  if (near !== undefined) return near.place;
  const far = placeInSites(captured(FRAMES, recordLocation), made.names);
  if (far !== undefined) made.frames = far.frames;
  return far?.place;
}

/** The stack of those who called a function of ours. */
function captured(frames: number, own: Parameters<typeof Error.captureStackTrace>[1]): { stack?: string } {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const holder = {};
  Error.captureStackTrace(holder, own);
  Error.stackTraceLimit = limit;
  return holder;
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
  return (construct as { [LOCATION]?: Place })[LOCATION]?.source;
}

/**
 * Records the location of every direct child of a root, whoever made its class: cdk8s charts do not do it themselves.
 * @param then what else is to be done with each
 */
export function recordChildren(root: IConstruct, then?: (child: IConstruct) => void): void {
  onChild(root.node, (child) => {
    recordLocation(child);
    then?.(child);
  });
}

/** Calls back for every child that is added to a node, inside the constructor of the child. */
export function onChild(node: IConstruct['node'], added: (child: IConstruct) => void): void {
  const inside = node as unknown as { addChild(child: IConstruct, name: string): void };
  const addChild = inside.addChild.bind(inside);
  Object.defineProperty(inside, 'addChild', {
    value(child: IConstruct, name: string): void {
      addChild(child, name);
      added(child);
    },
  });
}

interface MadeClass {
  /** Names of the classes of a construct, from its own up. */
  readonly names: readonly string[];
  /** How many frames the place of the last one took. */
  frames: number;
}

/** What is known of the class of a construct. */
function madeClass(construct: object): MadeClass {
  const prototype = Object.getPrototypeOf(construct) as object;
  let made = CLASSES.get(prototype);
  if (made === undefined) {
    made = { names: namesUpFrom(prototype), frames: FRAMES };
    CLASSES.set(prototype, made);
  }
  return made;
}

const CLASSES = new WeakMap<object, MadeClass>();

function namesUpFrom(prototype: object): string[] {
  const names: string[] = [];
  for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    names.push(at.constructor.name);
  }
  return names;
}

/** "main.ts:31" of the first frame of the program itself. */
function programPlace(holder: { stack?: string }, classes: readonly string[]): string | undefined {
  return isTextNeeded() ? placeInText(String(holder.stack), classes) : placeInSites(holder, classes)?.place;
}

/**
 * V8's own frames are four times faster than text, but only the text is mapped to the sources of programs that are compiled and run with
 * source maps. Node sets a function of its own; any other is somebody who maps stacks to sources.
 */
function isTextNeeded(): boolean {
  const { prepareStackTrace } = Error;
  return (
    (prepareStackTrace !== undefined && prepareStackTrace.name !== 'ErrorPrepareStackTrace') ||
    process.sourceMapsEnabled
  );
}

function placeInSites(
  holder: { stack?: string },
  classes: readonly string[],
): { readonly place: string; readonly frames: number } | undefined {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    const sites = holder.stack as unknown as NodeJS.CallSite[];
    for (const [index, site] of sites.entries()) {
      const name = programFile(site.getFileName() ?? '');
      if (name === undefined || (site.isConstructor() && isOneOf(classes, site.getFunctionName()))) continue;
      return { place: `${name}:${site.getLineNumber()}`, frames: index + 1 };
    }
    return undefined;
  } finally {
    (Error as { prepareStackTrace?: typeof before }).prepareStackTrace = before;
  }
}

const TEXT_FRAME = /^\s*at (?:async )?(?:(new )?(.*?) \()?(.*?):(\d+)(?::\d+)?\)?$/;

function placeInText(stack: string, classes: readonly string[]): string | undefined {
  for (const text of stack.split('\n')) {
    const [, isNew, name, where, line] = TEXT_FRAME.exec(text) ?? [];
    if (where === undefined || line === undefined) continue;
    const file = programFile(where);
    if (file === undefined || (isNew !== undefined && isOneOf(classes, name))) continue;
    return `${file}:${line}`;
  }
  return undefined;
}

/** Where the runtime of other languages is unpacked to: it calls us in their name. */
const JSII_RUNTIME = /[\\/](?:@jsii|_embedded[\\/]jsii|jsii-kernel-[^\\/]*)[\\/]|jsii-runtime\.js$/;

/** Constructors of the class that is being made are not the place. */
function isOneOf(classes: readonly string[], name: string | null | undefined): boolean {
  return typeof name === 'string' && classes.includes(name);
}

/** The file of a frame as it is shown, relative to the working folder; undefined where it is not the program's. */
function programFile(where: string): string | undefined {
  const folder = process.cwd();
  if (folder !== PROGRAM_FILES.folder) {
    PROGRAM_FILES.folder = folder;
    PROGRAM_FILES.shown.clear();
  }
  let shown = PROGRAM_FILES.shown.get(where);
  if (shown === undefined) {
    const file = where.startsWith('file:') ? fileURLToPath(where) : where;
    shown = isProgramFile(file) ? path.relative(folder, file).split(path.sep).join('/') : '';
    PROGRAM_FILES.shown.set(where, shown);
  }
  return shown === '' ? undefined : shown;
}

/** Few files make many constructs: what a file is and how it is shown is found once per working folder. */
const PROGRAM_FILES = { folder: '', shown: new Map<string, string>() };

function isProgramFile(file: string): boolean {
  if (!path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file) || JSII_RUNTIME.test(file)) return false;
  return !file.startsWith(PACKAGE) || /\.test\.[cm]?[jt]s$/.test(file);
}
