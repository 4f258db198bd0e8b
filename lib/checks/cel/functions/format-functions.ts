import { type Environment, Optional } from '@marcbachmann/cel-js';
import { undecided } from '../undecided.ts';

/**
 * Formats of names (k8s.io/apiserver, pkg/cel/library/format.go; the rules: k8s.io/apimachinery, pkg/api/validation and pkg/util/validation). Their messages are not
 * the server's: a rule that compares them is not decided.
 */
export function addFormatFunctions(environment: Environment): void {
  environment
    .registerType('NamedFormat', NamedFormat)
    .registerType('Formats', Formats)
    .registerConstant('format', 'Formats', new Formats())
    .registerFunction('NamedFormat.validate(string): optional', ({ isValid }: NamedFormat, text: string) =>
      isValid(text) ? Optional.none() : Optional.of(new Messages()),
    );
  environment.registerFunction('Formats.named(string): optional', (_: Formats, name: string) => {
    const format = FORMATS[name];
    return format === undefined ? undecided() : Optional.of(format);
  });
  for (const name of Object.keys(FORMATS))
    environment.registerFunction(`Formats.${name}(): NamedFormat`, () => FORMATS[name] as NamedFormat);
}

class Formats {}

/** What is wrong, in the server's words: of a type that evaluation does not know, so that it ends where they are looked at. */
class Messages {}

class NamedFormat {
  readonly isValid: (text: string) => boolean;

  constructor(isValid: (text: string) => boolean) {
    this.isValid = isValid;
  }
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const OLD_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const named = (pattern: RegExp, most: number) => new NamedFormat((text) => text.length <= most && pattern.test(text));
/** A "-" at the end may be followed by something: in its place stands a letter. */
const prefix = (pattern: RegExp, most: number) =>
  new NamedFormat((text) => {
    const masked = text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;
    return masked.length <= most && pattern.test(masked);
  });

const FORMATS: Readonly<Record<string, NamedFormat>> = {
  dns1123Label: named(LABEL, 63),
  dns1123Subdomain: named(SUBDOMAIN, 253),
  dns1035Label: named(OLD_LABEL, 63),
  dns1123LabelPrefix: prefix(LABEL, 63),
  dns1123SubdomainPrefix: prefix(SUBDOMAIN, 253),
  dns1035LabelPrefix: prefix(OLD_LABEL, 63),
  labelValue: new NamedFormat((text) => text === '' || (text.length <= 63 && NAME.test(text))),
  qualifiedName: new NamedFormat(isQualifiedName),
  uuid: new NamedFormat((text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text)),
};

function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || name.length > 63 || !NAME.test(name)) return false;
  const [domain = ''] = parts;
  return parts.length === 1 || (domain.length <= 253 && SUBDOMAIN.test(domain));
}
