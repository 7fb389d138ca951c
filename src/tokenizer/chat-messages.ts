/** Chat messages as clients send them, made ready for a template. */
import { RequestError } from "../util/errors.js";
import type { ContentFormat } from "./content-format.js";

/** One part of a message's content. */
export interface ContentPart {
  type: string;
  text?: string;
  [field: string]: unknown;
}

/** A message of a conversation, with OpenAI's field names; other fields reach the template as they are. */
export interface ChatMessage {
  role: string;
  content?: string | readonly ContentPart[] | null;
  [field: string]: unknown;
}

/** Types of parts that are text, and the field that holds it. */
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  text: "text",
  input_text: "text",
  output_text: "text",
  refusal: "refusal",
};

function partText(part: ContentPart | string, where: string): string {
  if (typeof part === "string") return part;
  const field = Object.hasOwn(TEXT_FIELDS, part?.type ?? "") ? TEXT_FIELDS[part.type]! : undefined;
  if (field === undefined) {
    const found = JSON.stringify(part?.type ?? part);
    throw new RequestError(`${where}: content part of type ${found}; this model takes text only`, { param: where });
  }
  const text = part[field];
  if (typeof text === "string") return text;
  throw new RequestError(`${where}: a "${part.type}" part needs a string "${field}"`, { param: where });
}

function readContent(content: ChatMessage["content"], format: ContentFormat, where: string): string | ContentPart[] {
  const isList = Array.isArray(content);
  if (!isList && typeof content !== "string" && content !== null && content !== undefined) {
    throw new RequestError(`${where}: content must be a string or a list of parts`, { param: where });
  }
  const parts = isList ? (content as ContentPart[]) : typeof content === "string" ? [content] : [];
  const texts = parts.map((part, index) => partText(part, isList ? `${where}[${index}]` : where));
  return format === "openai" ? texts.map((text) => ({ type: "text", text })) : texts.join("\n");
}

/** Templates want a call's arguments as an object; clients send JSON text. */
function readToolCall(call: unknown, where: string): unknown {
  const { function: called } = (call ?? {}) as { function?: { arguments?: unknown } };
  if (typeof called?.arguments !== "string") return call;
  const text = called.arguments.trim();
  try {
    return {
      ...(call as object),
      function: { ...called, arguments: text === "" ? {} : (JSON.parse(text) as unknown) },
    };
  } catch (cause) {
    throw new RequestError(`${where}.function.arguments: not valid JSON: ${(cause as Error).message}`, {
      param: where,
      cause,
    });
  }
}

/**
 * Copies of the messages with the content in the format that the template wants (parts of text joined by newlines for
 * "string") and tool calls' arguments parsed.
 * @throws RequestError naming the message
 */
export function prepareMessages(messages: readonly ChatMessage[], format: ContentFormat): Record<string, unknown>[] {
  if (!Array.isArray(messages)) throw new RequestError("messages must be a list", { param: "messages" });
  return (messages as readonly ChatMessage[]).map((message, index) => {
    const where = `messages[${index}]`;
    if (typeof message !== "object" || message === null || typeof message.role !== "string") {
      throw new RequestError(`${where}: a message needs a string "role"`, { param: where });
    }
    const prepared: Record<string, unknown> = { ...message };
    prepared.content = readContent(message.content, format, `${where}.content`);
    if (message.role === "assistant" && Array.isArray(message.tool_calls)) {
      prepared.tool_calls = message.tool_calls.map((call, at) => readToolCall(call, `${where}.tool_calls[${at}]`));
    }
    return prepared;
  });
}
