/** The field that messages are typed in, and the button that sends or stops. */
import { byId, icon } from "./dom.js";
import type { Store } from "./store.js";
import { fitHeight, isSendKey } from "./text-field.js";

export class Composer {
  readonly #store: Store;
  readonly #field = byId<HTMLTextAreaElement>("message-field");
  readonly #button = byId<HTMLButtonElement>("send-button");
  /** What was typed but not sent, by conversation. */
  readonly #drafts = new Map<string, string>();
  #conversation = "";

  constructor(store: Store) {
    this.#store = store;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#press();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return;
      event.preventDefault();
      if (!store.isBusy) this.#press();
    });
    this.#field.addEventListener("input", () => {
      fitHeight(this.#field);
      this.#show();
    });
    store.listen(({ kind }) => kind !== "turn" && this.#show());
    this.#show();
    fitHeight(this.#field);
  }

  focus(): void {
    this.#field.focus();
  }

  /** Puts a text into the field, for the user to send. */
  suggest(text: string): void {
    this.#field.value = text;
    fitHeight(this.#field);
    this.#show();
    this.focus();
  }

  #press(): void {
    if (this.#store.isBusy) {
      this.#store.stop();
      this.focus();
      return;
    }
    const text = this.#field.value;
    if (text.trim() === "") return;
    this.#field.value = "";
    fitHeight(this.#field);
    this.#store.send(text);
  }

  #show(): void {
    const { current, isBusy } = this.#store;
    if (current.id !== this.#conversation) this.#changeDraft(current.id);
    const isCompletion = current.mode === "completion";
    const hint = isCompletion ? "Begin a text" : "Write a message";
    this.#field.placeholder = hint;
    this.#field.setAttribute("aria-label", hint);
    const label = isBusy ? "Stop" : "Send";
    this.#button.disabled = !isBusy && this.#field.value.trim() === "";
    if (this.#button.getAttribute("aria-label") === label) return;
    this.#button.setAttribute("aria-label", label);
    this.#button.title = isBusy ? "Stop (Escape)" : "Send (Enter)";
    this.#button.replaceChildren(icon(isBusy ? "stop" : "send"));
  }

  #changeDraft(to: string): void {
    this.#drafts.set(this.#conversation, this.#field.value);
    this.#field.value = this.#drafts.get(to) ?? "";
    this.#conversation = to;
    fitHeight(this.#field);
  }
}
