import { n as loadTokenizer } from "./load-tokenizer-D74PQ0gy.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { stat } from "node:fs/promises";
// src/tools/bench/open-tokenizer.ts
/** A tokenizer for a client that has no model. */
/** @throws ConfigError if there is no such folder; CheckpointError if it holds no tokenizer */
async function openTokenizer(folder) {
	if ((await stat(folder).catch(() => void 0))?.isDirectory() !== true) throw new ConfigError(`--tokenizer ${folder}: expected a folder with a tokenizer.json; there is none`);
	return loadTokenizer(folder);
}
export { openTokenizer };
