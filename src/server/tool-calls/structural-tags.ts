/** Structural tags that hold calls to the schemas of strict functions, in the form that xgrammar reads. */
import type { ToolFunction } from "../../request/output-parsers.js";

/** What stands around the arguments of a call to one function. */
export interface CallFrame {
  readonly begin: string;
  readonly end: string;
}

/**
 * One tag for each function; free text around the calls. A function that is not strict may have any object as arguments.
 */
export function tagsForFunctions(
  tools: readonly ToolFunction[],
  frame: (tool: ToolFunction) => CallFrame,
  rules: { readonly triggers: readonly string[]; readonly isRequired: boolean; readonly isParallel: boolean },
): object {
  const tags = tools.map((tool) => ({
    type: "tag",
    ...frame(tool),
    content: { type: "json_schema", json_schema: argumentsSchema(tool) },
  }));
  return {
    type: "structural_tag",
    format: {
      type: "triggered_tags",
      triggers: rules.triggers,
      tags,
      at_least_one: rules.isRequired,
      stop_after_first: !rules.isParallel,
    },
  };
}

/** The schema of a function's arguments; any object where it is not strict or has none. */
export function argumentsSchema(tool: ToolFunction): object {
  const isHeld = tool.strict === true && tool.parameters !== undefined && tool.parameters !== null;
  return isHeld ? tool.parameters : { type: "object" };
}
