/** `quire inspect MODEL`: what a model is made of and what it needs, to standard output. */
import type { Command } from "commander";
export declare function define(command: Command): (args: readonly string[]) => Promise<number>;
