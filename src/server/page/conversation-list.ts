/** The list of conversations at the side: search, open, rename, export, delete; import of files. */
import { announce } from "./announcer.js";
import { confirmed, named } from "./ask.js";
import type { Conversation } from "./conversation.js";
import { fileName, fromJson, saveFile, toJson, toMarkdown } from "./conversation-files.js";
import { byId, el, iconButton } from "./dom.js";
import type { Store } from "./store.js";
import { visibleText } from "./visible-text.js";

const MAX_IMPORT_BYTES = 200 * 1024 * 1024;

export class ConversationList {
  readonly #store: Store;
  readonly #list = byId("conversation-list");
  readonly #search = byId<HTMLInputElement>("search-field");
  readonly #opened: () => void;

  /** @param opened called when a conversation was chosen */
  constructor(store: Store, opened: () => void) {
    this.#store = store;
    this.#opened = opened;
    this.#search.addEventListener("input", () => this.#show());
    byId("export-all").addEventListener("click", () => {
      saveFile("quire-conversations.json", "application/json", toJson(store.conversations));
    });
    const file = byId<HTMLInputElement>("import-file");
    byId("import-button").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      if (chosen !== undefined) void this.#import(chosen);
      file.value = "";
    });
    store.listen(({ kind }) => kind === "list" && this.#show());
    this.#show();
  }

  #show(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const focused = (document.activeElement as HTMLElement | null)?.dataset.conversation;
    const found = this.#store.conversations.filter((conversation) => wanted === "" || mentions(conversation, wanted));
    this.#list.replaceChildren(...found.map((conversation) => this.#entry(conversation)));
    byId("no-conversations").hidden = found.length > 0;
    byId("no-conversations").textContent = wanted === "" ? "Nothing said yet" : "Nothing found";
    if (focused !== undefined)
      this.#list.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
  }

  #entry(conversation: Conversation): HTMLElement {
    const { id, title } = conversation;
    const shown = visibleText(title);
    const isCurrent = conversation === this.#store.current;
    const open = () => {
      this.#store.open(id);
      this.#opened();
    };
    const items = el(
      "div",
      { class: "menu-items", hidden: true },
      this.#action("edit", "Rename", () => void this.#rename(conversation)),
      this.#action("export", "Export as Markdown", () =>
        saveFile(fileName(title, "md"), "text/markdown", toMarkdown(conversation)),
      ),
      this.#action("export", "Export as JSON", () =>
        saveFile(fileName(title, "json"), "application/json", toJson([conversation])),
      ),
      this.#action("delete", "Delete", () => void this.#remove(conversation)),
    );
    const more = iconButton("more", `More about “${shown}”`, () => setOpen(items.hidden !== false), {
      "aria-expanded": "false",
    });
    const setOpen = (isOpen: boolean) => {
      items.hidden = !isOpen;
      more.setAttribute("aria-expanded", String(isOpen));
    };
    const entry = el(
      "li",
      { class: isCurrent ? "conversation current" : "conversation" },
      el(
        "button",
        {
          type: "button",
          class: "conversation-open",
          "data-conversation": id,
          "aria-current": isCurrent ? "page" : undefined,
          onclick: open,
        },
        el("span", { dir: "auto" }, shown),
      ),
      more,
      items,
    );
    closeWithoutFocus(entry, more, setOpen);
    return entry;
  }

  #action(name: string, label: string, act: () => void): HTMLElement {
    const button = iconButton(name, label, () => {
      button.closest("li")?.querySelector<HTMLElement>("[aria-expanded=true]")?.click();
      act();
    });
    button.classList.add("menu-item");
    button.append(label);
    return button;
  }

  async #rename(conversation: Conversation): Promise<void> {
    const title = await named("Rename conversation", "Title", conversation.title);
    if (title !== undefined) this.#store.rename(conversation, title);
  }

  async #remove(conversation: Conversation): Promise<void> {
    const isSure = await confirmed(`Delete “${visibleText(conversation.title)}”?`, "It is gone for good.", "Delete");
    if (isSure) await this.#store.remove(conversation);
  }

  async #import(file: File): Promise<void> {
    try {
      if (file.size > MAX_IMPORT_BYTES) throw new Error("This file is too large.");
      const conversations = fromJson(await file.text());
      await this.#store.import(conversations);
      announce(`${conversations.length} conversations were imported`);
    } catch (error) {
      await confirmed("Nothing was imported", (error as Error).message, undefined);
    }
  }
}

function mentions(conversation: Conversation, wanted: string): boolean {
  if (conversation.title.toLowerCase().includes(wanted)) return true;
  return conversation.turns.some(({ content }) => content.toLowerCase().includes(wanted));
}

/** Closes a menu when the focus leaves its entry, or by Escape. */
function closeWithoutFocus(entry: HTMLElement, button: HTMLElement, setOpen: (isOpen: boolean) => void): void {
  entry.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !entry.contains(event.relatedTarget)) setOpen(false);
  });
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    event.stopPropagation();
    setOpen(false);
    button.focus();
  });
}
