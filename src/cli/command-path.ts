/** A command's full name: the words that call it. */
import type { Command } from "commander";

/** ["quire", "bench", "latency"] */
export function commandPath(command: Command): string[] {
  return command.parent === null ? [command.name()] : [...commandPath(command.parent), command.name()];
}
