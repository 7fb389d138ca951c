/** What the model said: thoughts folded, Markdown, tool calls, figures, and what can be done with it. */
import { copyText } from "./clipboard.js";
import type { Turn } from "./conversation.js";
import { el, icon, iconButton } from "./dom.js";
import { answerFigures } from "./figures.js";
import { MarkdownStream } from "./markdown-stream.js";
import type { Store } from "./store.js";
import { splitThinking } from "./thinking.js";
import { toolCallCards } from "./tool-calls.js";
import { versions } from "./turn-view.js";
import type { TurnView } from "./turn-view.js";
import { visibleText } from "./visible-text.js";

export class AnswerView implements TurnView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #turn: Turn;
  readonly #isPlain: boolean;
  readonly #thoughts = el("div", { class: "markdown" });
  readonly #thoughtsTitle = el("summary", {}, "Reasoning");
  readonly #thoughtsFold = el("details", { class: "thoughts" }, this.#thoughtsTitle, this.#thoughts);
  readonly #text: HTMLElement;
  readonly #calls = el("div", { class: "tool-calls" });
  readonly #waiting = el(
    "p",
    { class: "waiting" },
    el("span", { class: "dots", "aria-hidden": "true" }),
    "Waiting for the model",
  );
  readonly #error = el("div", { class: "turn-error" });
  readonly #tools = el("div", { class: "turn-tools" });
  #thoughtsStream: MarkdownStream | undefined;
  #textStream: MarkdownStream | undefined;
  #shownCalls = "";

  /** @param lead text that the answer goes on with, in completion mode; undefined: a chat */
  constructor(store: Store, turn: Turn, lead: string | undefined) {
    this.#store = store;
    this.#turn = turn;
    this.#isPlain = lead !== undefined;
    this.#text = el("div", {
      class: this.#isPlain ? "plain completion" : "markdown",
      dir: this.#isPlain ? "auto" : undefined,
    });
    this.element = el(
      "article",
      { class: "turn assistant", tabindex: -1, "aria-label": "Answer" },
      el("h2", { class: "visually-hidden" }, "Answer"),
      this.#thoughtsFold,
      this.#isPlain && el("span", { class: "plain lead", dir: "auto" }, visibleText(lead ?? "")),
      this.#text,
      this.#calls,
      this.#waiting,
      this.#error,
      this.#tools,
    );
  }

  update(): void {
    const turn = this.#turn;
    const isRunning = this.#store.isRunning(turn);
    this.element.setAttribute("aria-busy", String(isRunning));
    const { thoughts, answer } = this.#isPlain ? { thoughts: "", answer: turn.content } : splitThinking(turn.content);
    const thought = turn.reasoning || thoughts;
    this.#thoughtsFold.hidden = thought === "";
    this.#thoughtsTitle.textContent = isRunning && answer === "" ? "Reasoning …" : "Reasoning";
    this.#thoughtsStream = show(this.#thoughtsStream, this.#thoughts, thought, isRunning);
    if (this.#isPlain) this.#text.textContent = visibleText(answer);
    else this.#textStream = show(this.#textStream, this.#text, answer, isRunning);
    this.#waiting.hidden = !isRunning || thought !== "" || answer !== "" || (turn.toolCalls?.length ?? 0) > 0;
    this.#showCalls(isRunning);
    this.#showEnd(isRunning);
  }

  #showCalls(isRunning: boolean): void {
    const calls = this.#turn.toolCalls ?? [];
    const isAnswered = this.#store.current.turns.some(
      ({ parent, role }) => parent === this.#turn.id && role === "tool",
    );
    const key = JSON.stringify([calls, isRunning, isAnswered]);
    if (key === this.#shownCalls) return;
    this.#shownCalls = key;
    const give = (results: readonly string[]) => this.#store.giveToolResults(this.#turn, results);
    this.#calls.replaceChildren(...toolCallCards(calls, isRunning || isAnswered ? undefined : give));
  }

  /** The line under the answer; while it grows there is none. */
  #showEnd(isRunning: boolean): void {
    const turn = this.#turn;
    const store = this.#store;
    this.#error.hidden = isRunning || turn.error === undefined;
    this.#tools.hidden = isRunning;
    if (isRunning) return;
    const { isBusy } = store;
    if (turn.error !== undefined) this.#error.replaceChildren(...this.#errorParts(turn.error));
    const pages = versions(store, store.current, turn, "answer");
    const isEmpty = turn.content === "" && turn.reasoning === undefined && turn.toolCalls === undefined;
    const isUnfinished = turn.content !== "" && turn.toolCalls === undefined && turn.finishReason !== "stop";
    this.#tools.replaceChildren(
      ...(isEmpty ? [] : [iconButton("copy", "Copy answer", () => void copyText(splitThinking(turn.content).answer))]),
      iconButton("again", "Regenerate answer", () => store.regenerate(turn), { disabled: isBusy }),
      ...(isUnfinished || this.#isPlain
        ? [iconButton("continue", "Continue answer", () => store.continue(turn), { disabled: isBusy })]
        : []),
      ...(pages === undefined ? [] : [pages]),
      el("span", { class: "figures" }, answerFigures(turn).join(" · ")),
    );
  }

  #errorParts(message: string): HTMLElement[] {
    const store = this.#store;
    const parts: HTMLElement[] = [
      el("p", { class: "error-text" }, icon("warning"), el("span", {}, visibleText(message))),
    ];
    if (store.current.mode === "chat" && /no chat template|chat template is no longer/i.test(message)) {
      const change = () => {
        store.mode = "completion";
        store.setMode("completion");
        store.regenerate(this.#turn);
      };
      parts.push(
        el("p", {}, "A base model has no form for conversations. It can go on with a text that you begin."),
        el("button", { type: "button", class: "button", onclick: change }, "Go on with the text instead"),
      );
    }
    return parts;
  }
}

/** Shows text that may grow; at the end nothing is left waiting. */
function show(
  stream: MarkdownStream | undefined,
  element: HTMLElement,
  text: string,
  grows: boolean,
): MarkdownStream | undefined {
  if (stream === undefined && text === "") return undefined;
  const used = stream ?? new MarkdownStream(element);
  used.set(text);
  if (!grows) used.end();
  return used;
}
