import type { YamlWriter } from '../yaml';
import { type ByteWriter, EncodedKeys } from './byte-writer';
import { END, type FlatJson, LIST, MAP, NUMBER, TEXT } from './flat-json';

/** Writes canonical JSON: keys sorted (a `FlatJson` has them so), no white space. */
export function writeCanonicalJson(flat: FlatJson, out: ByteWriter): void {
  jsonValue(flat, 0, out);
}

/** Writes a value and returns the place behind it. */
function jsonValue(flat: FlatJson, at: number, out: ByteWriter): number {
  switch (flat.kindAt(at)) {
    case MAP: {
      out.byte(OPEN_BRACE);
      let member = at + 1;
      while (flat.kindAt(member) !== END) {
        if (member > at + 1) out.byte(COMMA);
        out.copy(JSON_KEYS.get(flat.textAt(member), member));
        member = jsonValue(flat, member + 1, out);
      }
      out.byte(CLOSE_BRACE);
      return member + 1;
    }
    case LIST: {
      out.byte(OPEN_BRACKET);
      let member = at + 1;
      while (flat.kindAt(member) !== END) {
        if (member > at + 1) out.byte(COMMA);
        member = jsonValue(flat, member, out);
      }
      out.byte(CLOSE_BRACKET);
      return member + 1;
    }
    case TEXT:
      writeJsonText(flat.textAt(at), out);
      return at + 1;
    case NUMBER:
      out.write(JSON.stringify(flat.numberAt(at)));
      return at + 1;
    default:
      out.write(flat.textAt(at));
      return at + 1;
  }
}

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, QUOTE] = [...Buffer.from('{}[],"')] as [
  number,
  number,
  number,
  number,
  number,
  number,
];

const JSON_KEYS = new EncodedKeys((key) => `${JSON.stringify(key)}:`);

/** Bytes that stand in a JSON text as they are; beyond ASCII only JSON.stringify knows (a lone surrogate has no UTF-8). */
const AS_IT_IS = new Uint8Array(256).fill(1, 32, 127);
AS_IT_IS[QUOTE] = 0;
AS_IT_IS['\\'.charCodeAt(0)] = 0;

/** Writes a text with its quotes. */
export function writeJsonText(text: string, out: ByteWriter): void {
  const start = out.length;
  out.byte(QUOTE);
  out.write(text);
  const { buffer, length } = out;
  for (let at = start + 1; at < length; at++) {
    if (AS_IT_IS[buffer[at] as number] === 1) continue;
    out.length = start;
    out.write(JSON.stringify(text));
    return;
  }
  out.byte(QUOTE);
}

/** That is how people read manifests. */
const HEAD = ['apiVersion', 'kind', 'metadata'];

/** Writes the YAML document of an object, without a separator. */
export function writeObjectYaml(flat: FlatJson, yaml: YamlWriter): void {
  for (let i = 0; i < HEAD.length; i++) {
    const at = flat.member(0, HEAD[i] as string);
    if (at >= 0) yamlMember(flat, at - 1, 0, yaml);
  }
  for (let member = 1; flat.kindAt(member) !== END; ) {
    if (HEAD.includes(flat.textAt(member))) member = flat.after(member + 1);
    else member = yamlMember(flat, member, 0, yaml);
  }
  if (flat.after(0) === 2) yaml.emptyMapping();
  yaml.end();
}

function yamlMember(flat: FlatJson, at: number, depth: number, yaml: YamlWriter): number {
  yaml.key(flat.textAt(at), depth, at);
  return yamlValue(flat, at + 1, depth + 1, yaml);
}

function yamlValue(flat: FlatJson, at: number, depth: number, yaml: YamlWriter): number {
  switch (flat.kindAt(at)) {
    case MAP: {
      let member = at + 1;
      if (flat.kindAt(member) === END) yaml.emptyMapping();
      else while (flat.kindAt(member) !== END) member = yamlMember(flat, member, depth, yaml);
      return member + 1;
    }
    case LIST: {
      let member = at + 1;
      if (flat.kindAt(member) === END) yaml.emptySequence();
      while (flat.kindAt(member) !== END) {
        yaml.item(depth);
        member = yamlValue(flat, member, depth + 1, yaml);
      }
      return member + 1;
    }
    case TEXT:
      yaml.text(flat.textAt(at), depth);
      return at + 1;
    case NUMBER:
      yaml.number(flat.numberAt(at));
      return at + 1;
    default:
      yaml.word(flat.textAt(at));
      return at + 1;
  }
}
