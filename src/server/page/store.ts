/** The state of the chat page: conversations, the one that is open, answers under way. Views listen; nothing here touches the document. */
import { streamAnswer } from "./answer-stream.js";
import { addTurn, choose, newConversation, shownTurns } from "./conversation.js";
import type { Conversation, Turn } from "./conversation.js";
import type { Database } from "./database.js";
import { lastSettings, storeSettings } from "./local-settings.js";
import type { Settings } from "./settings.js";

/** What changed: the list of conversations, which is open or its shown turns, one growing answer, an answer's end, storage that failed. */
export type Change =
  | { readonly kind: "list" }
  | { readonly kind: "conversation" }
  | { readonly kind: "turn"; readonly turn: Turn }
  | { readonly kind: "begin"; readonly turn: Turn }
  | { readonly kind: "end"; readonly turn: Turn }
  | { readonly kind: "problem"; readonly message: string };

/** Milliseconds between two savings of a growing answer. */
const SAVE_EVERY_MS = 2000;

export class Store {
  readonly #database: Database;
  readonly #listeners: ((change: Change) => void)[] = [];
  /** Answers under way, by the turn's id. */
  readonly #running = new Map<string, { conversation: Conversation; abort: AbortController }>();
  readonly #removed = new Set<string>();
  /** Newest first. */
  conversations: Conversation[] = [];
  /** The one that is shown; kept once something was said. */
  current: Conversation;
  /** Mode of new conversations: "completion" for models without a chat template. */
  mode: Conversation["mode"] = "chat";

  constructor(database: Database) {
    this.#database = database;
    this.current = newConversation(lastSettings(), this.mode);
  }

  /** Calls back after every change, until the page is left. */
  listen(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the conversations that are kept. */
  async load(): Promise<void> {
    const all = await this.#database.all();
    // Those with an answer under way here are newer than what is stored.
    const mine = new Map([...this.#running.values()].map(({ conversation }) => [conversation.id, conversation]));
    this.conversations = all.map((entry) => mine.get(entry.id) ?? entry).sort((a, b) => b.updatedAt - a.updatedAt);
    const same = this.conversations.find(({ id }) => id === this.current.id);
    if (same !== undefined) this.current = same;
    this.#tell({ kind: "list" });
    this.#tell({ kind: "conversation" });
  }

  /** Opens a conversation; without an id, or with one that is not there, a new one. */
  open(id?: string): void {
    this.current =
      this.conversations.find((conversation) => conversation.id === id) ?? newConversation(lastSettings(), this.mode);
    this.#tell({ kind: "conversation" });
    this.#tell({ kind: "list" });
  }

  /** Whether the answer is under way. */
  isRunning(turn: Turn): boolean {
    return this.#running.has(turn.id);
  }

  /** Whether the open conversation has an answer under way. */
  get isBusy(): boolean {
    return [...this.#running.values()].some(({ conversation }) => conversation === this.current);
  }

  /** Says something, and lets the model answer. */
  send(content: string): void {
    const parent = shownTurns(this.current).at(-1)?.id ?? null;
    this.#answer(addTurn(this.current, { parent, role: "user", content }));
  }

  /** Says something else in place of a turn; what followed is kept beside it. */
  edit(turn: Turn, content: string): void {
    this.#answer(addTurn(this.current, { parent: turn.parent, role: "user", content }));
  }

  /** Another answer in place of one. */
  regenerate(turn: Turn): void {
    const before = this.current.turns.find(({ id }) => id === turn.parent);
    if (before !== undefined) this.#answer(before);
  }

  /** Goes on with an answer that was cut off. */
  continue(turn: Turn): void {
    void this.#run(this.current, turn);
  }

  /** Gives results of an answer's tool calls, by the call's place, and lets the model go on. */
  giveToolResults(turn: Turn, results: readonly string[]): void {
    let last = turn;
    for (const [i, call] of (turn.toolCalls ?? []).entries()) {
      const result = { parent: last.id, role: "tool" as const, content: results[i] ?? "", toolCallId: call.id };
      last = addTurn(this.current, result);
    }
    this.#answer(last);
  }

  /** Ends the answers of the open conversation; what they have is kept. */
  stop(): void {
    for (const { conversation, abort } of this.#running.values()) if (conversation === this.current) abort.abort();
  }

  /** Shows this turn instead of its siblings. */
  choose(turn: Turn): void {
    choose(this.current, turn);
    this.#tell({ kind: "conversation" });
    void this.#save(this.current);
  }

  /** Settings of the open conversation, and of new ones. */
  setSettings(settings: Settings): void {
    this.current.settings = settings;
    storeSettings(settings);
    if (this.current.turns.length > 0) void this.#save(this.current);
  }

  setMode(mode: Conversation["mode"]): void {
    this.current.mode = mode;
    this.#tell({ kind: "conversation" });
    if (this.current.turns.length > 0) void this.#save(this.current);
  }

  rename(conversation: Conversation, title: string): void {
    conversation.title = title.trim() || conversation.title;
    void this.#save(conversation);
    this.#tell({ kind: "list" });
  }

  /** Gone from the list when it is gone from storage. */
  async remove(conversation: Conversation): Promise<void> {
    for (const running of this.#running.values()) if (running.conversation === conversation) running.abort.abort();
    this.#removed.add(conversation.id);
    if (!(await this.#try(this.#database.remove(conversation.id)))) return;
    this.conversations = this.conversations.filter(({ id }) => id !== conversation.id);
    if (this.current.id === conversation.id) this.open();
    this.#tell({ kind: "list" });
  }

  /** Adds conversations that were exported; one that is there already is replaced. */
  async import(conversations: readonly Conversation[]): Promise<void> {
    for (const conversation of conversations) {
      this.#removed.delete(conversation.id);
      await this.#try(this.#database.put(conversation));
    }
    await this.load();
  }

  #answer(after: Turn): void {
    const turn = addTurn(this.current, { parent: after.id, role: "assistant", content: "" });
    void this.#run(this.current, turn);
  }

  async #run(conversation: Conversation, turn: Turn): Promise<void> {
    const abort = new AbortController();
    this.#running.set(turn.id, { conversation, abort });
    this.conversations = [conversation, ...this.conversations.filter((entry) => entry !== conversation)];
    this.#tell({ kind: "conversation" });
    this.#tell({ kind: "list" });
    this.#tell({ kind: "begin", turn });
    void this.#save(conversation);
    const timer = setInterval(() => void this.#save(conversation), SAVE_EVERY_MS);
    try {
      await streamAnswer(conversation, turn, abort.signal, () => this.#tell({ kind: "turn", turn }));
    } finally {
      clearInterval(timer);
      this.#running.delete(turn.id);
    }
    conversation.updatedAt = Date.now();
    this.#tell({ kind: "end", turn });
    this.#tell({ kind: "list" });
    await this.#save(conversation);
  }

  async #save(conversation: Conversation): Promise<void> {
    // An answer that was under way ends after its conversation was removed.
    if (this.#removed.has(conversation.id)) return;
    await this.#try(this.#database.put(conversation));
  }

  /** Whether it was done; if not, that is told. */
  async #try(work: Promise<void>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      this.#tell({
        kind: "problem",
        message: `The browser did not store this: ${(error as Error)?.message ?? "no reason given"}`,
      });
      return false;
    }
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
