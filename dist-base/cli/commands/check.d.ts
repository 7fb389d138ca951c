import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[]) => Promise<number>;
