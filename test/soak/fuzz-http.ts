/**
 * Thousands of random requests against a real server with its engine in another process; prints what came of them, every 5xx and
 * every hang. Exit code 1 for any.
 *
 *   npx tsx test/soak/fuzz-http.ts [--count 20000] [--seed 1] [--first 0] [--model models/quire-demo]
 */
import { parseArgs } from "node:util";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import { fuzzHttp } from "../fuzz/http.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    model: { type: "string", default: "models/quire-demo" },
  },
});
const log: string[] = [];
const config = parseEngineConfig({ model: values.model, engine: "process", numBlocksOverride: 400, maxNumSeqs: 16 });
const engine = await openAsyncLLM(config);
const options = { port: 0, httpReadTimeout: 1.5, httpTimeoutKeepAlive: 0.5, trustRequestChatTemplate: true };
const server = await startServer(engine, parseServerConfig(options, {}), { log: (line) => void log.push(line) });
const total = Number(values.count);
let numFailures = 0;
for (let done = 0; done < total; done += 1000) {
  const count = Math.min(1000, total - done);
  const seed = Number(values.seed);
  const report = await fuzzHttp({
    url: server.url,
    seed,
    first: Number(values.first) + done,
    count,
    concurrency: 16,
    limitMs: 20_000,
  });
  numFailures += report.failures.length;
  for (const failure of report.failures) console.log(JSON.stringify(failure));
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    done + count,
    JSON.stringify(report.outcomes),
    `slowest ${Math.round(report.slowestMs)} ms, ${megabytes} MiB`,
  );
}
while (server.numOpenRequests > 0) await new Promise((resolve) => setTimeout(resolve, 10));
const { requests, numOpenRequests } = engine.stats();
const addsUp = requests.accepted === requests.finished + requests.aborted + requests.failed && numOpenRequests === 0;
console.log(JSON.stringify(requests), addsUp ? "adds up" : "DOES NOT ADD UP");
console.log([...new Set(log.map((line) => line.slice(0, 200)))].slice(0, 40).join("\n"));
await server.close();
await engine.close();
process.exit(numFailures === 0 && addsUp ? 0 : 1);
