import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readEnvironment } from "./environment.js";

describe("readEnvironment", () => {
  it("finds the hub and its cache as huggingface_hub does", () => {
    const home = join(homedir(), ".cache", "huggingface");
    expect(readEnvironment({})).toEqual({
      hfEndpoint: "https://huggingface.co",
      hfToken: undefined,
      hfTokenPath: join(home, "token"),
      hfHubCache: join(home, "hub"),
      hfHubOffline: false,
      pluginAllowList: undefined,
      openaiApiKey: undefined,
      multiprocessing: true,
      logStatsInterval: 10,
      otlpTracesProtocol: "http/protobuf",
      debug: false,
    });
    expect(readEnvironment({ XDG_CACHE_HOME: "/x" }).hfHubCache).toBe("/x/huggingface/hub");
    expect(readEnvironment({ HF_HOME: "/h", XDG_CACHE_HOME: "/x" }).hfHubCache).toBe("/h/hub");
    expect(readEnvironment({ HF_HUB_CACHE: "~/c", HF_HOME: "/h" }).hfHubCache).toBe(join(homedir(), "c"));
    expect(readEnvironment({ HF_ENDPOINT: "http://mirror/" }).hfEndpoint).toBe("http://mirror");
    expect(readEnvironment({ HF_HOME: "/h" }).hfTokenPath).toBe("/h/token");
  });

  it("reads switches and lists", () => {
    for (const yes of ["1", "true", "YES", "on"])
      expect(readEnvironment({ HF_HUB_OFFLINE: yes }).hfHubOffline).toBe(true);
    for (const no of ["0", "false", "", "no"]) expect(readEnvironment({ HF_HUB_OFFLINE: no }).hfHubOffline).toBe(false);
    expect(readEnvironment({ QUIRE_PLUGINS: "a, b" }).pluginAllowList).toEqual(["a", "b"]);
    expect(readEnvironment({ QUIRE_PLUGINS: "" }).pluginAllowList).toEqual([]);
    expect(readEnvironment({ HF_TOKEN: "" }).hfToken).toBeUndefined();
  });
});
