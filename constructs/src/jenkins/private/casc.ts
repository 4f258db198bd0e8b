import type { SecretKey } from '../../service-props';
import { writeYaml } from '../../yaml';

/**
 * The value of a key of a Secret, as the settings of Jenkins refer to it: the chart mounts it under "<secret>-<key>" (controller.additionalExistingSecrets), and the plugin
 * configuration-as-code puts it in where "${<secret>-<key>}" stands (docs/features/secrets.adoc). `isFile`: in base64, as files want it.
 */
export class SecretReference {
  public constructor(
    public readonly key: SecretKey,
    private readonly isFile = false,
  ) {}

  public get text(): string {
    const place = `\${${this.key.secret}-${this.key.key}}`;
    return this.isFile ? `\${base64:${place}}` : place;
  }
}

/** Settings of Jenkins: data, in which references to Secrets stand. */
export type CascValue =
  | string
  | number
  | boolean
  | SecretReference
  | readonly CascValue[]
  | { readonly [key: string]: CascValue | undefined };

/**
 * Settings as the text that the chart takes. Two languages read it before Jenkins does: Helm evaluates it as a template (`tpl`, charts/jenkins/templates/jcasc-config.yaml and
 * _helpers.tpl), and configuration-as-code replaces "${…}". What the program gives is data in both: "{{" becomes a literal of the template, "${" is escaped with "^".
 */
export function cascText(value: CascValue): string {
  return writeYaml(resolved(value));
}

function resolved(value: CascValue): unknown {
  if (typeof value === 'string') return inert(value.replaceAll('${', '^${'));
  if (value instanceof SecretReference) return value.text;
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [inert(key), resolved(member as CascValue)]));
}

/** No action of a template. */
function inert(text: string): string {
  return text.replaceAll('{{', '{{ `{{` }}');
}
