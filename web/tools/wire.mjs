// Writes src/wire/generated.ts from ../wire/schema.json: the types of both directions, and a table of the server
// messages' fields that the codec checks at run time. `npm run wire` writes; the tests compare.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const SCHEMA = fileURLToPath(new URL("../../wire/schema.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/wire/generated.ts", import.meta.url));
const BANNER = "// Generated from wire/schema.json by `npm run wire`. Do not edit.\n/* eslint-disable */";

/** Messages are called after their `type`: AudioChunkMessage, ErrorMessage; their parts keep their own names. */
function publicName(name, definition) {
  return definition.properties?.type?.const ? `${name}Message` : name;
}

/** A copy without the titles of single fields (they would become one type each) and with the new names. */
function cleaned(node, names, isDefinition = false) {
  if (Array.isArray(node)) return node.map((item) => cleaned(item, names));
  if (node === null || typeof node !== "object") return node;
  const copy = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "title" && typeof value === "string" && !isDefinition) continue;
    if (key === "discriminator") continue;
    copy[key] =
      key === "$ref" ? `#/definitions/${names.get(value.split("/").pop())}` : cleaned(value, names, key === "properties");
  }
  if (copy.type === "object" && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

function definitionsOf(schema) {
  const entries = Object.entries(schema.$defs);
  const names = new Map(entries.map(([name, definition]) => [name, publicName(name, definition)]));
  const definitions = {};
  for (const [name, definition] of entries) {
    const body = cleaned(definition, names);
    if (body.properties?.type?.const) body.required = [...new Set([...(body.required ?? []), "type"])];
    definitions[names.get(name)] = body;
  }
  return { definitions, union: cleaned(schema, names).oneOf };
}

function kindOf(field) {
  if (field.anyOf) return kindOf(field.anyOf.find((choice) => choice.type !== "null"));
  if (field.$ref) return "object";
  return { integer: "number", number: "number", boolean: "boolean", array: "array", string: "string" }[field.type] ?? "object";
}

function fieldTable(schema) {
  const table = {};
  for (const definition of Object.values(schema.$defs)) {
    const type = definition.properties?.type?.const;
    if (!type) continue;
    const fields = Object.entries(definition.properties).filter(([name]) => name !== "type");
    table[type] = Object.fromEntries(
      fields.map(([name, field]) => {
        const fallback = field.default ?? undefined;
        const needed = fallback === undefined && (definition.required ?? []).includes(name);
        return [name, { kind: kindOf(field), needed, ...(fallback === undefined ? {} : { fallback }) }];
      }),
    );
  }
  return table;
}

export async function generate() {
  const schema = JSON.parse(await readFile(SCHEMA, "utf8"));
  const client = definitionsOf(schema.client);
  const server = definitionsOf(schema.server);
  const whole = {
    type: "object",
    title: "Wire",
    additionalProperties: false,
    required: ["client", "server"],
    properties: {
      client: { $ref: "#/definitions/ClientMessage" },
      server: { $ref: "#/definitions/ServerMessage" },
    },
    definitions: {
      ...client.definitions,
      ...server.definitions,
      ClientMessage: { oneOf: client.union },
      ServerMessage: { oneOf: server.union },
    },
  };
  const types = await compile(whole, "Wire", { bannerComment: BANNER, format: true, ignoreMinAndMaxItems: true });
  const table = JSON.stringify(fieldTable(schema.server), null, 2);
  return [
    types.trimEnd(),
    `\nexport const PROTOCOL = ${schema.protocol};`,
    "\nexport interface Field {\n  kind: \"string\" | \"number\" | \"boolean\" | \"array\" | \"object\";\n  needed: boolean;\n  fallback?: unknown;\n}",
    `\n/** The fields of each server message: what kind, whether it must be there, and what stands in when it is not. */`,
    `export const SERVER_FIELDS: Record<ServerMessage["type"], Record<string, Field>> = ${table};`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(TARGET, await generate());
}
