import type { EngineOptions } from "./encode-engine.js";
import type { Tokenizer } from "./tokenizer.js";
type Metadata = Pick<ReadonlyMap<string, unknown>, "get">;
/**
 * The tokenizer of a GGUF file.
 * @param metadata  the file's key-value pairs under their full names
 * @throws CheckpointError if it is missing, damaged, or of a kind or `pre` that is not known
 */
export declare function tokenizerFromGguf(metadata: Metadata, options?: EngineOptions): Promise<Tokenizer>;
export {};
