/**
 * The engine core of bench/front-end.ts: its worker answers at once, or every FRONT_STEP_MS milliseconds; then it writes the time of
 * step s (nanoseconds of the monotonic clock) at byte 8 s of FRONT_TIMES.
 */
import { openSync, writeSync } from "node:fs";
import { runCoreHost } from "../../src/engine/run-core-host.js";
import { fakeWorkers } from "../../test/engine/fake-worker.js";
import { FIRST_ID, NUM_IDS } from "./ids.js";

const stepMs = Number(process.env.FRONT_STEP_MS ?? 0);
const vocabSize = Number(process.env.FRONT_VOCABULARY);
const times = process.env.FRONT_TIMES === undefined ? undefined : openSync(process.env.FRONT_TIMES, "w");
let step = -1;
let isTold = true;

/** The first token of a step notes its time. */
function note(): void {
  if (times === undefined || isTold) return;
  isTold = true;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(process.hrtime.bigint());
  writeSync(times, bytes, 0, 8, step * 8);
}

await runCoreHost(
  fakeWorkers({
    info: { maxModelLen: 4096, numBlocks: 32_769, vocabSize, eosTokenIds: [] },
    stepMs,
    beforeStep() {
      step++;
      isTold = false;
    },
    next(tokens) {
      note();
      return FIRST_ID + ((stepMs > 0 ? step : tokens.length) % NUM_IDS);
    },
  }),
);
