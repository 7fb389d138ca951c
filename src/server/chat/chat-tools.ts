/** Tools of a chat request on the wire, and which of them the model may or must call. */
import { z } from "zod";
import type { ToolFunction } from "../../request/output-parsers.js";
import { RequestError } from "../../util/errors.js";

const MAX_TOOLS = 1024;

/** One entry of `tools`. Only functions; unknown members are left out, as the template would print them. */
const chatTool = z.object({
  type: z.literal("function").default("function"),
  function: z.object({
    name: z.string().min(1).max(256),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});
export type ChatTool = z.output<typeof chatTool>;

/** Fields of a request about tools. */
export const toolFields = {
  tools: z.array(chatTool).max(MAX_TOOLS).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
};

/** Whether the model calls: as it likes, never, at least once, or this one function. */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** What a request says about tools. */
export interface ToolUse {
  readonly tools: readonly ChatTool[];
  readonly choice: ToolChoice;
  /** More than one call in an answer; default true. */
  readonly isParallel: boolean;
}

/** For endpoints and requests without tools. */
export const NO_TOOLS: ToolUse = { tools: [], choice: "none", isParallel: true };

/** The fields of `toolFields`, read. */
export interface ToolBody {
  readonly tools?: readonly ChatTool[] | null | undefined;
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: boolean | null | undefined;
}

/**
 * @param canBeAuto  whether the server finds calls by itself (--enable-auto-tool-choice and --tool-call-parser)
 * @throws RequestError for an empty list, a choice without tools, an unknown choice, or "auto" where the server cannot
 */
export function readToolUse(body: ToolBody, canBeAuto: boolean): ToolUse {
  const { tools } = body;
  if (tools && tools.length === 0) {
    throw new RequestError(
      "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely.",
      { param: "tools" },
    );
  }
  const choice = readChoice(body, canBeAuto);
  if (choice === "auto" && !canBeAuto) {
    throw new RequestError(
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set; set tool_choice to "none" to go without calls',
      { param: "tool_choice" },
    );
  }
  return { tools: tools ?? [], choice, isParallel: body.parallel_tool_calls !== false };
}

function readChoice(body: ToolBody, canBeAuto: boolean): ToolChoice {
  const { tools, tool_choice: given } = body;
  if (given === undefined) return tools ? "auto" : "none";
  // Said to be nothing: what the server can do.
  if (given === null) return tools && canBeAuto ? "auto" : "none";
  if (given === "none") return "none";
  if (!tools) throw new RequestError("When using `tool_choice`, `tools` must be set.", { param: "tool_choice" });
  if (given === "auto" || given === "required") return given;
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new RequestError(
      `Invalid value for \`tool_choice\`: ${JSON.stringify(given).slice(0, 100)}! Only named tools, "none", "auto" or "required" are supported.`,
      { param: "tool_choice" },
    );
  }
  return { name: namedFunction(given as Record<string, unknown>, tools) };
}

function namedFunction(given: Record<string, unknown>, tools: readonly ChatTool[]): string {
  const usage = 'Correct usage: `{"type": "function", "function": {"name": "my_function"}}`';
  const called = given.function;
  if (typeof called !== "object" || called === null) {
    throw new RequestError(`Invalid value for \`function\` in \`tool_choice\`! ${usage}`, {
      param: "tool_choice.function",
    });
  }
  const { name } = called as { name?: unknown };
  if (typeof name !== "string" || name === "") {
    throw new RequestError(`Expected field \`name\` in \`function\` in \`tool_choice\`! ${usage}`, {
      param: "tool_choice.function.name",
    });
  }
  if (tools.some((tool) => tool.function.name === name)) return name;
  throw new RequestError("The tool specified in `tool_choice` does not match any of the specified `tools`", {
    param: "tool_choice",
  });
}

/** The functions alone. */
export function functionsOf(tools: readonly ChatTool[]): ToolFunction[] {
  return tools.map((tool) => tool.function);
}

/** Tools as templates print them: members in one order, null where nothing was given. */
export function templateTools(tools: readonly ChatTool[]): Record<string, unknown>[] {
  return tools.map(({ type, function: called }) => ({
    type,
    function: {
      name: called.name,
      description: called.description ?? null,
      parameters: called.parameters ?? null,
      ...(called.strict === undefined || called.strict === null ? {} : { strict: called.strict }),
    },
  }));
}
