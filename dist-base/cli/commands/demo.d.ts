import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[], version: string) => Promise<number>;
