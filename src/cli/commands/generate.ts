/** `quire generate MODEL`: text to standard output as it comes, everything else to standard error. */
import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import type { EngineOptions } from "../../config/engine-config.js";
import type { LLM } from "../../engine/llm.js";
import { addEngineFlags, loadHooks } from "../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint, UsageError } from "../exit.js";
import { ProgressBar } from "../progress-bar.js";
import { addSamplingFlags } from "../sampling-flags.js";
import type { SamplingInput } from "../sampling-flags.js";

const DEFAULT_MAX_TOKENS = 256;

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  command.option("-p, --prompt <text>", "The prompt; standard input if there is none.");
  command.option("--chat", "Put the prompt through the chat template (default: if the model has one).");
  command.option("--raw", "Give the prompt to the model as it is.");
  command.option("--system <text>", "System message, with --chat.");
  command.option("--quiet", "Print nothing but the text and errors.");
  const sampling = addSamplingFlags(command, DEFAULT_MAX_TOKENS);
  const engine = addEngineFlags(command);
  return async ([model]) => {
    const options = engine(model);
    const flags = command.opts<Flags>();
    if (flags.chat === true && flags.raw === true) throw new UsageError("--chat and --raw exclude each other");
    if (flags.system !== undefined && flags.raw === true)
      throw new UsageError("--system needs the chat template, not --raw");
    return generate(options, flags, sampling(), await readPrompt(flags.prompt));
  };
}

interface Flags {
  prompt?: string;
  chat?: true;
  raw?: true;
  system?: string;
  quiet?: true;
}

async function readPrompt(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (process.stdin.isTTY) throw new UsageError("the prompt is missing: --prompt TEXT, or text on standard input");
  const text = await readAll(process.stdin).catch(() => "");
  const prompt = text.replace(/\r?\n$/, "");
  if (prompt === "")
    throw new UsageError("the prompt is missing: --prompt TEXT, or text on standard input (it is empty)");
  return prompt;
}

async function generate(options: EngineOptions, flags: Flags, given: SamplingInput, prompt: string): Promise<number> {
  const bar = new ProgressBar(flags.quiet === true ? { write: () => {} } : process.stderr);
  const { LLM } = await import("../../engine/llm.js");
  const llm = new LLM(options, loadHooks(bar));
  const stop = new AbortController();
  try {
    await llm.ready();
    bar.clear();
    const restore = onSigint(() => stop.abort());
    const params = { maxTokens: DEFAULT_MAX_TOKENS, ...llm.defaultSamplingParams(), ...given };
    const isChat = flags.raw !== true && (flags.chat === true || flags.system !== undefined || hasTemplate(llm));
    const system = flags.system === undefined ? [] : [{ role: "system", content: flags.system }];
    const outputs = isChat
      ? llm.streamChat([...system, { role: "user", content: prompt }], params, { signal: stop.signal })
      : llm.stream(prompt, params, { signal: stop.signal });
    await print(outputs, bar, flags.quiet !== true && llm.config.disableLogStats === false);
    restore();
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stdout.write("\n");
    return EXIT_INTERRUPTED;
  } finally {
    bar.clear();
    await llm.close();
  }
}

function hasTemplate(llm: LLM): boolean {
  return llm.config.chatTemplate !== undefined || llm.tokenizer?.chatTemplate !== undefined;
}

async function print(outputs: ReturnType<LLM["stream"]>, bar: ProgressBar, withStatistics: boolean): Promise<void> {
  const started = performance.now();
  let firstAt = started;
  let numTokens = 0;
  let last = "";
  let numPrompt = 0;
  for await (const {
    outputs: [output],
    promptTokenIds,
  } of outputs) {
    numPrompt = promptTokenIds.length;
    if (output === undefined) continue;
    if (numTokens === 0) firstAt = performance.now();
    numTokens += output.tokenIds.length;
    if (output.text !== "") last = output.text;
    process.stdout.write(output.text);
  }
  if (!last.endsWith("\n")) process.stdout.write("\n");
  if (!withStatistics) return;
  const seconds = (performance.now() - firstAt) / 1000;
  const rate = numTokens > 1 && seconds > 0 ? `, ${((numTokens - 1) / seconds).toFixed(1)} tokens/s` : "";
  const first = Math.round(firstAt - started);
  bar.line(`${numPrompt} prompt tokens, ${numTokens} generated; first after ${first} ms${rate}`);
}
