import { n as parseEngineConfig } from "./engine-config-D9uvfcfS.js";
import { n as serverSchema, t as parseServerConfig } from "./server-config-DqV7tNso.js";
import { t as curlLine } from "./page-CphhJfv0.js";
import { i as EngineDeadError } from "./errors-CjlPyKrT.js";
import { a as addSchemaFlags, i as loadHooks, o as asUsage, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { n as takeEarly } from "./early-engine-Bu9M7ypn.js";
import { r as onSigint } from "./exit-Bl2g91cb.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
import { setTimeout } from "node:timers/promises";
// src/cli/statistics.ts
const INTERVAL_MS = 1e4;
/**
* One line about the time between two looks; undefined when nothing ran in it.
*
* @param seconds  between the looks
*/
function statisticsLine(before, now, seconds) {
	const generated = now.numGeneratedTokens - before.numGeneratedTokens;
	const computed = now.numScheduledTokens - before.numScheduledTokens;
	if (computed === 0 && now.numRunning === 0 && now.numWaiting === 0) return void 0;
	const queries = now.prefixCache.queries - before.prefixCache.queries;
	const hits = now.prefixCache.hits - before.prefixCache.hits;
	const hitRate = queries > 0 ? `, prefix hits ${percent(hits / queries)}` : "";
	return `${(generated / seconds).toFixed(1)} tokens/s generated, ${(computed / seconds).toFixed(1)} tokens/s computed; ${now.numRunning} running, ${now.numWaiting} waiting; KV cache ${percent(now.kvCacheUsage)}${hitRate}`;
}
/** Prints such a line every ten seconds while there is something to say. The function that comes back ends it. */
function printStatistics(stats, print) {
	let before = stats();
	let at = performance.now();
	const timer = setInterval(() => {
		const now = stats();
		const line = statisticsLine(before, now, (performance.now() - at) / 1e3);
		before = now;
		at = performance.now();
		if (line !== void 0) print(line);
	}, INTERVAL_MS);
	timer.unref();
	return () => clearInterval(timer);
}
function percent(share) {
	return `${(share * 100).toFixed(1)} %`;
}
// src/cli/commands/serve.ts
/** `quire serve MODEL`: the HTTP server, until SIGINT or SIGTERM. */
const DEATH_CHECK_MS = 500;
const DEATH_LIMIT_MS = 1e3;
function define(command) {
	const engineOptions = addEngineFlags(command);
	const serverFlags = addSchemaFlags(command, serverSchema);
	return async ([model], version) => {
		const options = engineOptions(model);
		const config = asUsage(() => parseServerConfig(serverFlags.values()));
		const { openAsyncLLM } = await import("./async-llm-d9tvhX1W.js");
		const bar = new ProgressBar();
		const hooks = loadHooks(bar);
		let server;
		const loadServer = () => {
			server ??= import("./server-TnafUpa0.js");
			server.catch(() => void 0);
			return server;
		};
		const parsed = parseEngineConfig(options);
		const where = parsed.engine ?? "process";
		const child = takeEarly();
		if (where !== "process") child?.kill();
		const engine = await openAsyncLLM({
			...parsed,
			engine: where
		}, {
			...hooks,
			child,
			begun: () => void loadServer()
		});
		bar.clear();
		const { startServer } = await loadServer();
		try {
			const running = await startServer(engine, config, {
				log: (line) => bar.line(line),
				version
			});
			greet(running, engine, config);
			if (options.disableLogStats !== true) printStatistics(() => engine.stats(), (line) => bar.line(line));
			return await untilStopped(running, engine);
		} finally {
			await engine.close();
		}
	};
}
/** Says where the server listens and how to call it. */
function greet(server, engine, config) {
	const [name] = engine.servedModelNames;
	const curl = server.url.startsWith("unix:") ? curlLine(engine, "http://localhost").replace("curl ", `curl --unix-socket ${server.url.slice(5)} `) : curlLine(engine, server.url);
	const key = config.apiKey.length > 0 ? " -H 'Authorization: Bearer KEY'" : "";
	process.stdout.write(`${name} is served at ${server.url}\n\n  ${curl}${key}\n\n`);
}
/** Waits for a signal or the engine's death, then stops: open requests get `shutdownTimeout`; a second signal ends at once. */
async function untilStopped(server, engine) {
	const cause = await new Promise((resolve) => {
		setInterval(() => engine.isDead && resolve("death"), DEATH_CHECK_MS).unref();
		let isStopping = false;
		const stop = (signal) => {
			if (isStopping) process.exit(130);
			isStopping = true;
			if (server.numOpenRequests > 0) process.stderr.write(`${signal}: ending ${server.numOpenRequests} open requests\n`);
			resolve(signal);
		};
		onSigint(() => stop("SIGINT"));
		process.on("SIGTERM", () => stop("SIGTERM"));
	});
	const closed = server.close();
	await (cause === "death" ? Promise.race([closed, setTimeout(DEATH_LIMIT_MS)]) : closed);
	if (cause === "death") throw engine.deathError ?? new EngineDeadError("the engine died");
	return cause === "SIGINT" ? 130 : 0;
}
export { greet as n, untilStopped as r, define as t };
