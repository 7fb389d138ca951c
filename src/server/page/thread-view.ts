/** The open conversation, turn by turn, with the view kept at the end while an answer grows. */
import { AnswerView } from "./answer-view.js";
import type { Turn } from "./conversation.js";
import { shownTurns, turnsBefore } from "./conversation.js";
import { byId } from "./dom.js";
import type { Store } from "./store.js";
import type { TurnView } from "./turn-view.js";
import { UserView } from "./user-view.js";

/** Pixels from the end within which the view follows what comes. */
const NEAR = 90;

export class ThreadView {
  readonly #store: Store;
  readonly #scroller = byId("scroller");
  readonly #thread = byId("thread");
  readonly #jump = byId("jump");
  readonly #empty = byId("empty");
  /** By the turn itself: what is read again from storage are other objects. */
  #views = new Map<Turn, TurnView>();
  #shown: { id: string; mode: string } = { id: "", mode: "" };
  #follows = true;

  constructor(store: Store) {
    this.#store = store;
    this.#scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    this.#jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#follow()).observe(this.#thread);
    store.listen((change) => {
      if (change.kind === "conversation") this.#show();
      else if (change.kind === "turn") this.#views.get(change.turn)?.update();
      else if (change.kind === "begin") this.toEnd();
      else if (change.kind === "end") for (const view of this.#views.values()) view.update();
    });
    this.#show();
  }

  /** Scrolls to the end, and follows from now on. */
  toEnd(): void {
    this.#follows = true;
    this.#follow();
  }

  /** Puts the focus on the turn before or after the one that has it. */
  moveFocus(step: -1 | 1): void {
    const turns = [...this.#thread.children] as HTMLElement[];
    const at = turns.findIndex((turn) => turn.contains(document.activeElement));
    const next = turns[at < 0 ? (step < 0 ? turns.length - 1 : 0) : Math.max(0, Math.min(turns.length - 1, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  #show(): void {
    const { current } = this.#store;
    if (this.#shown.id !== current.id || this.#shown.mode !== current.mode) this.#views.clear();
    const isOther = this.#shown.id !== current.id;
    this.#shown = { id: current.id, mode: current.mode };
    const turns = shownTurns(current).filter((turn) => current.mode === "chat" || turn.role === "assistant");
    const old = this.#views;
    this.#views = new Map(turns.map((turn) => [turn, old.get(turn) ?? this.#viewOf(turn)]));
    let place = this.#thread.firstChild;
    for (const view of this.#views.values()) {
      view.update();
      if (view.element === place) place = place.nextSibling;
      else this.#thread.insertBefore(view.element, place);
    }
    while (place !== null) {
      const next: ChildNode | null = place.nextSibling;
      place.remove();
      place = next;
    }
    this.#empty.hidden = turns.length > 0;
    if (isOther) this.toEnd();
  }

  #viewOf(turn: Turn): TurnView {
    const { current } = this.#store;
    if (turn.role !== "assistant") return new UserView(this.#store, turn);
    const lead = current.mode === "completion" ? (turnsBefore(current, turn).at(-1)?.content ?? "") : undefined;
    return new AnswerView(this.#store, turn, lead);
  }

  #noteScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#follows = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#jump.hidden = this.#follows;
  }

  #follow(): void {
    if (this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else this.#noteScroll();
  }
}
