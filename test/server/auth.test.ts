/** Every route that exists is tried without a key: open are only those that are listed. */
import { afterEach, describe, expect, it } from "vitest";
import { OPEN_ROUTES } from "../../src/server/auth.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
afterEach(() => server.close());

/** A path that the route takes. */
const example = (path: string) => path.replace(/:[a-zA-Z]+/g, "x").replace("*", "x");

async function statuses(headers: Record<string, string>): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { method, path } of server.routes) {
    const body = method === "GET" || method === "HEAD" ? {} : { body: "{}" };
    const all = { ...headers, "Content-Type": "application/json" };
    const response = await fetch(server.url + example(path), { method, headers: all, ...body });
    await response.arrayBuffer();
    found.set(`${method} ${path}`, response.status);
  }
  return found;
}

describe("with a key", () => {
  it.each([false, true])("every route but the open ones wants it (--api-key-metrics %s)", async (apiKeyMetrics) => {
    server = await testServer({ apiKey: ["key"], apiKeyMetrics });
    expect(server.routes.length).toBeGreaterThan(8);
    const isOpen = (path: string) => OPEN_ROUTES.has(path) || (path === "/metrics" && !apiKeyMetrics);
    const without = await statuses({});
    for (const { method, path } of server.routes) {
      const status = without.get(`${method} ${path}`);
      if (isOpen(path)) expect(status, path).not.toBe(401);
      else expect(status, path).toBe(401);
    }
    for (const [route, status] of await statuses({ Authorization: "Bearer key" })) expect(status, route).not.toBe(401);
    expect(server.engine.calls).toEqual([]);
  });

  it("the connection lives on after a refusal, and what follows is understood", async () => {
    server = await testServer({ apiKey: ["key"] });
    const headers = { "Content-Type": "application/json", Authorization: "Bearer key" };
    const body = JSON.stringify({ prompt: "a", max_tokens: 1, pad: "x".repeat(100_000) });
    for (const [extra, status] of [
      [{ Authorization: "Bearer no" }, 401],
      [{}, 200],
      [{ Authorization: "" }, 401],
      [{}, 200],
    ] as const) {
      const all = { ...headers, ...extra };
      const response = await fetch(`${server.url}/v1/completions`, { method: "POST", headers: all, body });
      expect(response.status).toBe(status);
      expect(response.headers.get("connection")).toBe("keep-alive");
      await response.text();
    }
  });
});
