/** Measured steps of a real model: the trace file, profileSteps, figures of recent steps, and the breakdown's sum. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/util/errors.js";
import { LLM } from "../../src/engine/llm.js";
import type { StepProfile } from "../../src/request/step-profile.js";
import { breakdown, decodeSteps, prefillSteps } from "../../src/tools/bench/breakdown.js";
import { platformsHere } from "../support/platforms.js";

const model = "models/quire-demo";
const folder = mkdtempSync(join(tmpdir(), "quire-profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

const params = { temperature: 0, maxTokens: 6, ignoreEos: true };
const prompts = ["Once upon a time", "The sun"];

/** Slices of one track: sorted, and checked to be side by side or one in the other. */
function track(events: readonly Event[], tid: number): Event[] {
  const slices = events.filter((event) => event.ph === "X" && event.tid === tid);
  slices.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const open: number[] = [];
  for (const { ts, dur } of slices) {
    while (open.length > 0 && open.at(-1)! <= ts + 0.0005) open.pop();
    if (open.length > 0) expect(ts + dur).toBeLessThanOrEqual(open.at(-1)! + 0.0015);
    open.push(ts + dur);
  }
  return slices;
}

describe.each(platformsHere().filter(({ label }) => !/portable|avx2/.test(label)))(
  "on $label",
  ({ label, options }) => {
    const threads = label === "reference" ? 1 : 2;
    const engine = { model, ...options, ...(threads > 1 ? { cpuThreads: threads } : {}) };

    test("--profile writes a track of JavaScript, one of ops, and one per thread", async () => {
      const path = join(folder, `${threads}.json`);
      await using llm = new LLM({ ...engine, profile: path });
      await llm.generate(prompts, params);
      const { numSteps } = llm.stats();
      await llm.close();
      const events = JSON.parse(readFileSync(path, "utf8")) as Event[];
      const tracks = events.filter(({ name }) => name === "thread_name").map(({ tid, args }) => [tid, args["name"]]);
      const threadTracks = Array.from({ length: threads }, (_, i) => [10 + i, `compute thread ${i}`]);
      expect(tracks).toEqual([[1, "JavaScript"], [3, "steps"], [2, "ops (all threads)"], ...threadTracks]);

      const javaScript = track(events, 1);
      const steps = track(events, 3);
      expect(steps.map(({ name }) => name)).toEqual(Array.from({ length: numSteps }, (_, i) => `step ${i}`));
      for (const name of ["schedule", "prepare", "collect", "update"])
        expect(javaScript.filter((slice) => slice.name === name).length).toBeGreaterThanOrEqual(numSteps);
      expect(javaScript.filter(({ name }) => name === "outputs").length).toBeGreaterThan(0);
      expect(steps.at(-1)!.args).toMatchObject({ numTokens: 2, numRequests: 2, numSampled: 2, numWaiting: 0 });

      const ops = track(events, 2);
      const runs = ops.filter(({ name }) => name === "native run");
      expect(runs.length).toBe(numSteps);
      const names = new Set(ops.map(({ name }) => name));
      for (const name of ["embedding", "pagedAttention", "sample"]) expect(names).toContain(name);
      const product = ops.find(({ name }) => name === "linear qkv_proj")!;
      expect(product.args).toMatchObject({ scope: "model.layers.0.self_attn.qkv_proj", flops: expect.any(Number) });
      expect(product.args["shapes"]).toMatch(/^f32\[\d+, \d+\], (b?f)(16|32)\[\d+, \d+\] -> f32\[\d+, \d+\]$/);
      for (const thread of threadTracks) {
        for (const slice of track(events, thread[0] as number)) {
          // Every thread's slice lies in a run.
          expect(runs.some(({ ts, dur }) => ts <= slice.ts + 0.001 && slice.ts + slice.dur <= ts + dur + 0.002)).toBe(
            true,
          );
        }
      }
    });

    test("the rows of a breakdown are the step, and stats know the last steps", async () => {
      await using llm = new LLM(engine);
      await llm.generate(prompts, params);
      const unmeasured = llm.stats();
      expect(unmeasured.recentSteps.count).toBe(unmeasured.numSteps);
      const { wallMs, nativeMs, outsideMs } = unmeasured.recentSteps;
      expect(nativeMs).toBeGreaterThan(0);
      expect(wallMs).toBeGreaterThan(nativeMs);
      expect(outsideMs).toBeGreaterThan(0);

      const steps: StepProfile[] = [];
      const stop = llm.profileSteps((step) => steps.push(step));
      const measured = await llm.generate(prompts, params);
      stop();
      const again = await llm.generate(prompts, params);
      expect(measured.map(({ outputs }) => outputs[0]!.text)).toEqual(again.map(({ outputs }) => outputs[0]!.text));
      expect(steps.length).toBeLessThan(llm.stats().numSteps - unmeasured.numSteps);
      const speed = await llm.probe();
      expect(speed === undefined).toBe(label === "reference");
      for (const kind of [decodeSteps(steps), prefillSteps(steps)]) {
        const result = breakdown(kind, speed)!;
        const rest = result.rest.reduce((sum, { microseconds }) => sum + microseconds, 0);
        expect((result.opsMicroseconds + rest) / result.stepMicroseconds).toBeCloseTo(1, 6);
        expect(result.ops.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(10_000);
      }
    });
  },
);

describe("a profile file that cannot be", () => {
  const missing = join(folder, "no", "such", "trace.json");

  test("stops the start, naming the flag, before anything is loaded", async () => {
    const loading = new LLM({ model: "org/there-is-no-such-model", profile: missing }).ready();
    await expect(loading).rejects.toThrow(ConfigError);
    await expect(new LLM({ model, profile: missing }).ready()).rejects.toThrow(/--profile.*there is no folder .*such/);
    await expect(new LLM({ model, profile: folder }).ready()).rejects.toThrow(/--profile.*no regular file/);
    expect(() => new LLM({ model, profile: "" })).toThrow(/--profile/);
  });

  test("a model that fails to load leaves an empty trace", async () => {
    const path = join(folder, "failed.json");
    writeFileSync(path, "old");
    await expect(new LLM({ model: folder, profile: path }).ready()).rejects.toThrow();
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual([]);
  });
});

test("a listener that fails ends alone", async () => {
  await using llm = new LLM({ model });
  await llm.ready();
  let calls = 0;
  llm.profileSteps(() => {
    calls++;
    throw new Error("no");
  });
  const [output] = await llm.generate(["a"], params);
  expect(output!.outputs[0]!.tokenIds.length).toBe(6);
  expect(calls).toBe(1);
});

test("stats before the model is loaded say what to do", () => {
  expect(() => new LLM({ model }).profileSteps(() => {})).toThrow(/await llm.ready/);
});
