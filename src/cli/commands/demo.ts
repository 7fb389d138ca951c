/** `quire demo`, what `npm start` runs: the bundled model speaks, then it is served. */
import { join } from "node:path";
import type { Command } from "commander";
import { engineSchema, parseEngineConfig } from "../../config/engine-config.js";
import type { EngineOptions } from "../../config/engine-config.js";
import { parseServerConfig, serverSchema } from "../../config/server-config.js";
import { startServer } from "../../server/server.js";
import type { RunningServer } from "../../server/server.js";
import { openAsyncLLM } from "../../engine/async-llm.js";
import { ResourceError } from "../../util/errors.js";
import { packageRoot } from "../../util/package-root.js";
import { loadHooks } from "../engine-flags.js";
import { ProgressBar } from "../progress-bar.js";
import { addSchemaFlags, asUsage } from "../schema-flags.js";
import { greet, untilStopped } from "./serve.js";

type Engine = Awaited<ReturnType<typeof openAsyncLLM>>;

const bundledModel = join(packageRoot, "models", "quire-demo");
const defaultPrompt = "Tell me a story about a cat.";
const maxTokens = 200;

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  command.option("-p, --prompt <text>", "What to ask the model first.", defaultPrompt);
  command.option("--once", "Answer, print nothing else on standard output, and end.");
  const engineFlags = addSchemaFlags(command, engineSchema);
  const serverFlags = addSchemaFlags(command, serverSchema);
  return async (_, version) => {
    const { prompt, once } = command.opts<{ prompt: string; once?: true }>();
    const given = engineFlags.values();
    const servedModelName = given.model === undefined ? ["quire-demo"] : [];
    const options = { model: bundledModel, servedModelName, ...given } as EngineOptions;
    asUsage(() => parseEngineConfig(options));
    const config = asUsage(() => parseServerConfig(serverFlags.values()));
    const bar = new ProgressBar();
    const engine = await openAsyncLLM(parseEngineConfig(options), loadHooks(bar));
    bar.clear();
    try {
      if (!once) bar.line(`${engine.servedModelNames[0]} on ${engine.modelConfig.platform}\n\n> ${prompt}`);
      await speak(engine, prompt, bar, once === true);
      if (once) return 0;
      const log = { log: (line: string) => bar.line(line), version };
      const server = await listen(engine, config, serverFlags.values().port === undefined, log, bar);
      greet(server, engine, config);
      return await untilStopped(server, engine);
    } finally {
      await engine.close();
    }
  };
}

/** Streams one greedy answer to standard output. */
async function speak(engine: Engine, prompt: string, bar: ProgressBar, quiet: boolean): Promise<void> {
  const hasTemplate = engine.tokenizer?.chatTemplate !== undefined;
  const tokens = hasTemplate
    ? await engine.renderChat([{ role: "user", content: prompt }], { addGenerationPrompt: true })
    : undefined;
  const params = { temperature: 0, maxTokens };
  const start = performance.now();
  let numTokens = 0;
  const outputs = engine.generate(tokens ? { tokenIds: tokens.tokenIds } : { text: prompt }, params, {
    outputKind: "delta",
  });
  for await (const { outputs: completions } of outputs) {
    numTokens += completions[0]!.tokenIds.length;
    process.stdout.write(completions[0]!.text);
  }
  process.stdout.write("\n");
  const seconds = (performance.now() - start) / 1000;
  if (!quiet) bar.line(`\n(${numTokens} tokens in ${seconds.toFixed(2)} s)\n`);
}

/** Starts the server; where nobody chose a port and the usual one is taken, on a free one. */
async function listen(
  engine: Engine,
  config: Parameters<typeof startServer>[1],
  mayMove: boolean,
  hooks: Parameters<typeof startServer>[2],
  bar: ProgressBar,
): Promise<RunningServer> {
  try {
    return await startServer(engine, config, hooks);
  } catch (error) {
    if (!mayMove || !(error instanceof ResourceError)) throw error;
    bar.line(`port ${config.port} is taken; choosing a free one (--port N chooses)`);
    return startServer(engine, { ...config, port: 0 }, hooks);
  }
}
