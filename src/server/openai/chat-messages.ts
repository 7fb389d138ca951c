/** Messages of a conversation on the wire, checked and brought into the form that templates read. */
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import type { ClientMessage } from "../engine-client.js";

const MAX_MESSAGES = 16_384;
const TEXT_PARTS: ReadonlySet<string> = new Set(["text", "input_text", "output_text"]);

/** Roles are the template's affair; unknown fields are handed to it too. */
const chatMessage = z.looseObject({
  role: z.string().min(1).max(256),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
  name: z.string().nullish(),
  tool_calls: z.array(z.looseObject({})).nullish(),
  tool_call_id: z.string().nullish(),
});

export const chatMessages = z.array(chatMessage).min(1, "expected at least one message").max(MAX_MESSAGES);

/** @throws RequestError for parts that are no text, naming the part */
export function readMessages(messages: z.output<typeof chatMessages>): ClientMessage[] {
  return messages.map((message, i) => {
    const { content, ...rest } = message;
    if (!Array.isArray(content))
      return { ...withToolArguments(rest, i), content: content ?? null } as unknown as ClientMessage;
    const parts = content.map((part, j) => {
      const where = `messages.${i}.content.${j}`;
      if (!TEXT_PARTS.has(part.type)) {
        throw new RequestError(
          `${where}: content of type "${part.type.slice(0, 40)}" is not in this version; send text`,
          {
            param: where,
          },
        );
      }
      if (typeof part.text !== "string") throw new RequestError(`${where}.text: expected a string`, { param: where });
      return { type: "text" as const, text: part.text };
    });
    return { ...withToolArguments(rest, i), content: parts } as unknown as ClientMessage;
  });
}

/** Templates read a tool call's arguments as an object; on the wire they are JSON in a string. */
function withToolArguments(message: Record<string, unknown>, index: number): Record<string, unknown> {
  const calls = message.tool_calls;
  if (!Array.isArray(calls)) return message;
  const read = calls.map((call: Record<string, unknown>, j) => {
    const called = call.function as Record<string, unknown> | null | undefined;
    if (typeof called?.arguments !== "string") return call;
    try {
      const parsed: unknown = called.arguments === "" ? {} : JSON.parse(called.arguments);
      return { ...call, function: { ...called, arguments: parsed } };
    } catch {
      const param = `messages.${index}.tool_calls.${j}.function.arguments`;
      throw new RequestError(`${param}: expected JSON in a string`, { param });
    }
  });
  return { ...message, tool_calls: read };
}
