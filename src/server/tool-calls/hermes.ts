/** Calls as JSON objects, each in <tool_call> tags: Hermes 2 Pro, Qwen 2.5 and 3, Granite 4. */
import type { ToolFunction, ToolParserDefinition } from "../../request/output-parsers.js";
import { JsonCallsParser } from "./json-calls.js";
import { tagsForFunctions } from "./structural-tags.js";

export const hermes: ToolParserDefinition = {
  description: '<tool_call>{"name": …, "arguments": {…}}</tool_call>: Hermes 2 Pro, Qwen 2.5, Qwen 3, Granite 4',
  markers: ["<tool_call>", "</tool_call>"],
  create: () => new JsonCallsParser({ starts: ["<tool_call>"], ends: ["</tool_call>"], shape: "object" }),
  structuralTag: (tools, isRequired, isParallel) =>
    tagsForFunctions(
      tools,
      ({ name }: ToolFunction) => ({
        begin: `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": `,
        end: "}\n</tool_call>",
      }),
      { triggers: ["<tool_call>"], isRequired, isParallel },
    ),
};
