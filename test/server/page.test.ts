/** The shell of the pages at / and /dashboard, their files, and the dashboard's data. */
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { curlLine } from "../../src/server/curl-line.js";
import { pageFiles } from "../../src/server/page-files.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
afterEach(() => server?.close());

const pages = ["/", "/dashboard"];

/** Addresses of files that a page names. */
const filesOf = (html: string) => [...html.matchAll(/(?:href|src|content)="(page\/[^"#]+)/g)].map(([, path]) => path!);

describe("the page's shell", () => {
  it("names files that are there, with the type that they are", async () => {
    server = await testServer();
    for (const path of pages) {
      const { status, text, headers } = await server.get(path);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("cache-control")).toBe("no-cache");
      const files = filesOf(text);
      expect(files.map((file) => file.slice(-4)).sort()).toContain(".css");
      for (const file of files) {
        const asset = await server.get(`/${file}`);
        expect(asset.status, file).toBe(200);
        const type = file.endsWith(".js") ? "text/javascript" : file.endsWith(".css") ? "text/css" : "image/svg+xml";
        expect(asset.headers.get("content-type"), file).toBe(`${type}; charset=utf-8`);
        expect(asset.headers.get("cache-control")).toContain("immutable");
        expect(asset.headers.get("x-content-type-options")).toBe("nosniff");
      }
    }
  });

  it("allows nothing but its own files, and has no script or style inside", async () => {
    server = await testServer();
    for (const path of pages) {
      const { text, headers } = await server.get(path);
      const policy = headers.get("content-security-policy")!;
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(text).not.toMatch(/<style|<script(?! type="module" src=)|\son\w+=|\sstyle=|https?:/);
      expect(text).not.toContain("{{");
    }
  });

  it("is small: under 300 KB in all", async () => {
    const files = [...(await pageFiles()).values()];
    expect(files.length).toBeGreaterThan(6);
    expect(files.reduce((total, { body }) => total + body.length, 0)).toBeLessThan(300_000);
  });

  it("is sent compressed to whom it suits, and not again to whom has it", async () => {
    server = await testServer();
    const [file] = filesOf((await server.get("/")).text).filter((path) => path.endsWith(".js"));
    const plain = await server.get(`/${file}`, { "Accept-Encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    const packed = await server.get(`/${file}`, { "Accept-Encoding": "br, gzip" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.text).toBe(plain.text);
    const refused = await server.get(`/${file}`, { "Accept-Encoding": "gzip;q=0" });
    expect(refused.headers.get("content-encoding")).toBeNull();
    for (const path of ["/", `/${file}`]) {
      const etag = (await server.get(path)).headers.get("etag")!;
      const again = await server.get(path, { "If-None-Match": `"other", W/${etag}` });
      expect([again.status, again.text]).toEqual([304, ""]);
      expect((await server.get(path, { "If-None-Match": '"other"' })).status).toBe(200);
    }
    const stored = (await pageFiles()).get(file!.slice("page/".length))!;
    expect(gunzipSync(await stored.gzipped())).toEqual(stored.body);
  });

  it("has no other files", async () => {
    server = await testServer();
    const paths = ["nothing.js", "index.html", "..%2findex.html", "../../package.json", "__proto__", "%00", ""];
    for (const path of paths) {
      const { status, text } = await server.get(`/page/${path}`);
      expect(status, path).toBe(404);
      expect(JSON.parse(text).error.code).toBe(404);
    }
  });

  it("works under a root path, through a proxy that takes it off or not", async () => {
    server = await testServer({ rootPath: "/llm" });
    for (const path of ["/llm", "/llm/", "/", "/llm/dashboard"]) {
      const { text, headers } = await server.get(path);
      expect(text, path).toContain('<base href="/llm/" />');
      expect(headers.get("content-security-policy")).toContain("base-uri 'self'");
      for (const file of filesOf(text)) expect((await server.get(`/llm/${file}`)).status).toBe(200);
    }
  });

  it("sends /dashboard/ to where its relative addresses are right", async () => {
    server = await testServer();
    const response = await fetch(`${server.url}/dashboard/`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([307, "../dashboard"]);
  });
});

describe("the dashboard's data", () => {
  it("is there for an engine that tells nothing, and wants the key", async () => {
    server = await testServer({ apiKey: ["secret"] });
    expect((await server.get("/dashboard/data")).status).toBe(401);
    const { status, text, headers } = await server.get("/dashboard/data", { Authorization: "Bearer secret" });
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(JSON.parse(text)).toMatchObject({
      version: "1.2.3",
      isResponding: true,
      model: { names: ["fake-model", "org/alias"], maxModelLen: 64, hasChatTemplate: true },
      now: { numRunning: 0, numWaiting: 0, numOpenRequests: 0 },
      seconds: [],
      requests: [],
    });
  });

  it("says when there is no chat template", async () => {
    server = await testServer(
      {},
      (engine) => (engine.tokenizer = { ...engine.tokenizer!, chatTemplate: undefined } as never),
    );
    expect(JSON.parse((await server.get("/dashboard/data?since=none")).text).model.hasChatTemplate).toBe(false);
  });

  it.each(["x", "", "NaN", "1&since=2"])("refuses since=%s", async (since) => {
    server = await testServer();
    const { status, text } = await server.get(`/dashboard/data?since=${since}`);
    expect(status).toBe(400);
    expect(JSON.parse(text).error.param).toBe("since");
  });
});

it("the command line calls chat where there is a template, completions elsewhere", async () => {
  server = await testServer();
  const { engine, url } = server;
  expect(curlLine(engine, url)).toContain(`curl ${url}/v1/chat/completions`);
  engine.tokenizer = { ...engine.tokenizer!, chatTemplate: undefined } as never;
  expect(curlLine(engine, url)).toContain(`curl ${url}/v1/completions`);
});
