import type { Tokenizer } from "../../tokenizer/tokenizer.js";
/** @throws ConfigError if there is no such folder; CheckpointError if it holds no tokenizer */
export declare function openTokenizer(folder: string): Promise<Tokenizer>;
