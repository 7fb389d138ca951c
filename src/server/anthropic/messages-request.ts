/** Body of POST /v1/messages and /v1/messages/count_tokens: fields, and what they mean for a chat. */
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import type { ToolBody } from "../chat/chat-tools.js";
import type { ClientMessage } from "../engine-client.js";

const MAX_MESSAGES = 16_384;
const MAX_TOOLS = 1024;
/** What Claude Code sends besides the roles of the API. */
const ROLES: Readonly<Record<string, string>> = { ctx: "user", msg: "user" };

const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]);

/** Fields that both endpoints have. */
const promptFields = {
  model: z.string().min(1, "expected a model"),
  messages: z
    .array(z.looseObject({ role: z.string(), content }))
    .min(1, "expected at least one message")
    .max(MAX_MESSAGES),
  system: content.nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        name: z.string().min(1).max(256),
        description: z.string().nullish(),
        input_schema: z.record(z.string(), z.unknown()).optional(),
        strict: z.boolean().nullish(),
      }),
    )
    .max(MAX_TOOLS)
    .nullish(),
  tool_choice: z
    .object({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: z.string().nullish(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z
    .looseObject({
      type: z.enum(["enabled", "disabled", "adaptive"]),
      budget_tokens: z.int().min(1).nullish(),
    })
    .nullish(),
  output_config: z
    .looseObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
      format: z.looseObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .nullish(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  // Of Anthropic's service; nothing here depends on them.
  betas: z.unknown().optional(),
  cache_control: z.unknown().optional(),
  container: z.unknown().optional(),
  context_management: z.unknown().optional(),
  mcp_servers: z.unknown().optional(),
};

export const countTokensRequest = z.object(promptFields);

export const messagesRequest = z.object({
  ...promptFields,
  /** Lowered to what the context has left. */
  max_tokens: z.int().min(1),
  stop_sequences: z.array(z.string().min(1)).max(256).nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_k: z.int().nullish(),
  top_p: z.number().nullish(),
  metadata: z.looseObject({}).nullish(),
  service_tier: z.unknown().optional(),
  speed: z.unknown().optional(),
  inference_geo: z.unknown().optional(),
  priority: z.int().nullish(),
  cache_salt: z.string().min(1).max(1024).nullish(),
  kv_transfer_params: z.unknown().optional(),
});

export type CountTokensRequest = z.output<typeof countTokensRequest>;
export type MessagesRequest = z.output<typeof messagesRequest>;

type Block = Readonly<Record<string, unknown> & { type: string }>;

/** The system prompt and all turns. @throws RequestError naming the block that is not understood */
export function conversation(body: Pick<CountTokensRequest, "messages" | "system">): ClientMessage[] {
  const messages: Record<string, unknown>[] = [];
  const system = body.system;
  if (typeof system === "string" ? system !== "" : system && system.length > 0) {
    messages.push({ role: "system", content: textOf(system!, "system") });
  }
  body.messages.forEach(({ role, content: given }, i) => {
    const where = `messages.${i}`;
    const known = Object.hasOwn(ROLES, role) ? ROLES[role]! : role;
    if (known !== "user" && known !== "assistant" && known !== "system") {
      throw refused(`${where}.role`, `expected user or assistant; got ${JSON.stringify(role.slice(0, 40))}`);
    }
    if (typeof given === "string") messages.push({ role: known, content: given });
    else if (known === "assistant") messages.push(assistantTurn(given as Block[], where));
    else messages.push(...userTurn(known, given as Block[], where));
  });
  return messages as unknown as ClientMessage[];
}

/** Results of tools come first, as messages of their own; the rest is one message. */
function userTurn(role: string, blocks: readonly Block[], where: string): Record<string, unknown>[] {
  const results: Record<string, unknown>[] = [];
  const parts: { type: "text"; text: string }[] = [];
  blocks.forEach((block, j) => {
    const at = `${where}.content.${j}`;
    if (block.type === "tool_result") {
      const { tool_use_id: id } = block;
      if (typeof id !== "string") throw refused(`${at}.tool_use_id`, "expected a string");
      const content =
        block.content === undefined || block.content === null ? "" : textOf(block.content, `${at}.content`);
      results.push({ role: "tool", tool_call_id: id, content });
    } else parts.push({ type: "text", text: blockText(block, at) });
  });
  return parts.length > 0 || results.length === 0 ? [...results, { role, content: parts }] : results;
}

function assistantTurn(blocks: readonly Block[], where: string): Record<string, unknown> {
  const texts: string[] = [];
  const calls: unknown[] = [];
  let thinking = "";
  blocks.forEach((block, j) => {
    const at = `${where}.content.${j}`;
    if (block.type === "thinking") thinking += typeof block.thinking === "string" ? block.thinking : "";
    else if (block.type === "redacted_thinking") return;
    else if (block.type === "tool_use") {
      const { id, name, input } = block;
      if (typeof name !== "string" || name === "") throw refused(`${at}.name`, "expected the tool's name");
      if (typeof id !== "string") throw refused(`${at}.id`, "expected a string");
      calls.push({ id, type: "function", function: { name, arguments: input ?? {} } });
    } else texts.push(blockText(block, at));
  });
  return {
    role: "assistant",
    content: texts.length > 0 ? texts.join("") : calls.length > 0 ? null : "",
    ...(thinking === "" ? {} : { reasoning: thinking, reasoning_content: thinking, thinking }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

/** Text, or blocks of text put together by lines. */
function textOf(given: unknown, where: string): string {
  if (typeof given === "string") return given;
  if (!Array.isArray(given)) throw refused(where, "expected text or a list of blocks");
  return given.map((block, i) => blockText(block as Block, `${where}.${i}`)).join("\n");
}

function blockText(block: Block, where: string): string {
  const type = (block as { type?: unknown } | null)?.type;
  // A tool that was found by search is known by its name.
  if (type === "tool_reference" && typeof block.tool_name === "string") return block.tool_name;
  if (type !== "text") {
    throw refused(
      where,
      `content of type ${JSON.stringify(String(type).slice(0, 40))} is not in this version; send text`,
    );
  }
  if (typeof block.text !== "string") throw refused(`${where}.text`, "expected a string");
  return block.text;
}

/** Tools and their choice in the form of chat completions. @throws RequestError for tools of Anthropic's own servers */
export function toolBody(body: Pick<CountTokensRequest, "tools" | "tool_choice">): ToolBody {
  const { tools, tool_choice: choice } = body;
  if (!tools || tools.length === 0) return {};
  const parallel = choice?.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {};
  return {
    tools: tools.map(({ type, name, description, input_schema: schema, strict }, i) => {
      if (schema === undefined) {
        const what = type
          ? `tools of type ${JSON.stringify(type.slice(0, 40))} are not in this version`
          : "the field is missing";
        throw refused(`tools.${i}.input_schema`, what);
      }
      return { type: "function", function: { name, description, parameters: { type: "object", ...schema }, strict } };
    }),
    ...(choice ? { tool_choice: readChoice(choice) } : {}),
    ...parallel,
  };
}

function readChoice(choice: NonNullable<CountTokensRequest["tool_choice"]>): unknown {
  if (choice.type === "any") return "required";
  if (choice.type !== "tool") return choice.type;
  if (!choice.name) throw refused("tool_choice.name", "the field is missing");
  return { type: "function", function: { name: choice.name } };
}

/** What the template is told: `thinking` switches reasoning on and off where the template can. */
export function templateKwargs(
  body: Pick<CountTokensRequest, "thinking" | "chat_template_kwargs">,
): Readonly<Record<string, unknown>> | undefined {
  const { thinking } = body;
  const switched = thinking ? { enable_thinking: thinking.type !== "disabled" } : undefined;
  return switched || body.chat_template_kwargs ? { ...switched, ...body.chat_template_kwargs } : undefined;
}

function refused(param: string, expected: string): RequestError {
  return new RequestError(`${param}: ${expected}`, { param });
}
