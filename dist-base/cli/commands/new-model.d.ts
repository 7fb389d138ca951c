/** `quire new-model --from llama --name my-model`: writes a package to begin a model in. */
import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[]) => Promise<number>;
