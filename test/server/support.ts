/** A server around the fake engine, and short ways to call it. */
import { parseServerConfig } from "../../src/config/server-config.js";
import type { ServerOptions } from "../../src/config/server-config.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { FakeEngine } from "./fake-engine.js";

export interface TestServer<E extends FakeEngine = FakeEngine> extends RunningServer {
  readonly engine: E;
  readonly log: string[];
  /** POSTs JSON (or a body as it is), and reads the answer. */
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; json: any; headers: Headers }>;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>;
  /** POSTs, and reads events to the end; `done` says whether [DONE] came last. */
  stream(path: string, body: object): Promise<{ events: any[]; done: boolean; text: string }>;
}

export async function testServer(
  options: ServerOptions = {},
  prepare: (engine: FakeEngine) => void = () => {},
): Promise<TestServer> {
  const engine = new FakeEngine();
  prepare(engine);
  return serverAround(engine, options);
}

export async function serverAround<E extends FakeEngine>(
  engine: E,
  options: ServerOptions = {},
): Promise<TestServer<E>> {
  const log: string[] = [];
  const config = parseServerConfig({ port: 0, ...options }, {});
  const server = await startServer(engine, config, { log: (line) => log.push(line), version: "1.2.3" });
  const call = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
  const init = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    url: server.url,
    routes: server.routes,
    get numOpenRequests() {
      return server.numOpenRequests;
    },
    close: () => server.close(),
    engine,
    log,
    async post(path, body, headers) {
      const response = await call(path, init(body, headers));
      const text = await response.text();
      return { status: response.status, json: text === "" ? undefined : JSON.parse(text), headers: response.headers };
    },
    async get(path, headers = {}) {
      const response = await call(path, { headers });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    async stream(path, body) {
      const response = await call(path, init({ stream: true, ...body }));
      const text = await response.text();
      const data = text
        .split("\n\n")
        .map((part) => part.replace(/^event: \S+\n/, ""))
        .filter((part) => part.startsWith("data: "))
        .map((part) => part.slice(6));
      const done = data.at(-1) === "[DONE]";
      return { events: data.filter((part) => part !== "[DONE]").map((part) => JSON.parse(part)), done, text };
    },
  };
}

/** Waits until the condition holds; fails after two seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`did not happen: ${what}`);
}
