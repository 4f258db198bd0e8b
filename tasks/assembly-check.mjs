// Compiles the JSON Schemas of assembly and plan into plain code, so that reading one costs no schema compiler.
// `node tasks/assembly-check.mjs` writes the files; tests say when they are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneModule from 'ajv/dist/standalone/index.js';

const folder = fileURLToPath(new URL('../lib/assembly/', import.meta.url));
export const assemblyCheckFile = join(folder, 'schema-check.generated.ts');

const assemblySchemaFile = join(folder, 'assembly.schema.json');

export const planCheckFile = fileURLToPath(new URL('../lib/plan/plan-check.generated.ts', import.meta.url));

/** The text of the generated module. */
export function assemblyCheckSource() {
  return checkSource(assemblySchemaFile);
}

export function planCheckSource() {
  return checkSource(fileURLToPath(new URL('../lib/plan/plan.schema.json', import.meta.url)), [assemblySchemaFile]);
}

function schemaOf(file) {
  const withoutTexts = (key, value) => (key === 'description' || key === 'title' ? undefined : value);
  return JSON.parse(readFileSync(file, 'utf8'), withoutTexts);
}

/** @param others schemas that the file refers to */
function checkSource(file, others = []) {
  const schema = schemaOf(file);
  const ajv = new Ajv2020({
    code: { source: true, esm: true, lines: true },
    strict: true,
    strictRequired: false,
    messages: true,
    inlineRefs: true,
    schemas: others.map(schemaOf),
  });
  const code = standaloneModule.default(ajv, ajv.compile(schema));
  if (/\brequire\(/.test(code))
    throw new Error(
      'the generated check must not import anything: avoid minLength, uniqueItems and formats in the schema',
    );
  return `// Generated from ${basename(file)} by tasks/assembly-check.mjs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// @ts-nocheck
${code.replace(/^"use strict";/, '').replace(/^export default .*$/m, '')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(assemblyCheckFile, assemblyCheckSource());
  writeFileSync(planCheckFile, planCheckSource());
}
