import { r as ConfigError, s as RequestError, t as AbortError } from "./errors-CjlPyKrT.js";
import { i as loadHooks, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { r as onSigint } from "./exit-Bl2g91cb.js";
import { t as ProgressBar } from "./progress-bar-CXZQbj9R.js";
import { t as addSamplingFlags } from "./sampling-flags-zikIEbpH.js";
import { createInterface } from "node:readline";
// src/cli/commands/chat.ts
/** `quire chat MODEL`: a conversation in the terminal. /reset forgets it, /exit ends; Ctrl-C stops the current answer. */
const HELP = "/reset forgets the conversation, /exit or Ctrl-D ends, Ctrl-C stops an answer";
function define(command) {
	command.option("--system <text>", "System message.");
	const sampling = addSamplingFlags(command, null);
	const engine = addEngineFlags(command);
	return async ([model]) => {
		const options = engine(model);
		const { system } = command.opts();
		const bar = new ProgressBar();
		const { LLM } = await import("./llm-DXrrh0y3.js");
		const llm = new LLM(options, loadHooks(bar));
		try {
			await llm.ready();
			bar.clear();
			if (llm.config.chatTemplate === void 0 && llm.tokenizer?.chatTemplate === void 0) throw new ConfigError(`${options.model}: there is no chat template; give one with --chat-template, or use quire generate`);
			return await converse(llm, {
				maxTokens: null,
				...llm.defaultSamplingParams(),
				...sampling()
			}, system === void 0 ? [] : [{
				role: "system",
				content: system
			}]);
		} finally {
			bar.clear();
			await llm.close();
		}
	};
}
async function converse(llm, params, opening) {
	const isTerminal = process.stdin.isTTY === true;
	const lines = createInterface({
		input: process.stdin,
		output: isTerminal ? process.stdout : void 0,
		terminal: isTerminal
	});
	let messages = [...opening];
	let answering;
	let interrupted = false;
	const onInterrupt = () => {
		if (answering !== void 0) return answering.abort();
		interrupted = true;
		lines.close();
	};
	const restore = onSigint(onInterrupt);
	lines.on("SIGINT", onInterrupt);
	const prompt = () => {
		if (!isTerminal) return;
		lines.setPrompt("> ");
		lines.prompt();
	};
	if (isTerminal) process.stderr.write(`${llm.config.servedModelName[0]}. ${HELP}\n`);
	prompt();
	for await (const line of lines) {
		const text = line.trim();
		if (text === "/exit" || text === "/quit") break;
		if (text === "/reset") messages = [...opening];
		else if (text.startsWith("/")) process.stderr.write(`${HELP}\n`);
		else if (text !== "") {
			answering = new AbortController();
			const answer = await say(llm, params, [...messages, {
				role: "user",
				content: text
			}], answering.signal);
			answering = void 0;
			if (answer !== void 0) messages.push({
				role: "user",
				content: text
			}, {
				role: "assistant",
				content: answer
			});
		}
		if (interrupted) break;
		prompt();
	}
	lines.close();
	restore();
	if (isTerminal) process.stdout.write("\n");
	return interrupted ? 130 : 0;
}
/** Prints an answer and returns it, as far as it came; undefined if the conversation was refused. */
async function say(llm, params, messages, signal) {
	let answer = "";
	try {
		for await (const { outputs } of llm.streamChat(messages, params, { signal })) {
			const text = outputs[0]?.text ?? "";
			answer += text;
			process.stdout.write(text);
		}
	} catch (error) {
		if (error instanceof RequestError) {
			process.stderr.write(`${error.message}\n(/reset starts anew)\n`);
			return;
		}
		if (!(error instanceof AbortError)) throw error;
		process.stdout.write(" [stopped]");
	}
	process.stdout.write("\n");
	return answer;
}
export { define };
