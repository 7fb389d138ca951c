/** `quire download MODEL`: fetches a model into the cache and prints its path. */
import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[]) => Promise<number>;
