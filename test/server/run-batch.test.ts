/** `quire run-batch` without the command: lines in, lines out, in order, whatever they hold and however the batch ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseServerConfig } from "../../src/config/server-config.js";
import { byteLines } from "../../src/server/batch/byte-lines.js";
import { OrderedFile } from "../../src/server/batch/ordered-file.js";
import { runBatch } from "../../src/server/batch/run-batch.js";
import type { BatchOptions } from "../../src/server/batch/run-batch.js";
import { EngineDeadError, ResourceError } from "../../src/util/errors.js";
import { FakeEngine } from "./fake-engine.js";

const folder = mkdtempSync(join(tmpdir(), "quire-batch-"));
afterAll(() => rmSync(folder, { recursive: true }));
let numFiles = 0;

const line = (id: unknown, fields: object = {}, body: object = {}) =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/completions",
    body: { prompt: "a", max_tokens: 2, ...body },
    ...fields,
  });

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

interface Ran {
  readonly path: string;
  readonly counts: { done: number; failed: number };
  readonly out: any[];
}

async function batch(engine: FakeEngine, text: string, options: Partial<BatchOptions> = {}, chunk = 7): Promise<Ran> {
  const path = join(folder, `out${numFiles++}.jsonl`);
  const file = await OrderedFile.create(path);
  const config = parseServerConfig({ maxBodyBytes: 2000 }, { QUIRE_API_KEY: "" });
  const all = { concurrency: 4, signal: new AbortController().signal, onProgress: () => {}, log: () => {}, ...options };
  const counts = await runBatch(engine, config, chunked(text, chunk), file, all);
  expect(existsSync(path)).toBe(false);
  await file.finish();
  expect(existsSync(file.partialPath)).toBe(false);
  const lines = readFileSync(path, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  return { path, counts, out: lines.map((one) => JSON.parse(one)) };
}

describe("lines", () => {
  it("are cut at line feeds, wherever the chunks end; long ones are told", async () => {
    const text = `a\r\n\nbcdefghij\nlongerthanten\nü\nend`;
    for (let size = 1; size < 20; size++) {
      const lines: (string | undefined)[] = [];
      for await (const bytes of byteLines(chunked(text, size), 10)) lines.push(bytes?.toString());
      expect(lines).toEqual(["a", "", "bcdefghij", undefined, "ü", "end"]);
    }
  });
});

describe("a batch", () => {
  it("answers in order, by the endpoints' own answers", async () => {
    const engine = new FakeEngine();
    const chat = { url: "/v1/chat/completions", body: { messages: [{ role: "user", content: "x" }], max_tokens: 1 } };
    const { out, counts } = await batch(engine, [line("1"), line("2", chat), "", line("3")].join("\n"));
    expect(counts).toEqual({ done: 3, failed: 0 });
    expect(out.map((one) => one.custom_id)).toEqual(["1", "2", "3"]);
    expect(out[0]).toEqual({
      id: expect.stringMatching(/^batch_req_[0-9a-f]{32}$/),
      custom_id: "1",
      response: { status_code: 200, request_id: expect.stringMatching(/^batch-/), body: expect.any(Object) },
      error: null,
    });
    expect(out[0].response.body).toMatchObject({ object: "text_completion", choices: [{ text: expect.any(String) }] });
    expect(out[1].response.body).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { role: "assistant" } }],
    });
  });

  it("answers a wrong line with an error, and goes on", async () => {
    const lines = [
      line("ok"),
      "nonsense",
      "[1]",
      line(undefined),
      line(5),
      line("ok"),
      line("get", { method: "GET" }),
      line("url", { url: "/v1/embeddings" }),
      line("path", { url: "http://example.org/v1/completions" }),
      line("body", { body: [1] }),
      line("stream", {}, { stream: true }),
      line("field", {}, { max_tokens: -1 }),
      line("model", {}, { model: "other" }),
      line("long", {}, { pad: "x".repeat(3000) }),
      line("last"),
    ];
    const { out, counts } = await batch(new FakeEngine(), lines.join("\r\n"), {}, 1000);
    expect(counts).toEqual({ done: 15, failed: 13 });
    expect(out.map((one) => one.response.status_code)).toEqual([200, ...Array(11).fill(400), 404, 413, 200]);
    expect(out.map((one) => one.custom_id).slice(0, 7)).toEqual(["ok", null, null, null, null, "ok", "get"]);
    for (const one of out.filter(({ error }) => error !== null)) {
      expect(one.error).toEqual(one.response.body);
      expect(one.error.error).toMatchObject({ message: expect.any(String), code: one.response.status_code });
    }
    expect(out[1].error.error.message).toMatch(/^line 2: .*not valid JSON/);
    expect(out[7].error.error).toMatchObject({
      param: "url",
      message: expect.stringContaining("/v1/chat/completions"),
    });
  });

  it("runs as many at a time as it may, and keeps the order when the first is the last to end", async () => {
    const engine = new FakeEngine();
    engine.stepMs = 2;
    let most = 0;
    const onProgress = () => (most = Math.max(most, engine.calls.filter(({ ended }) => ended === "open").length));
    const ids = Array.from({ length: 30 }, (_, i) => String(i));
    const text = ids.map((id) => line(id, {}, { max_tokens: id === "0" ? 60 : 1 })).join("\n");
    const { out } = await batch(engine, text, { concurrency: 5, onProgress });
    expect(out.map((one) => one.custom_id)).toEqual(ids);
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(5);
  });

  it("keeps what is done when it is interrupted, and ends the open requests", async () => {
    const engine = new FakeEngine();
    engine.stepMs = 20;
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("interrupted"));
    const text = [line("short", {}, { max_tokens: 1 }), line("long", {}, { max_tokens: 60 }), line("never")].join("\n");
    const path = join(folder, "interrupted.jsonl");
    const file = await OrderedFile.create(path);
    const options = { concurrency: 2, signal: abort.signal, onProgress, log: () => {} };
    const running = runBatch(engine, parseServerConfig({}, {}), chunked(text, 1000), file, options);
    await expect(running).rejects.toThrow("interrupted");
    await file.abandon();
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(file.partialPath, "utf8")).toContain('"custom_id":"short"');
    expect(engine.calls.every(({ ended }) => ended !== "open")).toBe(true);
  });

  it("ends with the engine", async () => {
    const engine = new FakeEngine();
    engine.stepMs = 5;
    setTimeout(() => (engine.isDead = true), 30);
    const text = Array.from({ length: 50 }, (_, i) => line(String(i), {}, { max_tokens: 60 })).join("\n");
    await expect(batch(engine, text)).rejects.toThrow(EngineDeadError);
  });

  it("ends when the disk is full", async () => {
    const path = join(folder, "full.jsonl");
    symlinkSync("/dev/full", `${path}.partial`);
    const file = await OrderedFile.create(path);
    const options = { concurrency: 2, signal: new AbortController().signal, onProgress: () => {}, log: () => {} };
    const running = runBatch(new FakeEngine(), parseServerConfig({}, {}), chunked(line("1"), 1000), file, options);
    await expect(running).rejects.toThrow(ResourceError);
    await expect(OrderedFile.create("/no/such/folder/file")).rejects.toThrow(/cannot be written \(ENOENT\)/);
  });
});
