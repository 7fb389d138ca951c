/** What the user said: shown, copied, edited. */
import { copyText } from "./clipboard.js";
import type { Turn } from "./conversation.js";
import { el, iconButton } from "./dom.js";
import type { Store } from "./store.js";
import { fitHeight, isSendKey } from "./text-field.js";
import { versions } from "./turn-view.js";
import type { TurnView } from "./turn-view.js";
import { visibleText } from "./visible-text.js";

export class UserView implements TurnView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #turn: Turn;
  readonly #body = el("div", { class: "turn-body" });
  readonly #tools = el("div", { class: "turn-tools" });
  #isEdited = false;

  constructor(store: Store, turn: Turn) {
    this.#store = store;
    this.#turn = turn;
    const name = turn.role === "tool" ? "Tool result" : "You";
    this.element = el(
      "article",
      { class: `turn ${turn.role}`, tabindex: -1, "aria-label": name },
      el("h2", { class: turn.role === "tool" ? "turn-name" : "visually-hidden" }, name),
      this.#body,
      this.#tools,
    );
    this.#body.append(el("p", { class: "plain", dir: "auto" }, visibleText(turn.content)));
  }

  update(): void {
    if (this.#isEdited) return;
    const store = this.#store;
    const pages = versions(store, store.current, this.#turn, "message");
    const isBusy = store.isBusy;
    this.#tools.replaceChildren(
      iconButton("copy", "Copy message", () => void copyText(this.#turn.content)),
      ...(this.#turn.role === "user"
        ? [iconButton("edit", "Edit message", () => this.#edit(), { disabled: isBusy })]
        : []),
      ...(pages === undefined ? [] : [pages]),
    );
  }

  #edit(): void {
    this.#isEdited = true;
    const field = el("textarea", { class: "edit-field", rows: 2, "aria-label": "Edit message", dir: "auto" });
    field.value = this.#turn.content;
    const done = () => {
      this.#isEdited = false;
      form.remove();
      this.#body.hidden = false;
      this.#tools.hidden = false;
      this.update();
    };
    const cancel = () => {
      done();
      this.#tools.querySelector<HTMLElement>("[aria-label='Edit message']")?.focus();
    };
    const send = () => {
      const text = field.value;
      if (text.trim() === "" || this.#store.isBusy) return;
      done();
      this.#store.edit(this.#turn, text);
    };
    const form = el(
      "form",
      {
        class: "edit-form",
        onsubmit: (event: Event) => {
          event.preventDefault();
          send();
        },
        onkeydown: (event: KeyboardEvent) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            cancel();
          } else if (isSendKey(event)) {
            event.preventDefault();
            send();
          }
        },
      },
      field,
      el(
        "div",
        { class: "edit-buttons" },
        el("button", { type: "button", class: "button", onclick: cancel }, "Cancel"),
        el("button", { type: "submit", class: "button primary" }, "Send"),
      ),
    );
    this.#body.hidden = true;
    this.#tools.hidden = true;
    this.element.append(form);
    field.addEventListener("input", () => fitHeight(field));
    fitHeight(field);
    field.focus();
  }
}
