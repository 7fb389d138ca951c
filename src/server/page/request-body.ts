/** Bodies of requests to /v1/chat/completions and /v1/completions. */
import type { Conversation, Turn } from "./conversation.js";
import { splitThinking } from "./thinking.js";

/** Longest continuation of a text unless told otherwise: the API's own default, 16 tokens, is less than a sentence. */
const COMPLETION_TOKENS = 128;

/**
 * The body of a request for an answer.
 *
 * @param before  the turns that lead to it
 * @param partial text of an unfinished answer to go on with
 */
export function requestBody(
  conversation: Conversation,
  before: readonly Turn[],
  partial: string,
): Record<string, unknown> {
  const { settings } = conversation;
  const common = {
    ...(settings.model === "" ? {} : { model: settings.model }),
    ...settings.sampling,
    ...(settings.stop.length === 0 ? {} : { stop: settings.stop }),
    ...parsed(settings.extra),
    stream: true,
    stream_options: { include_usage: true },
  };
  if (conversation.mode === "completion")
    return { max_tokens: COMPLETION_TOKENS, ...common, prompt: (before.at(-1)?.content ?? "") + partial };
  const system = settings.system.trim() === "" ? [] : [{ role: "system", content: settings.system }];
  const messages = [...system, ...before.map(message)];
  const tools = parsed(settings.tools);
  const withTools = Array.isArray(tools) && tools.length > 0 ? { ...common, tools } : common;
  if (partial === "") return { ...withTools, messages };
  return {
    ...withTools,
    messages: [...messages, { role: "assistant", content: partial }],
    add_generation_prompt: false,
    continue_final_message: true,
  };
}

function message(turn: Turn): Record<string, unknown> {
  if (turn.role === "tool") return { role: "tool", tool_call_id: turn.toolCallId, content: turn.content };
  if (turn.role === "user") return { role: "user", content: turn.content };
  // What was thought in earlier turns is not told again.
  const { answer } = splitThinking(turn.content);
  if (turn.toolCalls === undefined || turn.toolCalls.length === 0) return { role: "assistant", content: answer };
  return {
    role: "assistant",
    content: answer === "" ? null : answer,
    ...(turn.reasoning ? { reasoning: turn.reasoning } : {}),
    tool_calls: turn.toolCalls.map(({ id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}

/** JSON of a settings field; it was checked when it was typed, so what is wrong counts as absent. */
function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}
