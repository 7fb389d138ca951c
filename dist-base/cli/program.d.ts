/** The command line's grammar: commands, help, and errors of usage. Only the command at hand is loaded. */
import { Command } from "commander";
/** A command's module adds its arguments and flags, and gives back what runs after parsing. */
export interface CommandModule {
    define(command: Command): (args: readonly string[], version: string) => Promise<number>;
}
/** The module of a command that only has commands of its own, as `quire bench` has. */
export interface CommandGroup {
    readonly commands: CommandTable;
}
/** Commands by name. */
export type CommandTable = Readonly<Record<string, readonly [description: string, load: () => Promise<CommandModule | CommandGroup>]>>;
/**
 * Parses and runs.
 *
 * @returns the exit code
 * @throws UsageError for a wrong command line; whatever the command throws
 */
export declare function run(argv: readonly string[], version: string): Promise<number>;
