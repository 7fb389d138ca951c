/** A command's full name: the words that call it. */
import type { Command } from "commander";
/** ["quire", "bench", "latency"] */
export declare function commandPath(command: Command): string[];
