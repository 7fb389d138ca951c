// src/cli/command-path.ts
/** ["quire", "bench", "latency"] */
function commandPath(command) {
	return command.parent === null ? [command.name()] : [...commandPath(command.parent), command.name()];
}
export { commandPath as t };
