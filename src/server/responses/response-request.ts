/** Body of POST /v1/responses: fields, and what is refused. */
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import type { ToolBody } from "../chat/chat-tools.js";
import { REASONING_EFFORTS } from "../openai/chat-completions.js";
import { samplingFields } from "../openai/sampling-fields.js";

const MAX_ITEMS = 16_384;
const MAX_TOOLS = 1024;
const boolean = z.boolean().nullish();

const INCLUDABLE = [
  "code_interpreter_call.outputs",
  "computer_call_output.output.image_url",
  "file_search_call.results",
  "message.input_image.image_url",
  "message.output_text.logprobs",
  "reasoning.encrypted_content",
  "web_search_call.action.sources",
  "web_search_call.results",
] as const;

const { structured_outputs, vllm_xargs, ...sampling } = samplingFields;

export const responseRequest = z.object({
  temperature: sampling.temperature,
  top_p: sampling.top_p,
  top_k: sampling.top_k,
  min_p: sampling.min_p,
  presence_penalty: sampling.presence_penalty,
  frequency_penalty: sampling.frequency_penalty,
  repetition_penalty: sampling.repetition_penalty,
  logit_bias: sampling.logit_bias,
  stop: sampling.stop,
  stop_token_ids: sampling.stop_token_ids,
  seed: sampling.seed,
  ignore_eos: sampling.ignore_eos,
  min_tokens: sampling.min_tokens,
  skip_special_tokens: sampling.skip_special_tokens,
  include_stop_str_in_output: sampling.include_stop_str_in_output,
  stream_interval: sampling.stream_interval,
  structured_outputs,
  vllm_xargs,
  input: z.union([
    z.string(),
    z
      .array(z.looseObject({ type: z.string().optional() }))
      .min(1)
      .max(MAX_ITEMS),
  ]),
  instructions: z.string().nullish(),
  model: z.string().nullish(),
  stream: boolean,
  stream_options: z.looseObject({}).nullish(),
  background: boolean,
  store: boolean,
  previous_response_id: z.string().nullish(),
  /** Up to the model's length when left out; lowered to what the context has left. */
  max_output_tokens: z.int().min(1).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  include: z.array(z.enum(INCLUDABLE)).nullish(),
  top_logprobs: z.int().min(0).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  reasoning: z.looseObject({ effort: z.enum(REASONING_EFFORTS).nullish() }).nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  tools: z
    .array(z.looseObject({ type: z.string() }))
    .max(MAX_TOOLS)
    .nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: boolean,
  truncation: z.enum(["auto", "disabled"]).nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.unknown().optional(),
  prompt_cache_key: z.unknown().optional(),
  prompt_cache_retention: z.unknown().optional(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  thinking_token_budget: sampling.thinking_token_budget,
  request_id: z.string().max(256).nullish(),
  session_id: z.string().nullish(),
  priority: z.int().nullish(),
  cache_salt: z.string().min(1).max(1024).nullish(),
  /** Give prompt and output as text and tokens too. */
  enable_response_messages: boolean,
  // What would change the answer and cannot be heeded.
  prompt: z.unknown().optional(),
  conversation: z.unknown().optional(),
  previous_input_messages: z.unknown().optional(),
  previous_response: z.unknown().optional(),
  kv_transfer_params: z.unknown().optional(),
});
export type ResponseRequest = z.output<typeof responseRequest>;

const REFUSED = [
  "prompt",
  "conversation",
  "previous_input_messages",
  "previous_response",
  "kv_transfer_params",
] as const;

/** @throws RequestError for fields that ask for what there is not, and for fields that contradict each other */
export function checkResponseRequest(body: ResponseRequest): void {
  for (const name of REFUSED) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    throw new RequestError(`${name} is not supported; leave it out`, { param: name });
  }
  if (body.background === true && body.store === false) {
    throw new RequestError("background can only be used when `store` is true", { param: "background" });
  }
  if (body.structured_outputs && body.text?.format && body.text.format.type !== "text") {
    throw new RequestError("Cannot specify both structured_outputs and text.format", { param: "structured_outputs" });
  }
}

const functionTool = z.object({
  name: z.string().min(1).max(256),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

/**
 * Tools and their choice in the form of chat completions.
 * @throws RequestError naming the tool, for those that are no functions, and for a choice that names something else
 */
export function toolBody(body: ResponseRequest): ToolBody {
  const { tools, tool_choice: choice, parallel_tool_calls } = body;
  if (!tools || tools.length === 0) {
    const wants = choice === "required" || (typeof choice === "object" && choice !== null);
    return { parallel_tool_calls, ...(wants ? { tool_choice: choice } : {}) };
  }
  return {
    tools: tools.map(readTool),
    ...(choice === undefined ? {} : { tool_choice: readChoice(choice) }),
    parallel_tool_calls,
  };
}

function readTool(tool: Readonly<Record<string, unknown>>, index: number) {
  const where = `tools.${index}`;
  if (tool.type !== "function") {
    throw new RequestError(
      `${where}.type: only tools of type "function" are supported; got ${JSON.stringify(String(tool.type).slice(0, 40))}`,
      { param: `${where}.type` },
    );
  }
  const read = functionTool.safeParse(tool);
  if (read.success) return { type: "function" as const, function: read.data };
  const issue = read.error.issues[0]!;
  const param = [where, ...issue.path].join(".");
  throw new RequestError(`${param}: ${issue.message.replace(/^Invalid input: /, "")}`, { param });
}

/** {"type": "function", "name": "f"} -> {"type": "function", "function": {"name": "f"}} */
function readChoice(choice: unknown): unknown {
  if (typeof choice !== "object" || choice === null) return choice;
  const { type, name } = choice as { type?: unknown; name?: unknown };
  if (type !== "function") {
    throw new RequestError(`tool_choice.type: expected "function"; got ${JSON.stringify(String(type).slice(0, 40))}`, {
      param: "tool_choice",
    });
  }
  return { type, function: { name } };
}

/** text.format as `response_format` of chat completions. */
export function responseFormat(body: ResponseRequest): { type: string } | undefined {
  const format = body.text?.format;
  if (!format || format.type === "text") return undefined;
  if (format.type !== "json_schema") return format as { type: string };
  const { type, ...schema } = format;
  return { type, json_schema: { name: "response", ...schema } } as { type: string };
}
