import { describe, expect, it } from "vitest";
import { ConfigError } from "../util/errors.js";
import { parseServerConfig } from "./server-config.js";
import type { ServerOptions } from "./server-config.js";

describe("parseServerConfig", () => {
  it("listens on this machine alone, on vLLM's port, without a key", () => {
    const config = parseServerConfig({}, {});
    expect(config).toMatchObject({ host: "127.0.0.1", port: 8000, apiKey: [], shutdownTimeout: 0, allowedOrigins: [] });
    expect(Object.isFrozen(config.apiKey)).toBe(true);
  });

  it("takes keys from the environment, one or several", () => {
    expect(parseServerConfig({}, { QUIRE_API_KEY: "a, b" }).apiKey).toEqual(["a", "b"]);
    expect(parseServerConfig({ apiKey: "c" }, { QUIRE_API_KEY: "a" }).apiKey).toEqual(["c"]);
  });

  it.each([
    [{ port: 70_000 }, "port (--port): expected an integer in [0, 65535]; got 70000"],
    [{ maxBodyBytes: "10" }, "maxBodyBytes (--max-body-bytes)"],
    [{ rootPath: "llm" }, 'rootPath (--root-path): expected a path like /llm; got "llm"'],
    [{ shutdownTimeout: -1 }, "shutdownTimeout (--shutdown-timeout): expected a number of seconds from 0; got -1"],
    [{ hots: "x" }, "hots: there is no such option; did you mean host?"],
    [{ apiKey: [""] }, "apiKey (--api-key): expected a key or a list of keys; got something else"],
  ])("refuses %j", (options, message) => {
    expect(() => parseServerConfig(options as ServerOptions, {})).toThrow(ConfigError);
    expect(() => parseServerConfig(options as ServerOptions, {})).toThrow(message);
  });
});
