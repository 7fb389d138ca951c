/** Keys of the chat page. The list in the dialog is made from the table that they work by. */
import { byId, el } from "./dom.js";

export interface Shortcut {
  /** As shown: "Alt+N". */
  readonly keys: string;
  readonly what: string;
  /** Undefined: handled where the focus is; here it is only listed. */
  readonly act?: () => void;
}

/** Listens for the table's keys, which are Alt and a letter or arrow, or "?" outside of text fields; fills the dialog. */
export function startShortcuts(shortcuts: readonly Shortcut[]): void {
  const byKeys = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]));
  byId("shortcut-list").replaceChildren(
    ...shortcuts.flatMap(({ keys, what }) => [
      el("dt", {}, ...keys.split("+").flatMap((key, i) => [i > 0 && "+", el("kbd", {}, key)])),
      el("dd", {}, what),
    ]),
  );
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") !== null) return;
    const shortcut = byKeys.get(keysOf(event));
    if (shortcut?.act === undefined) return;
    event.preventDefault();
    shortcut.act();
  });
}

function keysOf(event: KeyboardEvent): string {
  const { altKey, ctrlKey, metaKey, code, key, target } = event;
  if (ctrlKey || metaKey) return "";
  if (!altKey) {
    const isTyping = target instanceof HTMLElement && target.matches("input, textarea, select");
    return key === "Escape" ? "Escape" : key === "?" && !isTyping ? "?" : "";
  }
  // Where Alt and a letter type something else, as on a Mac, the key's place tells which it is.
  const arrow = { ArrowUp: "↑", ArrowDown: "↓" }[code];
  return `Alt+${arrow ?? code.replace(/^Key/, "")}`;
}
