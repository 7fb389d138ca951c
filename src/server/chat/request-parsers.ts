/** Which parsers read the answers of a request, and what they ask of the sampling parameters. */
import type { OutputParser, ParserRequest, ToolParserDefinition } from "../../request/output-parsers.js";
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import type { StructuredOutputsInput } from "../../request/structured-outputs.js";
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import type { ServerContext } from "../respond.js";
import { NamedCall, namedSchema, requiredCalls, requiredSchema } from "../tool-calls/forced-calls.js";
import type { ToolUse } from "./chat-tools.js";

export interface RequestParsers {
  /** Makes the parser of one answer; undefined: none is needed. */
  readonly reasoning: (() => OutputParser) | undefined;
  readonly calls: (() => OutputParser) | undefined;
  readonly params: SamplingParamsInput;
}

export interface ParsedRequest {
  readonly toolUse: ToolUse;
  readonly params: SamplingParamsInput;
  readonly includesReasoning?: boolean;
}

/** @param request  whose `tools` are empty if the request forbids calls */
export function requestParsers(
  context: Pick<ServerContext, "parsers" | "engine">,
  input: ParsedRequest,
  request: ParserRequest,
): RequestParsers {
  const { parsers, engine } = context;
  const { tool } = parsers;
  const readsAll =
    tool?.format !== undefined && (parsers.reasoning === undefined || parsers.reasoning.format === tool.format);
  const reasoning = readsAll ? undefined : parsers.reasoning;
  const { calls, constraint, ownsFormat } = callsOf(tool, input.toolUse, request, readsAll);
  const markers = [...(reasoning?.markers ?? []), ...(ownsFormat ? tool!.markers : [])];
  let { params } = input;
  if (hasSpecial(engine.tokenizer, markers)) params = { ...params, skipSpecialTokens: false };
  if (constraint !== undefined) params = { ...params, structuredOutputs: constraint };
  params = afterReasoning(context, params, input, request);
  return { reasoning: reasoning && (() => reasoning.create(request)), calls, params };
}

interface Calls {
  readonly calls: (() => OutputParser) | undefined;
  readonly constraint?: StructuredOutputsInput;
  /** The model writes calls in the format of the server's parser. */
  readonly ownsFormat: boolean;
}

function callsOf(
  tool: ToolParserDefinition | undefined,
  { choice, tools, isParallel }: ToolUse,
  request: ParserRequest,
  readsAll: boolean,
): Calls {
  const functions = tools.map(({ function: called }) => called);
  const own = tool && (() => tool.create(request));
  if (choice === "none") return { calls: readsAll ? own : undefined, ownsFormat: readsAll };
  const isForced = choice !== "auto";
  if (isForced && !readsAll) {
    if (choice === "required") {
      return {
        calls: requiredCalls,
        constraint: { json: requiredSchema(functions, isParallel), field: "tools" },
        ownsFormat: false,
      };
    }
    const named = functions.find(({ name }) => name === choice.name)!;
    const calls = () => new NamedCall(choice.name);
    return { calls, constraint: { json: namedSchema(named), field: "tools" }, ownsFormat: false };
  }
  const isStrict = functions.some(({ strict }) => strict === true);
  if (!isStrict || tool?.structuralTag === undefined) return { calls: own, ownsFormat: true };
  const tag = JSON.stringify(tool.structuralTag(functions, isForced, isParallel));
  return { calls: own, constraint: { structuralTag: tag, field: "tools" }, ownsFormat: true };
}

/** Whether one of the texts would be left out of the output's text. */
function hasSpecial(tokenizer: Tokenizer | undefined, markers: readonly string[]): boolean {
  if (tokenizer === undefined) return false;
  return markers.some((marker) => {
    const id = tokenizer.tokenToId(marker);
    return id !== undefined && tokenizer.isSpecial(id);
  });
}

/** A grammar begins where the reasoning ends, unless there is none, or the client does not want it. */
function afterReasoning(
  { parsers, engine }: Pick<ServerContext, "parsers" | "engine">,
  params: SamplingParamsInput,
  input: ParsedRequest,
  request: ParserRequest,
): SamplingParamsInput {
  const { structuredOutputs } = params;
  const { reasoning } = parsers;
  if (!structuredOutputs || reasoning?.bounds === undefined || input.includesReasoning === false) return params;
  if (reasoning.isClosed?.(request)) return params;
  // Without one token that ends the reasoning the grammar holds from the start: there will be none.
  const end = engine.tokenizer?.tokenToId(reasoning.bounds.end);
  return end === undefined ? params : { ...params, structuredOutputs: { ...structuredOutputs, startAfter: [end] } };
}
