/** Structural tags: text with parts that are held to schemas, expressions or grammars. */
import { fieldError } from "./field-error.js";
import { prepareJsonSchema } from "./json-schema.js";
import { checkNesting } from "./nesting.js";

type Json = Record<string, unknown>;

/** By type, the members that are formats again. */
const FORMATS: Readonly<Record<string, { readonly one?: string; readonly list?: string }>> = {
  any_text: {},
  const_string: {},
  grammar: {},
  json_schema: {},
  qwen_xml_parameter: {},
  regex: {},
  sequence: { list: "elements" },
  or: { list: "elements" },
  tag: { one: "content" },
  triggered_tags: { list: "tags" },
  tags_with_separator: { list: "tags" },
};

/**
 * The tag in the form that the grammar engine takes, its schemas prepared. The older form (structures and triggers) becomes a
 * triggered_tags format.
 *
 * @param text JSON, an object
 * @throws RequestError naming the field
 */
export function prepareStructuralTag(text: string, field: string): string {
  const given = JSON.parse(text) as Json;
  const format = given.structures === undefined ? (given.format ?? given) : fromStructures(given, field);
  return JSON.stringify({ type: "structural_tag", format: prepareFormat(format, `${field}.format`) });
}

function fromStructures({ structures, triggers }: Json, field: string): Json {
  if (!Array.isArray(structures) || !Array.isArray(triggers)) {
    throw fieldError(field, "structures and triggers must both be lists");
  }
  const tags = structures.map((one: Json, i) => {
    if (typeof one?.begin !== "string" || typeof one.end !== "string") {
      throw fieldError(field, `structures[${i}] needs begin and end, both text`);
    }
    return {
      type: "tag",
      begin: one.begin,
      content: { type: "json_schema", json_schema: one.schema ?? {} },
      end: one.end,
    };
  });
  return { type: "triggered_tags", triggers, tags };
}

function prepareFormat(given: unknown, path: string): Json {
  const format = given as Json | null;
  const type = typeof format === "object" && format !== null ? format.type : undefined;
  if (format === null || typeof type !== "string" || !Object.hasOwn(FORMATS, type)) {
    throw fieldError(path, `must be a format whose type is one of ${Object.keys(FORMATS).join(", ")}`);
  }
  const { one, list } = FORMATS[type]!;
  const result: Json = { ...format };
  if (one !== undefined) result[one] = prepareFormat(format[one], `${path}.${one}`);
  if (list !== undefined) {
    if (!Array.isArray(format[list])) throw fieldError(path, `${list} must be a list`);
    result[list] = (format[list] as unknown[]).map((child, i) => prepareFormat(child, `${path}.${list}[${i}]`));
  }
  if (type === "regex") checkText(format.pattern, "regex", `${path}.pattern`);
  if (type === "grammar") checkText(format.grammar, "ebnf", `${path}.grammar`);
  if (type === "json_schema" || type === "qwen_xml_parameter") {
    const schemaPath = `${path}.json_schema`;
    const schema = JSON.stringify(format.json_schema);
    if (schema === undefined) throw fieldError(schemaPath, "the schema is missing");
    result.json_schema = JSON.parse(prepareJsonSchema(schema, schemaPath));
  }
  return result;
}

function checkText(value: unknown, kind: "regex" | "ebnf", path: string): void {
  if (typeof value !== "string" || value === "") throw fieldError(path, "must be text that is not empty");
  checkNesting(value, kind, path);
}
