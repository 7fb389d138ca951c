/** Characters that would change how other text looks, or not show at all, made visible. */

/** Overrides of the writing direction: they let text read other than it is. Marks, embeddings and isolates stay in prose, for right-to-left languages. */
const OVERRIDES = /[\u202d\u202e]/g;
const ALL_DIRECTION_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** All C0 and C1 controls but tab and line feed; carriage returns go with the line feed. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Prose: control characters as their symbols, overrides as "[U+202E]". */
export function visibleText(text: string): string {
  return text.replace(CONTROLS, symbol).replace(OVERRIDES, codePoint);
}

/** Code: every character that directs the writing shows, because it can make code read other than it runs. */
export function visibleCode(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(CONTROLS, symbol).replace(ALL_DIRECTION_CONTROLS, codePoint);
}

/** U+2400 to U+2421 are pictures of U+0000 to U+0020 and delete. */
function symbol(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return "\u2421";
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : codePoint(control);
}

function codePoint(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;
}
