import { n as parseEngineConfig, t as engineSchema } from "./engine-config-D9uvfcfS.js";
import { n as serverSchema, t as parseServerConfig } from "./server-config-DqV7tNso.js";
import { t as startServer } from "./server-gSUtD1P6.js";
import { n as openAsyncLLM } from "./async-llm-hR7vVjsy.js";
import { c as ResourceError } from "./errors-CjlPyKrT.js";
import { t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { a as addSchemaFlags, i as loadHooks, o as asUsage } from "./engine-flags-tO_pTznq.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
import { n as greet, r as untilStopped } from "./serve-DK_qlNrQ.js";
import { join } from "node:path";
// src/cli/commands/demo.ts
/** `quire demo`, what `npm start` runs: the bundled model speaks, then it is served. */
const bundledModel = join(packageRoot, "models", "quire-demo");
const defaultPrompt = "Tell me a story about a cat.";
const maxTokens = 200;
function define(command) {
	command.option("-p, --prompt <text>", "What to ask the model first.", defaultPrompt);
	command.option("--once", "Answer, print nothing else on standard output, and end.");
	const engineFlags = addSchemaFlags(command, engineSchema);
	const serverFlags = addSchemaFlags(command, serverSchema);
	return async (_, version) => {
		const { prompt, once } = command.opts();
		const given = engineFlags.values();
		const servedModelName = given.model === void 0 ? ["quire-demo"] : [];
		const options = {
			model: bundledModel,
			servedModelName,
			...given
		};
		asUsage(() => parseEngineConfig(options));
		const config = asUsage(() => parseServerConfig(serverFlags.values()));
		const bar = new ProgressBar();
		const engine = await openAsyncLLM(parseEngineConfig(options), loadHooks(bar));
		bar.clear();
		try {
			if (!once) bar.line(`${engine.servedModelNames[0]} on ${engine.modelConfig.platform}\n\n> ${prompt}`);
			await speak(engine, prompt, bar, once === true);
			if (once) return 0;
			const log = {
				log: (line) => bar.line(line),
				version
			};
			const server = await listen(engine, config, serverFlags.values().port === void 0, log, bar);
			greet(server, engine, config);
			return await untilStopped(server, engine);
		} finally {
			await engine.close();
		}
	};
}
/** Streams one greedy answer to standard output. */
async function speak(engine, prompt, bar, quiet) {
	const tokens = engine.tokenizer?.chatTemplate !== void 0 ? await engine.renderChat([{
		role: "user",
		content: prompt
	}], { addGenerationPrompt: true }) : void 0;
	const params = {
		temperature: 0,
		maxTokens
	};
	const start = performance.now();
	let numTokens = 0;
	const outputs = engine.generate(tokens ? { tokenIds: tokens.tokenIds } : { text: prompt }, params, { outputKind: "delta" });
	for await (const { outputs: completions } of outputs) {
		numTokens += completions[0].tokenIds.length;
		process.stdout.write(completions[0].text);
	}
	process.stdout.write("\n");
	const seconds = (performance.now() - start) / 1e3;
	if (!quiet) bar.line(`\n(${numTokens} tokens in ${seconds.toFixed(2)} s)\n`);
}
/** Starts the server; where nobody chose a port and the usual one is taken, on a free one. */
async function listen(engine, config, mayMove, hooks, bar) {
	try {
		return await startServer(engine, config, hooks);
	} catch (error) {
		if (!mayMove || !(error instanceof ResourceError)) throw error;
		bar.line(`port ${config.port} is taken; choosing a free one (--port N chooses)`);
		return startServer(engine, {
			...config,
			port: 0
		}, hooks);
	}
}
export { define };
