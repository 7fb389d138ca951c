/** Request fields that ask for a form of the output: response_format, structured_outputs and its older names. */
import { z } from "zod";
import type { StructuredOutputsInput } from "../../request/structured-outputs.js";
import { RequestError } from "../../util/errors.js";

const object = z.record(z.string(), z.unknown());
const jsonSchema = z.union([object, z.string(), z.boolean()]).nullish();
const text = z.string().nullish();
const choices = z.array(z.string()).nullish();
const structuralTag = z.union([z.string(), object]).nullish();

/** Parts of an object schema; lengths and kinds are checked by `normalizeStructuredOutputs`. */
export const structuredOutputFields = {
  response_format: z.union([z.looseObject({ type: z.string() }), z.null()]).optional(),
  structured_outputs: z
    .looseObject({
      json: jsonSchema,
      json_object: z.boolean().nullish(),
      regex: text,
      choice: choices,
      grammar: text,
      structural_tag: structuralTag,
      disable_any_whitespace: z.boolean().nullish(),
      disable_additional_properties: z.boolean().nullish(),
      whitespace_pattern: text,
    })
    .nullish(),
  /** Names before vLLM 0.12. */
  guided_json: jsonSchema,
  guided_regex: text,
  guided_choice: choices,
  guided_grammar: text,
  guided_decoding_backend: text,
  guided_whitespace_pattern: text,
  structural_tag: structuralTag,
};

type Fields = z.output<z.ZodObject<typeof structuredOutputFields>>;
type Writable = { -readonly [K in keyof StructuredOutputsInput]: StructuredOutputsInput[K] };

/** Backend names that mean what there is. */
const BACKENDS = ["auto", "xgrammar"];

/**
 * What the body asks for; undefined for text of any form. The same thing may be said twice in two ways: response_format wins.
 * @throws RequestError for an unknown response_format, a missing schema, and fields that ask for two different kinds
 */
export function structuredOutputs(body: Fields): StructuredOutputsInput | undefined {
  checkBackend(body.guided_decoding_backend);
  const own = ownFields(body);
  const asked = responseFormat(body.response_format);
  if (own === undefined || asked === undefined) return own ?? asked;
  const { field, ...kind } = asked;
  return { ...own, ...kind, field };
}

function ownFields(body: Fields): StructuredOutputsInput | undefined {
  const result: Writable = {};
  const given = body.structured_outputs;
  if (given) {
    result.json = given.json;
    result.jsonObject = given.json_object;
    result.regex = given.regex;
    result.choice = given.choice;
    result.grammar = given.grammar;
    result.structuralTag = given.structural_tag;
    result.disableAnyWhitespace = given.disable_any_whitespace;
    result.disableAdditionalProperties = given.disable_additional_properties;
    result.whitespacePattern = given.whitespace_pattern;
  }
  const older = {
    json: body.guided_json,
    regex: body.guided_regex,
    choice: body.guided_choice,
    grammar: body.guided_grammar,
    structuralTag: body.structural_tag,
    whitespacePattern: body.guided_whitespace_pattern,
  };
  for (const [name, value] of Object.entries(older)) {
    if (value !== undefined && value !== null) Object.assign(result, { [name]: value });
  }
  const used = Object.entries(older).find(([name, value]) => name !== "whitespacePattern" && !isMissing(value))?.[0];
  if (used !== undefined && !given) result.field = used === "structuralTag" ? "structural_tag" : `guided_${used}`;
  // As in vLLM, an empty structured_outputs is an error and not "nothing asked for".
  return given || used !== undefined ? result : undefined;
}

function responseFormat(format: Fields["response_format"]): StructuredOutputsInput | undefined {
  if (format === undefined || format === null) return undefined;
  switch (format.type) {
    case "text":
      return undefined;
    case "json_object":
      return { jsonObject: true, field: "response_format" };
    case "json_schema":
      return jsonSchemaFormat(format.json_schema);
    case "structural_tag":
      if (format.format === undefined && format.structures === undefined) {
        throw refuse("a structural_tag needs format (or structures and triggers)");
      }
      return { structuralTag: format, field: "response_format" };
    default:
      throw refuse(`type must be one of text, json_object, json_schema, structural_tag; got ${show(format.type)}`);
  }
}

function jsonSchemaFormat(given: unknown): StructuredOutputsInput {
  if (isMissing(given)) {
    throw refuse("When response_format type is 'json_schema', the 'json_schema' field must be provided.");
  }
  if (typeof given !== "object" || Array.isArray(given)) throw refuse("json_schema must be an object");
  const { name, schema } = given as { name?: unknown; schema?: unknown };
  if (typeof name !== "string") throw refuse("json_schema.name must be text; it is missing or something else");
  const field = "response_format.json_schema.schema";
  if (isMissing(schema)) return { jsonObject: true, field };
  if (typeof schema !== "object" || Array.isArray(schema)) throw refuse("json_schema.schema must be an object");
  return { json: schema as object, field };
}

function checkBackend(backend: string | null | undefined): void {
  if (isMissing(backend) || BACKENDS.includes(backend as string)) return;
  throw new RequestError(
    `guided_decoding_backend must be one of ${BACKENDS.join(", ")} (the server has one for all); got ${show(backend)}`,
    { param: "guided_decoding_backend" },
  );
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function show(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 60));
}

function refuse(message: string): RequestError {
  return new RequestError(`response_format: ${message}`, { param: "response_format" });
}
