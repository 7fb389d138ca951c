/** Short questions in a dialog. */
import { el } from "./dom.js";

/**
 * Tells something, and asks whether to do it.
 *
 * @param action name of the button that agrees; undefined: there is nothing to agree to
 * @returns whether that button was pressed
 */
export async function confirmed(title: string, text: string, action: string | undefined): Promise<boolean> {
  const answer = await ask(title, [el("p", {}, text)], action);
  return answer === "yes";
}

/** Asks for a name. @returns it, or undefined if it was not given */
export async function named(title: string, label: string, value: string): Promise<string | undefined> {
  const field = el("input", { type: "text", dir: "auto", value, maxlength: 200 });
  const answer = await ask(title, [el("label", { class: "field" }, el("span", {}, label), field)], "Rename");
  return answer === "yes" ? field.value : undefined;
}

function ask(title: string, content: readonly HTMLElement[], action: string | undefined): Promise<string> {
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-label": title },
    el(
      "form",
      { method: "dialog" },
      el("h2", {}, title),
      ...content,
      el(
        "div",
        { class: "dialog-buttons" },
        el(
          "button",
          { class: "button", type: "submit", value: "no", formnovalidate: true },
          action === undefined ? "Close" : "Cancel",
        ),
        action !== undefined && el("button", { class: "button primary", type: "submit", value: "yes" }, action),
      ),
    ),
  );
  // Enter in a field presses the first button; here it means yes.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || event.isComposing) return;
    event.preventDefault();
    dialog.close("yes");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
