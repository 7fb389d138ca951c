/** The server of bench/front-end.ts: everything but the engine is real. Answers "cpu" with its CPU time and tokens so far. */
import { fileURLToPath } from "node:url";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { asyncLLMOver } from "../../src/engine/async-llm.js";
import { createEngine } from "../../src/engine/create-engine.js";
import { EngineChild } from "../../src/engine/engine-child.js";
import { createProcessTransport } from "../../src/engine/process-transport.js";
import { startServer } from "../../src/server/server.js";
import { loadTokenizer } from "../../src/tokenizer/load-tokenizer.js";

const model = fileURLToPath(new URL("../../models/quire-demo", import.meta.url));
const tokenizer = await loadTokenizer(model);
process.env.FRONT_VOCABULARY = String(tokenizer.vocabSize);
const config = parseEngineConfig({ model, disableLogStats: true, maxNumSeqs: 1024, maxNumBatchedTokens: 8192 }, {});
const child = new EngineChild(fileURLToPath(new URL("core.js", import.meta.url)));
const engine = await createEngine(
  config,
  (hooks, begun) => {
    begun();
    return createProcessTransport(child, config, hooks);
  },
  { loadTokenizer: async () => tokenizer },
);
const server = await startServer(asyncLLMOver(engine), parseServerConfig({ port: 0 }));
process.send!({ port: Number(new URL(server.url).port), core: child.pid });
process.on("message", (message) => {
  if (message === "cpu") {
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: user + system, tokens: engine.stats().numGeneratedTokens });
  } else {
    void server
      .close()
      .then(() => engine.close())
      .then(() => process.exit(0));
  }
});
