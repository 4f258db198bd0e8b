import type { ParamValue } from '../private/tekton/objects';
import { typeOf } from '../private/tekton/variables';

/** Type of a param or a result of Tekton. */
export enum TektonType {
  /** One text. */
  STRING = 'string',
  /** A list of texts. */
  ARRAY = 'array',
  /** Texts by name. */
  OBJECT = 'object',
}

/** A value of a param. Tekton replaces the variables in it, e.g. "$(params.image)"; they are checked at synth. */
export class TektonValue {
  /** One text. */
  public static text(text: string): TektonValue {
    return new TektonValue(text);
  }

  /** A list of texts. */
  public static texts(...texts: string[]): TektonValue {
    return new TektonValue(texts);
  }

  /** Texts by name. */
  public static properties(texts: { [name: string]: string }): TektonValue {
    return new TektonValue({ ...texts });
  }

  private constructor(private readonly value: ParamValue) {}

  /** @internal */
  public get _value(): ParamValue {
    return this.value;
  }

  /** @internal */
  public get _type(): string {
    return typeOf(this.value);
  }
}

/** A param that a task or pipeline takes. */
export interface TektonParam {
  /** Letters, digits, "-", "_", "."; an object's without ".". */
  readonly name: string;
  /** @default - of the default value, else STRING */
  readonly valueType?: TektonType;
  /** For people. @default - none */
  readonly description?: string;
  /** What it is where nobody gives it. @default - it has to be given */
  readonly defaultValue?: TektonValue;
  /** Names of the properties of an OBJECT. @default - none */
  readonly propertyNames?: string[];
}

/** What a task hands to others: it writes the file "$(results.<name>.path)". */
export interface TektonResult {
  readonly name: string;
  /** @default TektonType.STRING */
  readonly valueType?: TektonType;
  /** For people. @default - none */
  readonly description?: string;
  /** Names of the properties of an OBJECT. @default - none */
  readonly propertyNames?: string[];
}

/** A folder that a task gets from outside. */
export interface TektonWorkspace {
  readonly name: string;
  /** For people. @default - none */
  readonly description?: string;
  /** Where a task sees it. @default "/workspace/<name>" */
  readonly mountPath?: string;
  /** Whether a task may only read it. @default false */
  readonly readOnly?: boolean;
  /** Whether it may be left out. @default false */
  readonly optional?: boolean;
}
