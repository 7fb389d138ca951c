/** Structural tags: text with parts that are held to schemas, expressions or grammars. */
import { FormError, GrammarWriter } from "./grammar-writer.js";
import { jsonSchemaGrammar } from "./json-schema.js";
import { regexGrammar } from "./regex-grammar.js";
import { prepareGrammar } from "./user-grammar.js";

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
 * The tag in the form that the grammar engine takes, its schemas and expressions as grammars. The older form (structures and
 * triggers) becomes a triggered_tags format.
 *
 * @param text JSON, an object
 * @throws FormError that says where what is wrong
 */
export function prepareStructuralTag(text: string, anyWhitespace: boolean): string {
  const given = JSON.parse(text) as Json;
  const format = given.structures === undefined ? (given.format ?? given) : fromStructures(given);
  return JSON.stringify({ type: "structural_tag", format: prepareFormat(format, "format", anyWhitespace) });
}

function fromStructures({ structures, triggers }: Json): Json {
  if (!Array.isArray(structures) || !Array.isArray(triggers)) {
    throw new FormError("structures and triggers must both be lists");
  }
  const tags = structures.map((one: Json | null, i) => {
    if (typeof one?.begin !== "string" || typeof one.end !== "string") {
      throw new FormError(`structures[${i}] needs begin and end, both text`);
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

function prepareFormat(given: unknown, path: string, anyWhitespace: boolean): Json {
  const format = given as Json | null;
  const type = typeof format === "object" && format !== null ? format.type : undefined;
  if (format === null || typeof type !== "string" || !Object.hasOwn(FORMATS, type)) {
    throw new FormError(`${path}: must be a format whose type is one of ${Object.keys(FORMATS).join(", ")}`);
  }
  const { one, list } = FORMATS[type]!;
  const result: Json = { ...format };
  if (one !== undefined) result[one] = prepareFormat(format[one], `${path}.${one}`, anyWhitespace);
  if (list !== undefined) {
    if (!Array.isArray(format[list])) throw new FormError(`${path}: ${list} must be a list`);
    result[list] = (format[list] as unknown[]).map((child, i) =>
      prepareFormat(child, `${path}.${list}[${i}]`, anyWhitespace),
    );
  }
  const grammar = (): Json => ({ type: "grammar", grammar: leaf(type, format, anyWhitespace) });
  if (type !== "regex" && type !== "grammar" && type !== "json_schema") return result;
  try {
    return grammar();
  } catch (error) {
    throw error instanceof FormError ? new FormError(`${path}: ${error.message}`) : error;
  }
}

/** EBNF of a format that has no others in it. */
function leaf(type: string, format: Json, anyWhitespace: boolean): string {
  if (type === "json_schema") {
    const schema = JSON.stringify(format.json_schema);
    if (schema === undefined) throw new FormError("json_schema is missing");
    return jsonSchemaGrammar(schema, { anyWhitespace });
  }
  const text = type === "regex" ? format.pattern : format.grammar;
  if (typeof text !== "string" || text === "") throw new FormError(`${type}: its text is missing`);
  if (type === "grammar") return prepareGrammar(text);
  const writer = new GrammarWriter();
  return writer.text(regexGrammar(writer, text, false));
}
