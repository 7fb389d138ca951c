/** The server's log: requests, answers, levels; never a key, a prompt only when asked for. */
import { describe, expect, it } from "vitest";
import { parseServerConfig } from "../../src/config/server-config.js";
import type { ServerOptions } from "../../src/config/server-config.js";
import { startServer } from "../../src/server/server.js";
import { ServerLog } from "../../src/server/server-log.js";
import { FakeEngine } from "./fake-engine.js";
import { until } from "./support.js";

async function serve(options: ServerOptions) {
  const lines: string[] = [];
  const fields: unknown[] = [];
  const log = (line: string, level: string, more?: object) => {
    lines.push(`${level}: ${line}`);
    fields.push(more);
  };
  const config = parseServerConfig({ port: 0, ...options }, {});
  const server = await startServer(new FakeEngine(), config, { log, accessLog: true });
  const post = (body: object, headers = {}) =>
    fetch(`${server.url}/v1/completions`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return { server, lines, fields, post };
}

describe("the access log", () => {
  it("has a line for each answer, streams too", async () => {
    const { server, lines, fields, post } = await serve({});
    await (await post({ prompt: "secret words", max_tokens: 2 })).text();
    await (await post({ prompt: "secret words", max_tokens: 2, stream: true })).text();
    await (await fetch(`${server.url}/nope?x=%0a1`)).text();
    await until(() => lines.length === 3, "three lines");
    expect(lines[0]).toMatch(/^info: 127\.0\.0\.1:\d+ - "POST \/v1\/completions HTTP\/1\.1" 200 OK$/);
    expect(lines[2]).toMatch(/"GET \/nope\?x=%0a1 HTTP\/1\.1" 404 Not Found$/);
    expect(fields[2]).toMatchObject({ method: "GET", url: "/nope?x=%0a1", status: 404, ms: expect.any(Number) });
    expect(lines.join()).not.toContain("secret");
    await server.close();
  });

  it.each([
    [{ disableUvicornAccessLog: true }],
    [{ uvicornLogLevel: "WARNING" }],
    [{ logLevel: "error" }],
    [{ disableAccessLogForEndpoints: ["/health,/v1/completions"] }],
  ])("is silent with %o", async (options) => {
    const { server, lines, post } = await serve(options);
    await (await post({ prompt: "a", max_tokens: 1 })).text();
    await server.close();
    expect(lines).toEqual([]);
  });
});

describe("--enable-log-requests", () => {
  it("shows ids and parameters, the prompt only as far as --max-log-len goes, and never a key", async () => {
    const quiet = { disableUvicornAccessLog: true, enableLogRequests: true, apiKey: ["sk-very-secret"] };
    const headers = { Authorization: "Bearer sk-very-secret" };
    const without = await serve(quiet);
    await (await without.post({ prompt: "my own words", max_tokens: 3, temperature: 0.5 }, headers)).text();
    await without.server.close();
    const received = without.lines.find((line) => line.includes("Received request"))!;
    expect(received).toMatch(/^info: Received request cmpl-[0-9a-f]{32}-0-\w+: params: \{.*"temperature":0\.5/);
    expect(received).toContain('"maxTokens":3');
    expect(without.lines.join()).not.toMatch(/own|secret/);

    const some = await serve({ ...quiet, maxLogLen: 5 });
    await (await some.post({ prompt: "my own words", max_tokens: 3 }, headers)).text();
    await (await some.post({ prompt: [1, 2, 3, 4, 5, 6, 7], max_tokens: 3 }, headers)).text();
    await some.server.close();
    const shown = some.lines.filter((line) => line.includes("Received request"));
    expect(shown[0]).toMatch(/, prompt: "my ow"$/);
    expect(shown[1]).toMatch(/, prompt_token_ids: \[1, 2, 3, 4, 5\]$/);
    expect(some.lines.join()).not.toContain("secret");
  });
});

describe("ServerLog", () => {
  it("leaves out lines below its level, and control characters", () => {
    const lines: string[] = [];
    const log = new ServerLog((line, level) => lines.push(`${level} ${line}`), "warning");
    log.line("not this");
    log.once("a\u001b[31m\nb");
    log.once("a\u001b[31m\nb");
    log.line("bad", "error");
    expect(lines).toEqual(["warning a [31m b", "error bad"]);
  });

  it("refuses levels that are none", () => {
    expect(() => parseServerConfig({ logLevel: "loud" }, {})).toThrow(/--log-level.*debug, info, warning/s);
    expect(parseServerConfig({ logLevel: "NOTSET" }, {}).logLevel).toBe("debug");
    expect(parseServerConfig({}, { QUIRE_LOGGING_LEVEL: "ERROR" }).logLevel).toBe("error");
  });
});
