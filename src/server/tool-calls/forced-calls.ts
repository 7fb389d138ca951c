/** Calls that the request demands: the output is held to JSON by a grammar, and read by these parsers, whatever the model's own format. */
import type { OutputParser, OutputSink, ToolFunction } from "../../request/output-parsers.js";
import { blankLength } from "../chat/markers.js";
import { JsonCallsParser } from "./json-calls.js";

/** tool_choice "required": a list of {"name", "parameters"}. */
export function requiredCalls(): OutputParser {
  return new JsonCallsParser({ starts: [], bare: "first", shape: "list" });
}

/** The schema of that list, in vLLM's form. @param isParallel whether there may be more than one call */
export function requiredSchema(tools: readonly ToolFunction[], isParallel: boolean): object {
  const schema: Record<string, unknown> = {
    type: "array",
    minItems: 1,
    ...(isParallel ? {} : { maxItems: 1 }),
    items: {
      type: "object",
      anyOf: tools.map((tool) => ({
        properties: { name: { type: "string", enum: [tool.name] }, parameters: parametersOf(tool) },
        required: ["name", "parameters"],
      })),
    },
  };
  const definitions = mergedDefinitions(tools);
  return definitions === undefined ? schema : { ...schema, $defs: definitions };
}

/** The schema of the arguments of one function. */
export function namedSchema(tool: ToolFunction): object {
  return tool.parameters ?? { type: "object", properties: {} };
}

/** The parameters' schema without its definitions, which stand at the top of the whole. */
function parametersOf(tool: ToolFunction): object {
  const { $defs: _, ...rest } = (tool.parameters ?? { type: "object", properties: {} }) as Record<string, unknown>;
  return rest;
}

/** `$defs` of all functions: references in their schemas begin at the root. The first of a name counts. */
function mergedDefinitions(tools: readonly ToolFunction[]): Record<string, unknown> | undefined {
  let merged: Record<string, unknown> | undefined;
  for (const { parameters } of tools) {
    const definitions = parameters?.$defs;
    if (typeof definitions === "object" && definitions !== null) merged = { ...definitions, ...merged };
  }
  return merged;
}

/** tool_choice with a name: the whole output is the arguments of that function. */
export class NamedCall implements OutputParser {
  readonly #name: string;
  #isBegun = false;

  constructor(name: string) {
    this.#name = name;
  }

  push(text: string, sink: OutputSink): void {
    const json = this.#isBegun ? text : text.slice(blankLength(text));
    if (json === "") return;
    if (!this.#isBegun) sink.call(this.#name);
    this.#isBegun = true;
    sink.arguments(json);
  }

  finish(): void {}
}
