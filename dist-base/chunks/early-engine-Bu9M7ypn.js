import { t as EngineChild } from "./engine-child-uOvniDl0.js";
import { n as readEnvironment } from "./environment-ChMoDSMV.js";
// src/cli/early-engine.ts
/** The engine's process of `quire serve`, started before the command line is read: node needs 50 ms to start, and the flags as long. */
let early;
/** Starts it where the command line looks as if it will be needed. A command that does not take it leaves it to end with this process. */
function startEarly(argv) {
	if (argv[0] !== "serve" || argv.length < 2 || !readEnvironment().multiprocessing) return;
	if (argv.some((arg) => /^(-h|--help(=.*)?|--?engine=in-process|in-process)$/.test(arg))) return;
	try {
		early = new EngineChild();
	} catch {}
}
/** The process, once; undefined if there is none. */
function takeEarly() {
	const child = early;
	early = void 0;
	return child;
}
export { takeEarly as n, startEarly as t };
