/** A block of code: its language, a button that copies it, and the code itself. */
import { copyText } from "./clipboard.js";
import { el, icon } from "./dom.js";
import { highlight } from "./highlight.js";
import { visibleCode } from "./visible-text.js";

/** @param language the word after the fence; may be empty */
export function codeBlock(code: string, language: string): HTMLElement {
  const name = language.slice(0, 40);
  const shown = visibleCode(code.replace(/\n$/, ""));
  const label = el("span", {}, "Copy");
  const copy = async () => {
    label.textContent = (await copyText(code)) ? "Copied" : "Not copied";
    setTimeout(() => (label.textContent = "Copy"), 1500);
  };
  return el(
    "figure",
    { class: "code-block" },
    el(
      "figcaption",
      {},
      el("span", { class: "code-language" }, name === "" ? "text" : name),
      el(
        "button",
        { type: "button", class: "small-button", "aria-label": "Copy code", onclick: () => void copy() },
        icon("copy"),
        label,
      ),
    ),
    el(
      "pre",
      { tabindex: 0, role: "region", "aria-label": name === "" ? "Code" : `Code, ${name}`, dir: "ltr" },
      el("code", {}, highlight(shown, name)),
    ),
  );
}
