/** The development routes: which there are, and what they ask of the engine. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeEach(async () => void (server = await testServer({ serverDevMode: true })));
afterEach(() => server.close());

const post = (path: string, body?: unknown) => server.post(path, body ?? {});
const get = async (path: string) => {
  const { status, text } = await server.get(path);
  return [status, JSON.parse(text)];
};

it("are there in development mode alone", async () => {
  const plain = await testServer();
  for (const path of ["/sleep", "/wake_up", "/pause", "/resume", "/abort_requests", "/reset_prefix_cache"])
    expect((await plain.post(path, {})).status).toBe(404);
  for (const path of ["/is_sleeping", "/is_paused", "/server_info"]) expect((await plain.get(path)).status).toBe(404);
  await plain.close();
});

describe("/sleep and /wake_up", () => {
  it("hand level, mode and tags on, and answer with nothing", async () => {
    expect(await get("/is_sleeping")).toEqual([200, { is_sleeping: false }]);
    expect(await post("/sleep?level=2&mode=wait")).toMatchObject({ status: 200, json: undefined });
    expect(await get("/is_sleeping")).toEqual([200, { is_sleeping: true }]);
    await post("/wake_up?tags=weights&tags=kv_cache");
    await post("/sleep");
    expect((await post("/wake_up")).status).toBe(200);
    expect(server.engine.controls).toEqual([
      ["sleep", 2, "wait"],
      ["wakeUp", ["weights", "kv_cache"]],
      ["sleep", 1, "abort"],
      ["wakeUp", undefined],
    ]);
  });

  it.each([
    ["/sleep?level=deep", "level"],
    ["/sleep?level=1.5", "level"],
    ["/sleep?mode=softly", "mode"],
    ["/pause?mode=", "mode"],
    ["/pause?clear_cache=perhaps", "clear_cache"],
    ["/reset_prefix_cache?reset_running_requests=2", "reset_running_requests"],
  ])("refuses %s", async (path, param) => {
    const { status, json } = await post(path);
    expect([status, json.error.param]).toEqual([400, param]);
    expect(server.engine.controls).toEqual([]);
  });

  it("needs no body and no content type", async () => {
    const answer = await fetch(`${server.url}/sleep`, { method: "POST" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("/pause and /resume", () => {
  it("hand the mode on", async () => {
    expect((await post("/pause?mode=keep&clear_cache=false")).json).toEqual({ status: "paused" });
    expect(await get("/is_paused")).toEqual([200, { is_paused: true }]);
    expect((await post("/resume")).json).toEqual({ status: "resumed" });
    expect(await get("/is_paused")).toEqual([200, { is_paused: false }]);
    await post("/pause");
    await post("/pause?wait_for_inflight_requests=true");
    expect(server.engine.controls).toEqual([
      ["pauseGeneration", { mode: "keep", clearCache: false }],
      ["pauseGeneration", { mode: "abort", clearCache: true }],
      ["pauseGeneration", { mode: "wait", clearCache: true }],
    ]);
  });
});

describe("/abort_requests", () => {
  it("ends all requests, or those that are named", async () => {
    expect((await post("/abort_requests", { request_ids: ["a", "b"] })).json).toEqual({
      status: "aborted",
      aborted: 2,
    });
    expect((await post("/abort_requests", { request_ids: [] })).json).toEqual({ status: "aborted", aborted: 7 });
    await fetch(`${server.url}/abort_requests`, { method: "POST" });
    expect(server.engine.controls.map(([, ids]) => ids)).toEqual([["a", "b"], undefined, undefined]);
    expect((await post("/abort_requests", { request_ids: "a" })).json.error.param).toBe("request_ids");
  });
});

describe("/reset_prefix_cache", () => {
  it("says whether it did", async () => {
    expect((await post("/reset_prefix_cache")).json).toEqual({ success: true });
    server.engine.canReset = false;
    expect((await post("/reset_prefix_cache?reset_running_requests=true&reset_external=true")).json).toEqual({
      success: false,
    });
    expect(server.engine.controls).toEqual([
      ["resetPrefixCache", false],
      ["resetPrefixCache", true],
    ]);
  });
});

describe("/server_info", () => {
  it("tells the options as text or as an object, and no keys", async () => {
    process.env.QUIRE_API_KEY_TEST = "secret";
    const [status, info] = await get("/server_info?config_format=json");
    delete process.env.QUIRE_API_KEY_TEST;
    expect(status).toBe(200);
    expect(info.vllm_config).toEqual({ model: "fake" });
    expect(JSON.stringify(info)).not.toContain("secret");
    expect((await get("/server_info"))[1].vllm_config).toContain("fake");
    expect((await get("/server_info?config_format=xml"))[0]).toBe(400);
  });
});
