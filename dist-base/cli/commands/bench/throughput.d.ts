/** `quire bench throughput MODEL`: how much work a second when all of it is there at once. */
import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[], version: string) => Promise<number>;
