import { i as loadHooks, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { r as onSigint, t as UsageError } from "./exit-Bl2g91cb.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
import { t as addSamplingFlags } from "./sampling-flags-zikIEbpH.js";
import { text } from "node:stream/consumers";
// src/cli/commands/generate.ts
/** `quire generate MODEL`: text to standard output as it comes, everything else to standard error. */
const DEFAULT_MAX_TOKENS = 256;
function define(command) {
	command.option("-p, --prompt <text>", "The prompt; standard input if there is none.");
	command.option("--chat", "Put the prompt through the chat template (default: if the model has one).");
	command.option("--raw", "Give the prompt to the model as it is.");
	command.option("--system <text>", "System message, with --chat.");
	command.option("--quiet", "Print nothing but the text and errors.");
	const sampling = addSamplingFlags(command, DEFAULT_MAX_TOKENS);
	const engine = addEngineFlags(command);
	return async ([model]) => {
		const options = engine(model);
		const flags = command.opts();
		if (flags.chat === true && flags.raw === true) throw new UsageError("--chat and --raw exclude each other");
		if (flags.system !== void 0 && flags.raw === true) throw new UsageError("--system needs the chat template, not --raw");
		return generate(options, flags, sampling(), await readPrompt(flags.prompt));
	};
}
async function readPrompt(given) {
	if (given !== void 0) return given;
	if (process.stdin.isTTY) throw new UsageError("the prompt is missing: --prompt TEXT, or text on standard input");
	const prompt = (await text(process.stdin).catch(() => "")).replace(/\r?\n$/, "");
	if (prompt === "") throw new UsageError("the prompt is missing: --prompt TEXT, or text on standard input (it is empty)");
	return prompt;
}
async function generate(options, flags, given, prompt) {
	const bar = new ProgressBar(flags.quiet === true ? { write: () => {} } : process.stderr);
	const { LLM } = await import("./llm-DXrrh0y3.js");
	const llm = new LLM(options, loadHooks(bar));
	const stop = new AbortController();
	try {
		await llm.ready();
		bar.clear();
		const restore = onSigint(() => stop.abort());
		const params = {
			maxTokens: DEFAULT_MAX_TOKENS,
			...llm.defaultSamplingParams(),
			...given
		};
		const isChat = flags.raw !== true && (flags.chat === true || flags.system !== void 0 || hasTemplate(llm));
		const system = flags.system === void 0 ? [] : [{
			role: "system",
			content: flags.system
		}];
		await print(isChat ? llm.streamChat([...system, {
			role: "user",
			content: prompt
		}], params, { signal: stop.signal }) : llm.stream(prompt, params, { signal: stop.signal }), bar, flags.quiet !== true && llm.config.disableLogStats === false);
		restore();
		return 0;
	} catch (error) {
		if (!stop.signal.aborted) throw error;
		process.stdout.write("\n");
		return 130;
	} finally {
		bar.clear();
		await llm.close();
	}
}
function hasTemplate(llm) {
	return llm.config.chatTemplate !== void 0 || llm.tokenizer?.chatTemplate !== void 0;
}
async function print(outputs, bar, withStatistics) {
	const started = performance.now();
	let firstAt = started;
	let numTokens = 0;
	let last = "";
	let numPrompt = 0;
	for await (const { outputs: [output], promptTokenIds } of outputs) {
		numPrompt = promptTokenIds.length;
		if (output === void 0) continue;
		if (numTokens === 0) firstAt = performance.now();
		numTokens += output.tokenIds.length;
		if (output.text !== "") last = output.text;
		process.stdout.write(output.text);
	}
	if (!last.endsWith("\n")) process.stdout.write("\n");
	if (!withStatistics) return;
	const seconds = (performance.now() - firstAt) / 1e3;
	const rate = numTokens > 1 && seconds > 0 ? `, ${((numTokens - 1) / seconds).toFixed(1)} tokens/s` : "";
	const first = Math.round(firstAt - started);
	bar.line(`${numPrompt} prompt tokens, ${numTokens} generated; first after ${first} ms${rate}`);
}
export { define };
