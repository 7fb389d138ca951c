/** Every kind of message comes out of the socket as it went in. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../config/engine-config.js";
import type { FinishReason } from "../../request/finish-reason.js";
import { DEFAULT_SAMPLING_PARAMS } from "../../request/sampling-params.js";
import * as errors from "../../util/errors.js";
import type { EngineCoreOutput, EngineCoreRequest } from "../transport.js";
import { errorFromData, errorToData } from "./error-data.js";
import { FrameReader, FrameWriter } from "./frames.js";
import type { CoreFigures, CoreMessage, FrontMessage } from "./messages.js";
import { outputFromRow, outputToRow } from "./output-row.js";
import { shiftProfile } from "./shift-profile.js";

function through<T>(message: T): T {
  const [back, ...more] = new FrameReader().read(new FrameWriter().frame(message));
  expect(more).toEqual([]);
  return back as T;
}

/** Of plain objects, as the engine makes them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}
const tokenId = fc.nat({ max: 300_000 });
const tokenIds = fc.array(tokenId);
const text = fc.string({ unit: "binary" });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const logprobs = record({ tokenIds, logprobs: fc.array(fc.double()), rank: fc.nat() });
const output: fc.Arbitrary<EngineCoreOutput> = record({
  requestId: text,
  newTokenIds: tokenIds,
  logprobs: orNull(fc.array(logprobs)),
  promptLogprobs: orNull(record({ start: fc.integer({ min: 1, max: 5000 }), rows: fc.array(logprobs) })),
  finishReason: orNull(fc.constantFrom<FinishReason>("stop", "length", "abort", "error", "repetition")),
  stopReason: orNull(fc.oneof(tokenId, text)),
  errorMessage: orNull(text),
  numCachedTokens: fc.integer({ min: -1 }),
});
const params = fc.record(
  {
    temperature: fc.double({ min: 0, max: 2 }),
    seed: orNull(fc.maxSafeInteger()),
    maxTokens: orNull(fc.nat()),
    logitBias: orNull(fc.dictionary(tokenId.map(String), fc.double(), { noNullPrototype: true })),
    allowedTokenIds: orNull(tokenIds),
    stop: fc.array(text),
    badWordsTokenIds: fc.array(tokenIds),
    repetitionDetection: orNull(record({ minPatternSize: fc.nat(), maxPatternSize: fc.nat(), minCount: fc.nat() })),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const request = fc.record(
  {
    requestId: text,
    promptTokenIds: tokenIds,
    params: params.map((some) => ({ ...DEFAULT_SAMPLING_PARAMS, ...some })),
    eosTokenIds: tokenIds,
    arrivalTime: fc.double(),
    priority: fc.integer(),
    cacheSalt: orNull(text),
    loraName: orNull(text),
  },
  { requiredKeys: ["requestId", "promptTokenIds", "params"], noNullPrototype: true },
) as fc.Arbitrary<EngineCoreRequest>;
const figures: CoreFigures = {
  numRunning: 1,
  numWaiting: 2,
  numDeferred: 1,
  kvCacheUsage: 0.25,
  numCachedBlocks: 7,
  numPreemptions: 3,
  prefixCache: { requests: 1, queries: 5, hits: 4, preemptedRequests: 0, preemptedQueries: 0, preemptedHits: 0 },
  numSteps: 2 ** 33,
  numScheduledTokens: 5,
  numGeneratedTokens: 6,
  jsTimeMs: { schedule: 0.1, update: 0.2, outputs: 1e-9 },
};
const config = parseEngineConfig({ model: "m", hfOverrides: { a: [null, { b: undefined }] }, maxModelLen: 100 }, {});
const span = { startMs: 10.5, endMs: 12 };
const profile = {
  ...{ step: 7, numTokens: 1, numRequests: 1, numSampled: 1, numRunning: 1, numWaiting: 0, ...span },
  phases: [{ name: "schedule" as const, ...span }],
  runs: [{ ...span, threads: 2, spans: Float64Array.of(0, 1, -1, -1), ops: [] }],
};

describe("messages", () => {
  test("from the front", () => {
    const front: fc.Arbitrary<FrontMessage> = fc.oneof(
      record({ type: fc.constant("add" as const), requests: fc.array(request) }),
      record({ type: fc.constant("abort" as const), requestIds: fc.array(text) }),
      record({ type: fc.constant("profile" as const), on: fc.boolean() }),
      record({
        type: fc.constant("call" as const),
        id: fc.nat(),
        name: fc.constantFrom("probe" as const, "resetPrefixCache" as const, "wakeUp" as const),
        args: fc.array(fc.oneof(fc.boolean(), fc.nat(), text, fc.array(text))),
      }),
      fc.constantFrom<FrontMessage>(
        { type: "ping" },
        { type: "close" },
        { type: "start", config, program: { application: "/app", architectures: ["X"] } },
      ),
    );
    fc.assert(
      fc.property(front, (message) => {
        expect(through(message)).toStrictEqual(message);
      }),
    );
  });

  test("from the core", () => {
    const speed = { bytesPerSecond: 1e10, flopsPerSecond: { f32: 1e11, bf16: 2e11 } };
    const core = fc.oneof(
      record({ type: fc.constant("log" as const), line: text }),
      record({
        type: fc.constant("answer" as const),
        id: fc.nat(),
        value: fc.constantFrom(true, undefined, speed),
      }),
      record({
        type: fc.constant("progress" as const),
        progress: record({ phase: text, done: fc.nat(), total: fc.double() }),
      }),
      fc.constantFrom<CoreMessage>(
        { type: "pong" },
        { type: "profile", profile },
        { type: "failed", error: errorToData(new errors.ConfigError("wrong")) },
      ),
    );
    fc.assert(
      fc.property(core, (message) => {
        expect(through(message)).toStrictEqual(message);
      }),
    );
  });

  test("a step's outputs", () => {
    fc.assert(
      fc.property(fc.array(output), fc.array(fc.double()), (outputs, times) => {
        const step = { outputs: outputs.map(outputToRow), stats: figures, times };
        const back = through({ type: "step" as const, step }).step;
        expect(back.outputs.map(outputFromRow)).toStrictEqual(outputs);
        expect({ ...back, outputs: [] }).toStrictEqual({ ...step, outputs: [] });
      }),
    );
  });

  test("a profile moves to another clock; spans stay", () => {
    const moved = shiftProfile(profile, 1000);
    expect([moved.startMs, moved.phases[0]!.endMs, moved.runs[0]!.startMs]).toEqual([1010.5, 1012, 1010.5]);
    expect(moved.runs[0]!.spans).toBe(profile.runs[0]!.spans);
  });
});

describe("errors", () => {
  const cross = (error: unknown) => errorFromData(through(errorToData(error)));

  test("keep class, code, message, stack and causes", () => {
    for (const [name, ErrorClass] of Object.entries(errors)) {
      if (name === "QuireError") continue;
      const cause = new TypeError("below");
      const error = new (ErrorClass as typeof errors.ConfigError)("above", { cause });
      const back = cross(error) as errors.QuireError;
      expect(back).toBeInstanceOf(ErrorClass);
      expect([back.name, back.code, back.message, back.stack]).toEqual([name, error.code, "above", error.stack]);
      expect(back.cause).toMatchObject({ name: "TypeError", message: "below" });
    }
    const refusal = new errors.RequestError("no", { param: "n", status: 404, code: "OTHER" });
    expect(cross(refusal)).toMatchObject({ param: "n", status: 404, code: "OTHER" });
    expect(cross(new errors.RequestError("no"))).toMatchObject({ param: null, status: 400, code: "INVALID_REQUEST" });
    expect(cross(new errors.QuireError("KERNEL", "op"))).toMatchObject({ code: "KERNEL", name: "QuireError" });
  });

  test("of others keep name and code; what is no error becomes one; circles end", () => {
    const missing = Object.assign(new Error("gone"), { code: "ENOENT" });
    expect(cross(missing)).toMatchObject({ name: "Error", code: "ENOENT", message: "gone" });
    expect(cross("just text")).toMatchObject({ message: "just text" });
    expect(cross(undefined)).toMatchObject({ message: "undefined" });
    missing.cause = missing;
    expect(cross(missing).cause).toMatchObject({ message: "gone" });
  });
});
