/** `quire chat MODEL`: a conversation in the terminal. /reset forgets it, /exit ends; Ctrl-C stops the current answer. */
import { createInterface } from "node:readline";
import type { Command } from "commander";
import type { LLM } from "../../engine/llm.js";
import { AbortError, ConfigError, RequestError } from "../../util/errors.js";
import { addEngineFlags, loadHooks } from "../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint } from "../exit.js";
import { ProgressBar } from "../progress-bar.js";
import { addSamplingFlags } from "../sampling-flags.js";
import type { SamplingInput } from "../sampling-flags.js";

type Message = { role: string; content: string };

const HELP = "/reset forgets the conversation, /exit or Ctrl-D ends, Ctrl-C stops an answer";

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command.option("--system <text>", "System message.");
  const sampling = addSamplingFlags(command, null);
  const engine = addEngineFlags(command);
  return async ([model]) => {
    const options = engine(model);
    const { system } = command.opts<{ system?: string }>();
    const bar = new ProgressBar();
    const { LLM } = await import("../../engine/llm.js");
    const llm = new LLM(options, loadHooks(bar));
    try {
      await llm.ready();
      bar.clear();
      if (llm.config.chatTemplate === undefined && llm.tokenizer?.chatTemplate === undefined) {
        throw new ConfigError(
          `${options.model}: there is no chat template; give one with --chat-template, or use quire generate`,
        );
      }
      const params = { maxTokens: null, ...llm.defaultSamplingParams(), ...sampling() };
      return await converse(llm, params, system === undefined ? [] : [{ role: "system", content: system }]);
    } finally {
      bar.clear();
      await llm.close();
    }
  };
}

async function converse(llm: LLM, params: SamplingInput, opening: readonly Message[]): Promise<number> {
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: isTerminal ? process.stdout : undefined,
    terminal: isTerminal,
  });
  let messages: Message[] = [...opening];
  let answering: AbortController | undefined;
  let interrupted = false;
  const onInterrupt = () => {
    if (answering !== undefined) return answering.abort();
    interrupted = true;
    lines.close();
  };
  const restore = onSigint(onInterrupt);
  lines.on("SIGINT", onInterrupt); // in a terminal readline takes Ctrl-C
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
      const answer = await say(llm, params, [...messages, { role: "user", content: text }], answering.signal);
      answering = undefined;
      if (answer !== undefined) {
        messages.push({ role: "user", content: text }, { role: "assistant", content: answer });
      }
    }
    if (interrupted) break;
    prompt();
  }
  lines.close();
  restore();
  if (isTerminal) process.stdout.write("\n");
  return interrupted ? EXIT_INTERRUPTED : 0;
}

/** Prints an answer and returns it, as far as it came; undefined if the conversation was refused. */
async function say(
  llm: LLM,
  params: SamplingInput,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<string | undefined> {
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
      return undefined;
    }
    if (!(error instanceof AbortError)) throw error;
    process.stdout.write(" [stopped]");
  }
  process.stdout.write("\n");
  return answer;
}
