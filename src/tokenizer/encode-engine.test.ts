import { afterEach, describe, expect, it, vi } from "vitest";
import { createEncodeEngine } from "./encode-engine.js";
import * as nativePackage from "./native-package.js";
import { checkTokenizerJson } from "./tokenizer-json.js";

const json = checkTokenizerJson(
  { model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] }, version: "1.0" },
  "test",
);
const serialized = (): string => JSON.stringify(json);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the choice of engine", () => {
  it("is native by default", async () => {
    const log = vi.fn<(line: string) => void>();
    const engine = await createEncodeEngine(json, serialized, "test", { log });
    expect([engine.name, engine.encodeSync]).toEqual(["native", undefined]);
    expect(await engine.encode("abab")).toEqual([2, 2]);
    expect(log).not.toHaveBeenCalled();
  });

  it("falls back to JavaScript with one line of log where the native file does not load", async () => {
    vi.spyOn(nativePackage, "loadTokenizers").mockImplementation(() => {
      throw new Error("no binary\nfor this platform");
    });
    const log = vi.fn<(line: string) => void>();
    const engine = await createEncodeEngine(json, serialized, "test", { log });
    expect(engine.name).toBe("javascript");
    expect(await engine.encode("abab")).toEqual([2, 2]);
    expect(engine.encodeSync!("ab")).toEqual([2]);
    expect(log).toHaveBeenCalledTimes(1);
    expect(log.mock.calls[0]![0]).toMatch(/^tokenizer: the native engine does not load .*[^\n]$/);
    await expect(createEncodeEngine(json, serialized, "test", { engine: "native" })).rejects.toThrow();
  });
});
