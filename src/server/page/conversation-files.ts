/** Conversations as files: JSON that can be read back, Markdown to read. */
import type { Conversation, ToolCall, Turn } from "./conversation.js";
import { newId, shownTurns } from "./conversation.js";
import { el } from "./dom.js";
import { readSettings } from "./settings.js";
import { splitThinking } from "./thinking.js";

const FORMAT = "quire-conversations";
const VERSION = 1;

/** All that is known of the conversations. */
export function toJson(conversations: readonly Conversation[]): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, conversations }, null, 2)}\n`;
}

/** What is shown of one conversation. */
export function toMarkdown(conversation: Conversation): string {
  const { title, settings } = conversation;
  const parts = [`# ${title.replace(/\s+/g, " ")}`];
  if (settings.system.trim() !== "") parts.push("## System", settings.system.trim());
  for (const turn of shownTurns(conversation)) parts.push(`## ${heading(turn)}`, ...turnParts(turn));
  return `${parts.join("\n\n")}\n`;
}

function heading(turn: Turn): string {
  if (turn.role === "user") return "You";
  return turn.role === "tool" ? "Tool result" : (turn.model ?? "Model");
}

function turnParts(turn: Turn): string[] {
  const { thoughts, answer } =
    turn.role === "assistant" ? splitThinking(turn.content) : { thoughts: "", answer: turn.content };
  const thought = turn.reasoning || thoughts;
  const calls = (turn.toolCalls ?? []).map(({ name, arguments: text }) => `Calls \`${name}\`:\n\n${fenced(text)}`);
  return [
    ...(thought ? [quoted(thought)] : []),
    ...(answer ? [answer] : []),
    ...calls,
    ...(turn.error ? [`(${turn.error})`] : []),
  ];
}

const quoted = (text: string): string => text.trim().replace(/^/gm, "> ");

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}json\n${text}\n${fence}`;
}

/**
 * Conversations of an exported file. Whatever is not as this page writes it is refused or left out.
 *
 * @throws Error that says what was expected
 */
export function fromJson(text: string): Conversation[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("This is not a JSON file.");
  }
  const { format, version, conversations } = record(data);
  if (format !== FORMAT || !Array.isArray(conversations)) throw new Error("This is not a file that was exported here.");
  if (version !== VERSION)
    throw new Error(`This file has version ${String(version)}; this page reads version ${VERSION}.`);
  return conversations.map((entry) => readConversation(record(entry)));
}

function readConversation(data: Record<string, unknown>): Conversation {
  const turns = Array.isArray(data.turns) ? data.turns.map((entry) => readTurn(record(entry))) : [];
  const known = new Set(turns.map(({ id }) => id));
  const chosen = Object.entries(record(data.chosen)).filter((entry): entry is [string, string] =>
    known.has(entry[1] as string),
  );
  return {
    id: string(data.id) || newId(),
    title: string(data.title) || "Imported chat",
    mode: data.mode === "completion" ? "completion" : "chat",
    createdAt: number(data.createdAt) ?? Date.now(),
    updatedAt: number(data.updatedAt) ?? Date.now(),
    settings: readSettings(data.settings),
    turns: turns.filter(({ parent }) => parent === null || known.has(parent)),
    chosen: Object.fromEntries(chosen),
  };
}

function readTurn(data: Record<string, unknown>): Turn {
  const role = data.role === "assistant" || data.role === "tool" ? data.role : "user";
  const figures = Object.entries(record(data.figures)).filter(([, value]) => number(value) !== undefined);
  return {
    id: string(data.id) || newId(),
    parent: typeof data.parent === "string" ? data.parent : null,
    role,
    content: string(data.content),
    ...optional("reasoning", string(data.reasoning)),
    ...optional("toolCallId", string(data.toolCallId)),
    ...optional("model", string(data.model)),
    ...optional("finishReason", string(data.finishReason)),
    ...optional("error", string(data.error)),
    ...(Array.isArray(data.toolCalls) ? { toolCalls: data.toolCalls.map((entry) => readToolCall(record(entry))) } : {}),
    ...(figures.length > 0 ? { figures: Object.fromEntries(figures) } : {}),
    createdAt: number(data.createdAt) ?? Date.now(),
  };
}

function readToolCall(data: Record<string, unknown>): ToolCall {
  return { id: string(data.id), name: string(data.name), arguments: string(data.arguments) };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const string = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
const optional = (name: string, value: string): object => (value === "" ? {} : { [name]: value });

/** Lets the browser save a text as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A file name from a title. */
export function fileName(title: string, ending: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
  return `${words.slice(0, 60) || "conversation"}.${ending}`;
}
