/** Flags of `generate` and `chat` that choose tokens. Ranges are checked where all requests' are. */
import type { Command } from "commander";
import type { LLM } from "../engine/llm.js";
/** What `LLM.stream` takes. */
export type SamplingInput = NonNullable<Parameters<LLM["stream"]>[1]>;
/** Adds the flags; the result reads what was given. `defaultMaxTokens`: null is as long as the model allows. */
export declare function addSamplingFlags(command: Command, defaultMaxTokens: number | null): () => SamplingInput;
