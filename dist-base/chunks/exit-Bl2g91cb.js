import { n as readEnvironment } from "./environment-ChMoDSMV.js";
// src/cli/exit.ts
/** How the command ends: exit codes, one line per error, no noise when a pipe closes. */
/** The command line is wrong: exit code 2. */
var UsageError = class extends Error {};
/** Waits for the command, prints what went wrong, and ends the process. */
async function finish(command, argv) {
	process.on("SIGINT", onInterrupt);
	process.stdout.on("error", onOutputError);
	process.stderr.on("error", () => {});
	let code;
	try {
		code = await command;
	} catch (error) {
		code = error instanceof UsageError ? 2 : 1;
		process.stderr.write(`${describeError(error, isDebug(argv))}\n`);
	}
	await new Promise((resolve) => process.stdout.write("", () => resolve()));
	process.exit(code);
}
/** The reader of a pipe may leave early (quire ... | head), which is no failure; a full disk is one. */
function onOutputError(error) {
	if (error.code === "EPIPE") process.exit(0);
	process.stderr.write(`quire: standard output cannot be written (${error.code}): ${error.message}\n`);
	process.exit(1);
}
/** Ends the process; commands that can do better put their own handler in place with `onSigint`. */
function onInterrupt() {
	process.exit(130);
}
/** Replaces what Ctrl-C does; the function that comes back puts the usual thing back. */
function onSigint(handler) {
	process.removeAllListeners("SIGINT");
	process.on("SIGINT", handler);
	return () => {
		process.removeListener("SIGINT", handler);
		process.on("SIGINT", onInterrupt);
	};
}
function isDebug(argv) {
	return argv.includes("--debug") || readEnvironment().debug;
}
/** "quire: ConfigError: message", with the stack when debugging. */
function describeError(error, debug) {
	if (error instanceof UsageError) return `quire: ${error.message}`;
	if (!(error instanceof Error)) return `quire: ${String(error)}`;
	if (debug) return `quire: ${error.stack ?? error.message}${causes(error)}`;
	const hint = typeof error.code === "string" && error.name !== "Error" ? "" : " (--debug shows more)";
	return `quire: ${error.name}: ${error.message}${hint}`;
}
function causes(error) {
	const { cause } = error;
	return cause instanceof Error ? `\ncaused by: ${cause.stack ?? cause.message}${causes(cause)}` : "";
}
export { finish as n, onSigint as r, UsageError as t };
