/** A sample of random requests against a real engine; `test/soak/fuzz-http.ts` runs as many as one likes. */
import { expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import { fuzzHttp } from "./http.js";

it("random requests end as answers or as clients' faults, and requests add up", async () => {
  const engine = await openAsyncLLM(
    parseEngineConfig({ model: "models/quire-demo", numBlocksOverride: 200, maxNumSeqs: 8 }),
  );
  const server = await startServer(
    engine,
    parseServerConfig({ port: 0, httpReadTimeout: 0.9, httpTimeoutKeepAlive: 0.3 }, {}),
    { log: () => {} },
  );
  try {
    const report = await fuzzHttp({ url: server.url, seed: 3, first: 0, count: 400, concurrency: 8, limitMs: 15_000 });
    expect(report.failures).toEqual([]);
    for (const status of ["200", "400", "left"]) expect(report.outcomes[status], status).toBeGreaterThan(5);
    while (server.numOpenRequests > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { requests, numOpenRequests } = engine.stats();
    expect(requests.accepted).toBe(requests.finished + requests.aborted + requests.failed);
    expect([numOpenRequests, requests.failed]).toEqual([0, 0]);
  } finally {
    await server.close();
    await engine.close();
  }
}, 60_000);
