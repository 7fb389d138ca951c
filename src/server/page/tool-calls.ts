/** Calls of functions that the model asks for, and a place to give their results. */
import { codeBlock } from "./code-block.js";
import type { ToolCall } from "./conversation.js";
import { el } from "./dom.js";
import { visibleText } from "./visible-text.js";

/** @param give takes the results, one per call; undefined: they cannot be given (any more) */
export function toolCallCards(
  calls: readonly ToolCall[],
  give: ((results: readonly string[]) => void) | undefined,
): HTMLElement[] {
  if (calls.length === 0) return [];
  const fields: HTMLTextAreaElement[] = [];
  const cards = calls.map((call, i) => {
    const card = el(
      "section",
      { class: "tool-call", "aria-label": `Tool call ${i + 1}` },
      el("h3", { class: "tool-call-name" }, "Calls ", el("code", {}, visibleText(call.name) || "…")),
      codeBlock(indented(call.arguments), "json"),
    );
    if (give !== undefined) {
      const field = el("textarea", { class: "edit-field", rows: 2, dir: "auto" });
      fields.push(field);
      card.append(el("label", { class: "field" }, el("span", {}, "Result"), field));
    }
    return card;
  });
  if (give === undefined) return cards;
  const send = () => give(fields.map(({ value }) => value));
  return [...cards, el("button", { type: "button", class: "button", onclick: send }, "Send results")];
}

/** JSON on several lines; what is no JSON as it came. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
