/** `quire serve MODEL`: the HTTP server, until SIGINT or SIGTERM. */
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { engineSchema, parseEngineConfig } from "../../config/engine-config.js";
import { readEnvironment } from "../../config/environment.js";
import { optionFields } from "../../config/option.js";
import { parseServerConfig, serverSchema } from "../../config/server-config.js";
import type { ServerConfig } from "../../config/server-config.js";
import { curlLine } from "../../server/curl-line.js";
import type { RunningServer } from "../../server/server.js";
import type { openAsyncLLM } from "../../engine/async-llm.js";
import { EngineDeadError } from "../../util/errors.js";
import { addConfigFlag } from "../config-flag.js";
import { addEngineFlags, loadHooks } from "../engine-flags.js";
import { takeEarly } from "../early-engine.js";
import { EXIT_INTERRUPTED, onSigint } from "../exit.js";
import { openLogOutput } from "../log-output.js";
import { addNoEffectFlags } from "../no-effect-flags.js";
import { logStatistics } from "../statistics.js";
import { addSchemaFlags, asUsage } from "../schema-flags.js";

const DEATH_CHECK_MS = 500;
const DEATH_LIMIT_MS = 1000;

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  const engineOptions = addEngineFlags(command);
  const serverFlags = addSchemaFlags(command, serverSchema);
  const readFile = addConfigFlag(command);
  const notes = addNoEffectFlags(command);
  return async ([model], version) => {
    const engineFields = optionFields(engineSchema);
    const file = await readFile([...engineFields, ...serverFlags.fields]);
    const options = engineOptions(model, file.of(engineFields));
    const config = asUsage(() => parseServerConfig({ ...file.of(serverFlags.fields), ...serverFlags.values() }));
    const output = await openLogOutput(config);
    for (const note of new Set([...notes(), ...file.notes])) output.log(`quire: ${note}`, "warning");
    // Wrong certificate files are told before the model is loaded.
    const { sslKeyfile, sslCertfile, enableSslRefresh } = config;
    if (enableSslRefresh || (sslKeyfile ?? sslCertfile) !== undefined) {
      const { tlsOptions } = await import("../../server/tls.js");
      asUsage(() => tlsOptions(config));
    }
    if (config.otlpTracesEndpoint !== undefined) {
      const { tracesTarget } = await import("../../server/tracing/traces-target.js");
      asUsage(() => tracesTarget(config));
    }
    // Loaded only now, so that help and usage errors are quick; the server's modules while other threads load the weights.
    const { openAsyncLLM } = await import("../../engine/async-llm.js");
    const hooks = { ...loadHooks(output.bar), log: output.engineLog };
    let server: Promise<typeof import("../../server/server.js")> | undefined;
    const loadServer = () => {
      server ??= import("../../server/server.js");
      server.catch(() => undefined);
      return server;
    };
    const named = [config.toolParserPlugin, config.reasoningParserPlugin].filter((name) => name !== undefined);
    const plugins = [...((options.plugins as string[] | undefined) ?? []), ...named];
    const parsed = parseEngineConfig(plugins.length > 0 ? { ...options, plugins } : options);
    // Text and compute in two processes, so that neither waits for the other.
    const where = parsed.engine ?? "process";
    const child = takeEarly();
    if (where !== "process") child?.kill();
    const engine = await openAsyncLLM(
      { ...parsed, engine: where },
      { ...hooks, child, begun: () => void loadServer() },
    );
    output.bar.clear();
    const { startServer } = await loadServer();
    try {
      const { log } = output;
      const loadPlugins = async () => {
        const { loadPluginsHere } = await import("../../engine/load-plugins-here.js");
        await loadPluginsHere(parsed.plugins, (line) => log(line, "info"));
      };
      const running = await startServer(engine, config, {
        log,
        numLogLinesDropped: () => output.numDropped,
        accessLog: true,
        version,
        loadPlugins,
      });
      greet(running, engine, config);
      if (options.disableLogStats !== true)
        logStatistics(engine, (line) => output.log(line, "info"), readEnvironment().logStatsInterval * 1000);
      return await untilStopped(running, engine);
    } finally {
      await engine.close();
      await output.close();
    }
  };
}

type Engine = Awaited<ReturnType<typeof openAsyncLLM>>;

/** Says where the server listens and how to call it. */
export function greet(server: RunningServer, engine: Engine, config: ServerConfig): void {
  const [name] = engine.servedModelNames;
  const curl = server.url.startsWith("unix:")
    ? curlLine(engine, "http://localhost").replace("curl ", `curl --unix-socket ${server.url.slice(5)} `)
    : curlLine(engine, server.url);
  const key = config.apiKey.length > 0 ? " -H 'Authorization: Bearer KEY'" : "";
  process.stdout.write(`${name} is served at ${server.url}\n\n  ${curl}${key}\n\n`);
}

/** Waits for a signal or the engine's death, then stops: open requests get `shutdownTimeout`; a second signal ends at once. */
export async function untilStopped(server: RunningServer, engine: Engine): Promise<number> {
  const cause = await new Promise<"SIGINT" | "SIGTERM" | "death">((resolve) => {
    const timer = setInterval(() => engine.isDead && resolve("death"), DEATH_CHECK_MS);
    timer.unref();
    let isStopping = false;
    const stop = (signal: "SIGINT" | "SIGTERM") => {
      if (isStopping) process.exit(EXIT_INTERRUPTED);
      isStopping = true;
      if (server.numOpenRequests > 0)
        process.stderr.write(`${signal}: ending ${server.numOpenRequests} open requests\n`);
      resolve(signal);
    };
    onSigint(() => stop("SIGINT"));
    process.on("SIGTERM", () => stop("SIGTERM"));
  });
  const closed = server.close();
  // The open requests have got their errors; who does not read them is not waited for.
  await (cause === "death" ? Promise.race([closed, pause(DEATH_LIMIT_MS)]) : closed);
  if (cause === "death") throw engine.deathError ?? new EngineDeadError("the engine died");
  return cause === "SIGINT" ? EXIT_INTERRUPTED : 0;
}
