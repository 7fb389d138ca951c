/** A conversation: turns in a tree, so that an edit or another answer keeps what was there. Plain data, as it is stored and exported. */
import type { Settings } from "./settings.js";

export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as the model wrote it. */
  arguments: string;
}

/** Measured by this page, with the server's token counts. */
export interface AnswerFigures {
  promptTokens?: number;
  completionTokens?: number;
  /** Prompt tokens that came from the prefix cache, where the server tells. */
  cachedTokens?: number;
  /** Milliseconds from sending to the first text. */
  firstTokenMs?: number;
  /** Milliseconds from the first text to the end. */
  decodeMs?: number;
}

export interface Turn {
  readonly id: string;
  /** The turn that this one follows; null: the first. */
  readonly parent: string | null;
  readonly role: "user" | "assistant" | "tool";
  /** Text as typed or as the model wrote it. */
  content: string;
  /** What the model thought before it answered. */
  reasoning?: string;
  toolCalls?: ToolCall[];
  /** Of a tool's result: the call that it answers. */
  toolCallId?: string;
  model?: string;
  /** Of an answer that ended: the server's reason, or "stopped" by the user. */
  finishReason?: string;
  /** Why an answer failed. */
  error?: string;
  figures?: AnswerFigures;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface Conversation {
  readonly id: string;
  title: string;
  /** "completion": the model goes on with the text itself, without a chat template. */
  mode: "chat" | "completion";
  readonly createdAt: number;
  updatedAt: number;
  settings: Settings;
  turns: Turn[];
  /** Of the turns that follow the same turn, the one that is shown, by the parent's id ("" for the first). */
  chosen: Record<string, string>;
}

const MAX_TITLE_LENGTH = 60;

export function newConversation(settings: Settings, mode: Conversation["mode"]): Conversation {
  const now = Date.now();
  return {
    id: newId(),
    title: "New chat",
    mode,
    createdAt: now,
    updatedAt: now,
    settings: structuredClone(settings),
    turns: [],
    chosen: {},
  };
}

/** Unique enough for one browser; `crypto.randomUUID` is missing on plain http. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Adds a turn and shows it. The first words of the first one become the title. */
export function addTurn(conversation: Conversation, turn: Omit<Turn, "id" | "createdAt">): Turn {
  const added: Turn = { ...turn, id: newId(), createdAt: Date.now() };
  conversation.turns.push(added);
  choose(conversation, added);
  if (conversation.title === "New chat" && turn.role === "user") conversation.title = titleOf(turn.content);
  conversation.updatedAt = Date.now();
  return added;
}

/** The turns that follow the same turn as this one, itself included, oldest first. */
export function siblings(conversation: Conversation, turn: Turn): Turn[] {
  return conversation.turns.filter(({ parent, role }) => parent === turn.parent && role === turn.role);
}

/** Shows this turn instead of its siblings. */
export function choose(conversation: Conversation, turn: Turn): void {
  conversation.chosen[turn.parent ?? ""] = turn.id;
}

/** The turns that are shown, from the first to the last. */
export function shownTurns(conversation: Conversation): Turn[] {
  const children = new Map<string, Turn[]>();
  for (const turn of conversation.turns) {
    const key = turn.parent ?? "";
    const list = children.get(key);
    if (list === undefined) children.set(key, [turn]);
    else list.push(turn);
  }
  const shown: Turn[] = [];
  for (let key = ""; ;) {
    const list = children.get(key) ?? [];
    const next = list.find(({ id }) => id === conversation.chosen[key]) ?? list.at(-1);
    // Imported data may have a circle.
    if (next === undefined || shown.includes(next)) return shown;
    shown.push(next);
    key = next.id;
  }
}

/** The turns before this one, as they are shown with it. */
export function turnsBefore(conversation: Conversation, turn: Turn): Turn[] {
  const byId = new Map(conversation.turns.map((entry) => [entry.id, entry]));
  const before: Turn[] = [];
  for (let parent = turn.parent; parent !== null;) {
    const entry = byId.get(parent);
    if (entry === undefined || before.includes(entry)) break;
    before.unshift(entry);
    parent = entry.parent;
  }
  return before;
}

function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length <= MAX_TITLE_LENGTH ? line || "New chat" : `${line.slice(0, MAX_TITLE_LENGTH - 1)}…`;
}
