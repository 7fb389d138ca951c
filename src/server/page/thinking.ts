/** Thoughts inside an answer's text, where the server runs without a reasoning parser. */

const OPEN = "<think>";
const CLOSE = "</think>";

/**
 * Parts an answer at `<think>` and `</think>`. Some templates open the thoughts themselves, so the text may have the closing tag
 * alone.
 */
export function splitThinking(text: string): { thoughts: string; answer: string } {
  const start = text.trimStart();
  const opens = start.startsWith(OPEN);
  const end = text.indexOf(CLOSE);
  if (!opens && (end < 0 || text.slice(0, end).includes("`"))) return { thoughts: "", answer: text };
  const from = opens ? text.indexOf(OPEN) + OPEN.length : 0;
  if (end < 0) return { thoughts: text.slice(from).trim(), answer: "" };
  return { thoughts: text.slice(from, end).trim(), answer: text.slice(end + CLOSE.length).trimStart() };
}
