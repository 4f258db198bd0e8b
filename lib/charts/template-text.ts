import { writeYaml } from '@orrery/constructs/yaml';
import { idOf, isSecret, type KubernetesObject } from '../kubernetes/object.ts';

/** Values of Secrets as `helm -f` takes them: "namespace/name" → key → base64. */
export type SecretValues = Record<string, Record<string, string>>;

export interface TemplateText {
  /** File of a chart's templates/. */
  readonly text: string;
  /** Of a Secret with values: what the text asks for. */
  readonly secretValues?: SecretValues | undefined;
}

/** helm takes these words for a missing value, and drops them from whatever a template gives (helm: pkg/engine/engine.go). */
const NO_VALUE = '<no value>';

/** The name of the template that gives the value of a Secret, see `SECRET_TEMPLATE`. */
const SECRET = 'orrery.secret';

/** File that charts with Secrets have: a value that nobody gave is named, instead of an empty Secret being installed. */
export const SECRET_TEMPLATE = `{{- define "${SECRET}" -}}
{{- $values := get (.root.Values.secrets | default dict) .secret | default dict -}}
{{- if hasKey $values .key -}}
{{- get $values .key | toJson -}}
{{- else -}}
{{- fail (printf "value %q of Secret %s is missing: give the file that lies beside the chart, with -f" .key .secret) -}}
{{- end -}}
{{- end -}}
`;

/**
 * An object as a template that gives back exactly this object, whatever stands in it. Values of a Secret are left to the values of the release, so that a chart can be
 * published.
 */
export function templateOf(object: KubernetesObject): TemplateText {
  const marks = new Marks(object);
  const { marked, secretValues } = withoutSecretValues(object, marks);
  // A mark with a character that is special in YAML makes the writer quote and escape, which is where the words can be taken apart.
  const noValue = marks.next();
  const plain = mapTexts(marked, (text) => text.replaceAll(NO_VALUE, `\u0085${noValue}\u0085`));
  let text = writeYaml(plain).replaceAll(`\\u0085${noValue}\\u0085`, '\\u003cno value>');
  text = text.replaceAll('{{', '{{ "{{" }}');
  for (const [mark, action] of marks.actions) text = text.replace(mark, () => action);
  // helm trims what surrounds a document, line breaks at the end of a literal block too.
  const ended = /\s\n$/.test(text) ? `${text}# end\n` : text;
  return { text: ended, ...(secretValues === undefined ? {} : { secretValues }) };
}

/** A file of a chart's crds/: helm reads these as they are. */
export function definitionOf(object: KubernetesObject): string {
  return writeYaml(object);
}

/** A text of templates/ that is shown as it is. */
export function literalText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

/** Words that do not occur in an object. */
class Marks {
  /** Marks that give way to actions, in the order of the text. */
  readonly actions = new Map<string, string>();
  readonly #prefix: string;
  #count = 0;

  constructor(object: KubernetesObject) {
    const text = JSON.stringify(object);
    let at = 0;
    while (text.includes(`orrery-mark-${at}`)) at++;
    this.#prefix = `orrery-mark-${at}`;
  }

  next(): string {
    return `${this.#prefix}-${this.#count++}-`;
  }

  forAction(action: string): string {
    const mark = this.next();
    this.actions.set(mark, action);
    return mark;
  }
}

function withoutSecretValues(
  object: KubernetesObject,
  marks: Marks,
): { readonly marked: KubernetesObject; readonly secretValues?: SecretValues } {
  const { data } = object;
  if (!isSecret(idOf(object)) || typeof data !== 'object' || data === null || Array.isArray(data))
    return { marked: object };
  const { namespace = '', name = '' } = object.metadata;
  const secret = `${namespace}/${name}`;
  const given: [string, string][] = [];
  const asked = Object.entries(data as Record<string, unknown>).map(([key, value]): [string, unknown] => {
    if (typeof value !== 'string') return [key, value];
    given.push([key, value]);
    const inputs = `"root" $ "secret" ${goText(secret)} "key" ${goText(key)}`;
    return [key, marks.forAction(`{{ include "${SECRET}" (dict ${inputs}) }}`)];
  });
  if (given.length === 0) return { marked: object };
  return {
    marked: { ...object, data: ownMap(asked) },
    secretValues: { [secret]: ownMap(given) as Record<string, string> },
  };
}

/** A text in double quotes, as Go reads it in a template; for ASCII, which names and keys of Secrets are. */
function goText(text: string): string {
  return JSON.stringify(text);
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  return ownMap(Object.entries(value).map(([key, member]) => [change(key), mapTexts(member, change)])) as T;
}

/** Also for keys like "__proto__". */
function ownMap(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}
