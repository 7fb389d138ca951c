/** The command line is wrong: exit code 2. */
export declare class UsageError extends Error {
}
export declare const EXIT_ERROR = 1;
export declare const EXIT_USAGE = 2;
export declare const EXIT_INTERRUPTED = 130;
/** Waits for the command, prints what went wrong, and ends the process. */
export declare function finish(command: Promise<number>, argv: readonly string[]): Promise<void>;
/** Replaces what Ctrl-C does; the function that comes back puts the usual thing back. */
export declare function onSigint(handler: () => void): () => void;
/** "quire: ConfigError: message", with the stack when debugging. */
export declare function describeError(error: unknown, debug: boolean): string;
