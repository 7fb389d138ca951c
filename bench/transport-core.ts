/** The process that bench/transport.ts talks to: an engine core whose worker answers at once. */
import { runCoreHost } from "../src/engine/run-core-host.js";
import { fakeWorkers } from "../test/engine/fake-worker.js";

await runCoreHost(fakeWorkers({ info: { maxModelLen: 4096, numBlocks: 8193 } }));
