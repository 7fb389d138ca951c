/** The reasoning parsers by vLLM's names; the one file of the room that lists them. Each is loaded when a server starts with it. */
import type { Lazily, ReasoningParserDefinition } from "../../request/output-parsers.js";

const thinkTags = () => import("./think-tags.js");

/** Names that stand for the same format share its parser. */
export const reasoningParsers: ReadonlyMap<string, Lazily<ReasoningParserDefinition>> = new Map(
  Object.entries({
    deepseek_r1: async () => (await thinkTags()).deepseekR1,
    qwen3: async () => (await thinkTags()).qwen3,
  }),
);
