/** The forms in which `LLM` takes prompts. */
import { RequestError } from "../util/errors.js";
import type { EnginePrompt } from "./input-processor.js";

/** Text, token ids, or an object that says which. Special tokens are put around text, never around token ids. */
export type PromptInput =
  string | readonly number[] | { readonly prompt: string } | { readonly promptTokenIds: readonly number[] };

/** Several prompts. An empty list is a batch of none. */
export type PromptBatch = readonly (string | readonly number[] | Exclude<PromptInput, string | readonly number[]>)[];

/** Whether the value is a list of prompts rather than one prompt: a list of numbers is one. */
export function isBatch(prompts: PromptInput | PromptBatch): prompts is PromptBatch {
  return Array.isArray(prompts) && typeof prompts[0] !== "number";
}

/** @throws RequestError if the value is no prompt */
export function enginePrompt(input: PromptInput): EnginePrompt {
  if (typeof input === "string") return { text: input };
  if (Array.isArray(input)) return { tokenIds: input as readonly number[] };
  if (typeof input !== "object" || input === null) throw refused(input === null ? "null" : typeof input);
  const { prompt, promptTokenIds } = input as { readonly prompt?: string; readonly promptTokenIds?: readonly number[] };
  if (prompt === undefined && promptTokenIds === undefined) {
    const keys = ArrayBuffer.isView(input) ? [] : Object.keys(input).slice(0, 5);
    throw refused(keys.length > 0 ? `an object with ${keys.join(", ")}` : `an object (${input.constructor?.name})`);
  }
  return { text: prompt, tokenIds: promptTokenIds };
}

function refused(got: string): RequestError {
  const forms = "text, a list of token ids, { prompt } or { promptTokenIds }";
  return new RequestError(`prompt must be ${forms}; got ${got}`, { param: "prompt" });
}
