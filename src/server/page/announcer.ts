/** Tells screen readers what happens: a beginning and an end with the answer's words, never each token. */
import { byId } from "./dom.js";
import type { Store } from "./store.js";
import { splitThinking } from "./thinking.js";

/** Answers up to this many characters are read out; of longer ones the beginning. */
const READ_OUT = 600;

export function announceAnswers(store: Store): void {
  store.listen((change) => {
    if (change.kind === "begin") announce("The model answers");
    else if (change.kind === "end") announce(endOf(change.turn));
    else if (change.kind === "problem") announce(change.message);
  });
}

/** Has a text read out when the reader is done with what it reads. */
export function announce(text: string): void {
  byId("announcer").textContent = text;
}

function endOf(turn: {
  content: string;
  error?: string;
  finishReason?: string;
  toolCalls?: readonly unknown[];
}): string {
  if (turn.error !== undefined) return `The answer failed: ${turn.error}`;
  const { answer } = splitThinking(turn.content);
  const calls = turn.toolCalls === undefined ? "" : ` The model asks for ${turn.toolCalls.length} tool calls.`;
  const began = turn.finishReason === "stopped" ? "Stopped. " : "";
  if (answer.length <= READ_OUT) return `${began}${answer}${calls}`;
  const cut = answer.slice(0, READ_OUT);
  return `${began}${cut} … The answer is complete, ${answer.split(/\s+/).length} words.${calls}`;
}
