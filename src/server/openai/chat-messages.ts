/** Messages of a conversation on the wire, checked and brought into the form that templates read. */
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import type { ClientMessage } from "../engine-client.js";

const MAX_MESSAGES = 16_384;
/** Types of parts that are text, and the field that holds it. */
const TEXT_FIELDS: ReadonlyMap<string, string> = new Map([
  ["text", "text"],
  ["input_text", "text"],
  ["output_text", "text"],
  ["refusal", "refusal"],
]);

/** Roles are the template's affair; unknown fields are handed to it too. */
const chatMessage = z.looseObject({
  role: z.string().min(1).max(256),
  content: z.union([z.string(), z.array(z.union([z.string(), z.looseObject({ type: z.string() })]))]).nullish(),
  name: z.string().nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        function: z
          .looseObject({
            name: z.string(),
            arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  tool_call_id: z.string().nullish(),
  /** What an earlier answer thought, under both of its names. */
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
});
type WireMessage = z.output<typeof chatMessage>;

export const chatMessages = z.array(chatMessage).min(1, "expected at least one message").max(MAX_MESSAGES);

/**
 * Parts of text stay parts; arguments of calls become objects; reasoning goes by every name that templates ask for.
 * @throws RequestError for parts that are no text, and arguments that are no JSON, naming the part
 */
export function readMessages(messages: z.output<typeof chatMessages>): ClientMessage[] {
  return messages.map((message, i) => {
    const read: Record<string, unknown> = { ...message, content: readContent(message.content, i) };
    if (message.role === "assistant") addReasoning(read, message);
    if (Array.isArray(message.tool_calls)) {
      // Templates take an empty list for calls.
      if (message.tool_calls.length === 0) delete read.tool_calls;
      else read.tool_calls = withToolArguments(message.tool_calls, i);
    }
    return read as unknown as ClientMessage;
  });
}

function readContent(content: WireMessage["content"], index: number): ClientMessage["content"] {
  if (!Array.isArray(content)) return content ?? null;
  return content.map((part, j) => {
    const where = `messages.${index}.content.${j}`;
    if (typeof part === "string") return { type: "text" as const, text: part };
    const field = TEXT_FIELDS.get(part.type);
    if (field === undefined) {
      throw new RequestError(
        `${where}: content of type "${part.type.slice(0, 40)}" is not in this version; send text`,
        { param: where },
      );
    }
    const text = part[field];
    if (typeof text !== "string") throw new RequestError(`${where}.${field}: expected a string`, { param: where });
    return { type: "text" as const, text };
  });
}

function addReasoning(read: Record<string, unknown>, message: WireMessage): void {
  const reasoning = message.reasoning ?? message.reasoning_content;
  if (reasoning === undefined || reasoning === null) return;
  read.reasoning = reasoning;
  read.reasoning_content = reasoning;
  // The name in gpt-oss's template.
  read.thinking ??= reasoning;
}

/** Templates read a tool call's arguments as an object; on the wire they are JSON in a string. */
function withToolArguments(calls: NonNullable<WireMessage["tool_calls"]>, index: number): unknown[] {
  return calls.map((call, j) => {
    const called = call.function;
    if (!called) return call;
    if (typeof called.arguments === "object" && called.arguments !== null) return call;
    return { ...call, function: { ...called, arguments: parseArguments(called.arguments ?? "", index, j) } };
  });
}

function parseArguments(text: string, index: number, call: number): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const param = `messages.${index}.tool_calls.${call}.function.arguments`;
    throw new RequestError(`${param}: expected JSON in a string`, { param });
  }
}
