/** Input of /v1/responses, text or items, as messages of a conversation. */
import { RequestError } from "../../util/errors.js";
import type { ClientMessage } from "../engine-client.js";
import type { OutputItem } from "./response-types.js";

type Item = Readonly<Record<string, unknown>>;
type Writable = Record<string, unknown>;

const TEXT_PARTS: Readonly<Record<string, string>> = {
  input_text: "text",
  output_text: "text",
  text: "text",
  refusal: "refusal",
  summary_text: "text",
  reasoning_text: "text",
};

/** Messages, and whether the model goes on with the last one. */
export interface InputMessages {
  readonly messages: ClientMessage[];
  readonly continuesLast: boolean;
}

/**
 * Reasoning and calls of one turn become one message of the assistant, as templates want them.
 * @throws RequestError naming the item that is not understood
 */
export function inputMessages(input: string | readonly Item[]): InputMessages {
  if (typeof input === "string") return { messages: [{ role: "user", content: input }], continuesLast: false };
  const turns = new Turns();
  input.forEach((item, i) => turns.add(item, `input.${i}`));
  const last = input.at(-1)!;
  const isOpen = last.status === "in_progress" || last.status === "incomplete";
  const continuesLast = isOpen && typeOf(last) === "message" && last.role === "assistant";
  return { messages: turns.messages as unknown as ClientMessage[], continuesLast };
}

/** What a response said, as messages for the next turn. */
export function outputMessages(output: readonly OutputItem[]): ClientMessage[] {
  const turns = new Turns();
  output.forEach((item, i) => turns.add(item as unknown as Item, `output.${i}`));
  return turns.messages as unknown as ClientMessage[];
}

function typeOf(item: Item): string {
  return typeof item.type === "string" ? item.type : "message";
}

class Turns {
  readonly messages: Writable[] = [];
  /** The assistant's message that further reasoning, text and calls belong to. */
  #open: Writable | undefined;

  add(item: Item, where: string): void {
    switch (typeOf(item)) {
      case "message":
        return this.#message(item, where);
      case "reasoning":
        return this.#reasoning(item, where);
      case "function_call":
        return this.#call(item, where);
      case "function_call_output":
        return this.#output(item, where);
      default:
        throw refused(
          `${where}.type`,
          `expected message, reasoning, function_call or function_call_output; got ${show(item.type)}`,
        );
    }
  }

  #message(item: Item, where: string): void {
    const { role } = item;
    if (typeof role !== "string" || role === "") throw refused(`${where}.role`, "expected a role");
    const content = readContent(item.content, `${where}.content`);
    if (role !== "assistant") {
      this.#open = undefined;
      this.messages.push({ role, content });
      return;
    }
    const message = this.#open !== undefined && this.#open.content === null ? this.#open : this.#begin();
    message.content = content;
  }

  #reasoning(item: Item, where: string): void {
    if (typeof item.encrypted_content === "string" && item.encrypted_content !== "") {
      throw refused(`${where}.encrypted_content`, "reasoning that is encrypted cannot be read here; leave it out");
    }
    const content = Array.isArray(item.content) && item.content.length > 0 ? item.content : item.summary;
    const text = content === undefined || content === null ? "" : joined(readContent(content, `${where}.content`));
    if (text === "") return;
    const message = this.#begin();
    message.reasoning = message.reasoning_content = message.thinking = text;
  }

  #call(item: Item, where: string): void {
    const { name, call_id: id } = item;
    if (typeof name !== "string" || name === "") throw refused(`${where}.name`, "expected the function's name");
    if (typeof id !== "string" || id === "") throw refused(`${where}.call_id`, "expected the id of the call");
    const message = this.#open ?? this.#begin();
    const calls = (message.tool_calls ??= []) as unknown[];
    calls.push({ id, type: "function", function: { name, arguments: readArguments(item.arguments, where) } });
  }

  #output(item: Item, where: string): void {
    const { call_id: id, output } = item;
    if (typeof id !== "string" || id === "") throw refused(`${where}.call_id`, "expected the id of the call");
    this.#open = undefined;
    this.messages.push({ role: "tool", tool_call_id: id, content: readContent(output, `${where}.output`) });
  }

  #begin(): Writable {
    this.#open = { role: "assistant", content: null };
    this.messages.push(this.#open);
    return this.#open;
  }
}

type Content = string | { type: "text"; text: string }[];

function readContent(content: unknown, where: string): Content {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  if (!Array.isArray(content)) throw refused(where, "expected text or a list of parts");
  return content.map((part: unknown, i) => {
    const { type } = (part ?? {}) as { type?: unknown };
    const field = typeof type === "string" && Object.hasOwn(TEXT_PARTS, type) ? TEXT_PARTS[type]! : undefined;
    if (field === undefined)
      throw refused(`${where}.${i}`, `content of type ${show(type)} is not in this version; send text`);
    const text = (part as Record<string, unknown>)[field];
    if (typeof text !== "string") throw refused(`${where}.${i}.${field}`, "expected a string");
    return { type: "text" as const, text };
  });
}

function joined(content: Content): string {
  return typeof content === "string" ? content : content.map(({ text }) => text).join("");
}

/** Templates read arguments as an object. */
function readArguments(given: unknown, where: string): unknown {
  if (given === undefined || given === null || given === "") return {};
  if (typeof given !== "string") throw refused(`${where}.arguments`, "expected JSON in a string");
  try {
    return JSON.parse(given) as unknown;
  } catch {
    throw refused(`${where}.arguments`, "expected JSON in a string");
  }
}

function refused(param: string, expected: string): RequestError {
  return new RequestError(`${param}: ${expected}`, { param });
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(String(value).slice(0, 40));
}
