/** `quire bench startup MODEL`: how long a fresh process takes to its first token. */
import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[], version: string) => Promise<number>;
