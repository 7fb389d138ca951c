/** What the engine core's process runs; see engine-child.ts for who starts it. */
import "../util/copies.js";
import { createWorker } from "../worker/create-worker.js";
import { preloadWorker } from "../worker/preload.js";
import { runCoreHost } from "./run-core-host.js";

preloadWorker();
await runCoreHost(createWorker);
