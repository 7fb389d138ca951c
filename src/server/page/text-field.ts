/** Text fields that grow with their text, and the key that sends it. */

/** Makes a field as high as its text; the style sheet bounds it. */
export function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

/** Enter sends, Shift+Enter is a line; while an input method composes, Enter is its own. */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}
