import { describe, expect, it } from "vitest";
import { z } from "zod";
import { normalizeStructuredOutputs } from "../../request/structured-outputs.js";
import { structuredOutputFields, structuredOutputs } from "./structured-output-fields.js";

const schema = { type: "object" };
const fields = z.object(structuredOutputFields);

function normalized(body: Record<string, unknown>) {
  const asked = structuredOutputs(fields.parse(body));
  return asked === undefined ? undefined : normalizeStructuredOutputs(asked);
}

describe("structuredOutputs", () => {
  it("asks for nothing where nothing is asked for", () => {
    for (const body of [
      {},
      { response_format: null },
      { response_format: { type: "text" } },
      { structured_outputs: null },
    ])
      expect(normalized(body)).toBeUndefined();
  });

  it("reads response_format, structured_outputs and the older names", () => {
    const json = '{"type":"object"}';
    expect(normalized({ response_format: { type: "json_object" } })?.jsonObject).toBe(true);
    const format = { type: "json_schema", json_schema: { name: "x", schema, strict: true } };
    expect(normalized({ response_format: format })?.json).toBe(json);
    expect(normalized({ structured_outputs: { json: schema } })?.json).toBe(json);
    expect(normalized({ structured_outputs: { json: JSON.stringify(schema) } })?.json).toBe(json);
    expect(normalized({ guided_json: schema })?.json).toBe(json);
    expect(normalized({ guided_regex: "a+" })?.regex).toBe("a+");
    expect(normalized({ guided_choice: ["a"] })?.choice).toEqual(["a"]);
    expect(normalized({ guided_grammar: 'root ::= "a"' })?.grammar).toBe('root ::= "a"');
    expect(normalized({ structured_outputs: { json_object: true } })?.jsonObject).toBe(true);
    const tag = { type: "structural_tag", format: { type: "const_string", value: "a" } };
    expect(normalized({ response_format: tag })?.structuralTag).toBe(JSON.stringify(tag));
    expect(normalized({ structured_outputs: { structural_tag: JSON.stringify(tag) } })?.structuralTag).toBe(
      JSON.stringify(tag),
    );
    expect(normalized({ structured_outputs: { regex: "a", disable_any_whitespace: true } })?.disableAnyWhitespace).toBe(
      true,
    );
  });

  it("lets the same kind be said twice, and not two kinds", () => {
    const both = { response_format: { type: "json_object" }, structured_outputs: { json_object: true } };
    expect(normalized(both)?.field).toBe("response_format");
    expect(() => normalized({ response_format: { type: "json_object" }, guided_regex: "a" })).toThrow(/multiple are/);
    expect(() => normalized({ guided_choice: ["a"], guided_regex: "a" })).toThrow(/multiple are/);
  });

  it.each([
    [{ response_format: { type: "json_schema" } }, /'json_schema' field must be provided/],
    [{ response_format: { type: "json_schema", json_schema: {} } }, /json_schema\.name must be text/],
    [{ response_format: { type: "json_schema", json_schema: { name: "a", schema: 3 } } }, /schema must be an object/],
    [{ response_format: { type: "xml" } }, /type must be one of text, json_object/],
    [{ response_format: { type: "structural_tag" } }, /needs format/],
    [{ structured_outputs: {} }, /You must use one kind/],
    [
      { guided_regex: "a", guided_decoding_backend: "outlines" },
      /guided_decoding_backend must be one of auto, xgrammar/,
    ],
  ])("refuses %j", (body, message) => {
    expect(() => normalized(body)).toThrow(message);
  });
});
