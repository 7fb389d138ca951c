/** How the command ends: exit codes, one line per error, no noise when a pipe closes. */
import { readEnvironment } from "../config/environment.js";

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

export const EXIT_ERROR = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

/** Waits for the command, prints what went wrong, and ends the process. */
export async function finish(command: Promise<number>, argv: readonly string[]): Promise<void> {
  process.on("SIGINT", onInterrupt);
  process.stdout.on("error", onOutputError);
  process.stderr.on("error", () => {});
  let code: number;
  try {
    code = await command;
  } catch (error) {
    code = error instanceof UsageError ? EXIT_USAGE : EXIT_ERROR;
    process.stderr.write(`${describeError(error, isDebug(argv))}\n`);
  }
  // Pipes are written asynchronously: leave when all is out.
  await new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  process.exit(code);
}

/** The reader of a pipe may leave early (quire ... | head), which is no failure; a full disk is one. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`quire: standard output cannot be written (${error.code}): ${error.message}\n`);
  process.exit(EXIT_ERROR);
}

/** Ends the process; commands that can do better put their own handler in place with `onSigint`. */
function onInterrupt(): void {
  process.exit(EXIT_INTERRUPTED);
}

/** Replaces what Ctrl-C does; the function that comes back puts the usual thing back. */
export function onSigint(handler: () => void): () => void {
  process.removeAllListeners("SIGINT");
  process.on("SIGINT", handler);
  return () => {
    process.removeListener("SIGINT", handler);
    process.on("SIGINT", onInterrupt);
  };
}

function isDebug(argv: readonly string[]): boolean {
  return argv.includes("--debug") || readEnvironment().debug;
}

/** "quire: ConfigError: message", with the stack when debugging. */
export function describeError(error: unknown, debug: boolean): string {
  if (error instanceof UsageError) return `quire: ${error.message}`;
  if (!(error instanceof Error)) return `quire: ${String(error)}`;
  if (debug) return `quire: ${error.stack ?? error.message}${causes(error)}`;
  const isOurs = typeof (error as { code?: unknown }).code === "string" && error.name !== "Error";
  const hint = isOurs ? "" : " (--debug shows more)";
  return `quire: ${error.name}: ${error.message}${hint}`;
}

function causes(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `\ncaused by: ${cause.stack ?? cause.message}${causes(cause)}` : "";
}
