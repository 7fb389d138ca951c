import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "../config/environment.js";
import { CheckpointError, ConfigError, ResourceError } from "../util/errors.js";
import { downloadModel, resolveModel } from "./hub-download.js";
import type { DownloadOptions } from "./hub-download.js";
import { chooseFiles, isSafePath, parseModelId } from "./hub-plan.js";

const COMMIT = "c0ffee".padEnd(40, "0");
const WEIGHTS = randomBytes(300_000);

interface Seen {
  url: string;
  range: string | undefined;
  authorization: string | undefined;
  host: "hub" | "cdn";
}

/** A hub with a second server to which it redirects large files. */
class FakeHub {
  readonly files = new Map<string, Buffer>();
  readonly seen: Seen[] = [];
  /** Bytes of a large file after which the connection is cut, per request in order. */
  cuts: number[] = [];
  /** Instead of the true hash. */
  wrongHash = false;
  /** Answers for the listing before the true one. */
  failures: number[] = [];
  extraSiblings: unknown[] = [];
  /** Milliseconds before each file. */
  delayMs = 0;
  ignoreRange = false;
  readonly #servers: Server[] = [];
  #hub!: Server;
  #cdn!: Server;

  async start(): Promise<void> {
    const listen = (handler: (request: IncomingMessage, response: ServerResponse) => void) =>
      new Promise<Server>((resolve) => {
        const server = createServer(handler).listen(0, "127.0.0.1", () => resolve(server));
        this.#servers.push(server);
      });
    this.#cdn = await listen((request, response) => this.#handle("cdn", request, response));
    this.#hub = await listen((request, response) => this.#handle("hub", request, response));
  }

  stop(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  fetched(name: string): Seen[] {
    return this.seen.filter((one) => one.host === "cdn" && one.url.endsWith(name));
  }

  #handle(host: "hub" | "cdn", request: IncomingMessage, response: ServerResponse): void {
    const url = decodeURIComponent(request.url!);
    this.seen.push({ url, range: request.headers.range, authorization: request.headers.authorization, host });
    if (url.startsWith("/api/models/")) return this.#list(url, response);
    const name = url.split("/").slice(5).join("/");
    const content = this.files.get(name);
    if (content === undefined) return void response.writeHead(404).end();
    if (host === "hub" && content.length > 1000) {
      const location = `http://127.0.0.1:${(this.#cdn.address() as AddressInfo).port}${request.url}`;
      return void response.writeHead(302, { location }).end();
    }
    setTimeout(() => this.#send(content, request, response), this.delayMs);
  }

  #list(url: string, response: ServerResponse): void {
    const failure = this.failures.shift();
    if (failure !== undefined) return void response.writeHead(failure).end();
    if (!/^\/api\/models\/org\/tiny\/revision\/(main|v1)\?blobs=true$/.test(url))
      return void response.writeHead(404).end();
    const hash = (kind: string, ...parts: (string | Buffer)[]) =>
      parts.reduce((sum, part) => sum.update(part), createHash(kind)).digest("hex");
    const siblings = [...this.files].map(([rfilename, content]) => {
      const size = content.length;
      const blobId = hash("sha1", `blob ${size}\0`, content);
      if (size <= 1000) return { rfilename, size, blobId };
      const sha256 = this.wrongHash ? "0".repeat(64) : hash("sha256", content);
      return { rfilename, size, blobId, lfs: { sha256, size, pointerSize: 134 } };
    });
    response.end(JSON.stringify({ sha: COMMIT, siblings: [...siblings, ...this.extraSiblings] }));
  }

  #send(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const start = this.ignoreRange ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const headers: Record<string, string | number> = { "content-length": content.length - start };
    if (start > 0) headers["content-range"] = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(start > 0 ? 206 : 200, headers);
    const cut = content.length > 1000 ? this.cuts.shift() : undefined;
    if (cut === undefined) return void response.end(content.subarray(start));
    response.write(content.subarray(start, start + cut), () => setTimeout(() => response.destroy(), 20));
  }
}

let hub: FakeHub;
let cache: string;

beforeEach(async () => {
  hub = new FakeHub();
  hub.files.set("config.json", Buffer.from('{"model_type": "llama"}'));
  hub.files.set("tokenizer.json", Buffer.from("{}"));
  hub.files.set("model.safetensors", WEIGHTS);
  hub.files.set("pytorch_model.bin", Buffer.alloc(2000));
  hub.files.set("README.md", Buffer.from("hello"));
  hub.files.set("onnx/model.onnx", Buffer.alloc(2000));
  await hub.start();
  cache = mkdtempSync(join(tmpdir(), "quire-hub-"));
});

afterEach(() => {
  hub.stop();
  rmSync(cache, { recursive: true, force: true });
});

function options(more: DownloadOptions & { variables?: Record<string, string> } = {}): DownloadOptions {
  const { variables = {}, ...rest } = more;
  const environment = readEnvironment({
    HF_ENDPOINT: `${hub.endpoint}/`,
    HF_HUB_CACHE: cache,
    HF_HOME: cache,
    ...variables,
  });
  return { environment, retryWaitMs: 1, idleTimeoutMs: 5000, ...rest };
}

const root = () => join(cache, "models--org--tiny");
const resolve = (more = {}) => resolveModel("org/tiny", options(more));

describe("downloadModel", () => {
  it("fills the Hugging Face cache with what a model needs, safetensors before .bin", async () => {
    const progress: number[] = [];
    const folder = await resolve({
      onProgress: (p: { bytesDone: number; bytesTotal: number }) => {
        expect(p.bytesTotal).toBe(WEIGHTS.length + 25);
        progress.push(p.bytesDone);
      },
    });
    expect(folder).toBe(join(root(), "snapshots", COMMIT));
    expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
    expect(readFileSync(join(folder, "model.safetensors")).equals(WEIGHTS)).toBe(true);
    const sha = createHash("sha256").update(WEIGHTS).digest("hex");
    expect(readlinkSync(join(folder, "model.safetensors"))).toBe(`../../blobs/${sha}`);
    expect(readFileSync(join(root(), "refs", "main"), "utf8")).toBe(COMMIT);
    expect(progress.at(-1)).toBe(WEIGHTS.length + 25);
    expect(existsSync(join(cache, ".locks", "models--org--tiny", "quire.lock"))).toBe(false);
  });

  it("asks nobody when the cache is complete, and fetches only what is missing otherwise", async () => {
    const folder = await resolve();
    hub.seen.length = 0;
    expect(await resolve()).toBe(folder);
    expect(hub.seen).toEqual([]);
    rmSync(join(root(), "blobs", readlinkSync(join(folder, "config.json")).split("/").at(-1)!));
    expect(await resolve()).toBe(folder);
    expect(hub.seen.map((one) => one.url)).toEqual([
      "/api/models/org/tiny/revision/main?blobs=true",
      `/org/tiny/resolve/${COMMIT}/config.json`,
    ]);
  });

  it("goes on where a cut connection stopped, within one call", async () => {
    hub.cuts = [100_000, 50_000];
    const folder = await resolve();
    expect(readFileSync(join(folder, "model.safetensors")).equals(WEIGHTS)).toBe(true);
    const ranges = hub.fetched("model.safetensors").map((one) => one.range);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it("goes on in a later call, and gives up after tries that bring nothing", async () => {
    hub.cuts = [120_000, 0, 0];
    await expect(resolve({ maxTries: 2 })).rejects.toThrow(/gave up after 2 tries; what came is kept/);
    const partial = readdirSync(join(root(), "blobs")).find((name) => name.endsWith(".incomplete"))!;
    const kept = statSync(join(root(), "blobs", partial)).size;
    expect(kept).toBeGreaterThan(0);
    hub.cuts = [];
    hub.seen.length = 0;
    const folder = await resolve();
    expect(readFileSync(join(folder, "model.safetensors")).equals(WEIGHTS)).toBe(true);
    expect(hub.fetched("model.safetensors").map((one) => one.range)).toEqual([`bytes=${kept}-`]);
  });

  it("starts anew where a server ignores the range", async () => {
    hub.cuts = [1000];
    hub.ignoreRange = true;
    const folder = await resolve();
    expect(readFileSync(join(folder, "model.safetensors")).equals(WEIGHTS)).toBe(true);
  });

  it("deletes a file whose hash is wrong, also when its beginning was damaged on disk", async () => {
    hub.wrongHash = true;
    const error = await resolve().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(
      /model\.safetensors: expected sha256 0{64}, got [0-9a-f]{64}; the file was deleted/,
    );
    expect(readdirSync(join(root(), "blobs")).filter((name) => name.startsWith("0000"))).toEqual([]);
    hub.wrongHash = false;
    const sha = createHash("sha256").update(WEIGHTS).digest("hex");
    writeFileSync(join(root(), "blobs", `${sha}.incomplete`), Buffer.alloc(5000));
    await expect(resolve()).rejects.toThrow(CheckpointError);
    expect(readFileSync(join(await resolve(), "model.safetensors")).equals(WEIGHTS)).toBe(true);
  });

  it("checks small files by git's hash", async () => {
    const config = hub.files.get("config.json")!;
    hub.extraSiblings = [{ rfilename: "generation_config.json", size: config.length, blobId: "1".repeat(40) }];
    hub.files.set("generation_config.json", config);
    hub.files.delete("config.json");
    await expect(resolve()).rejects.toThrow(/expected git sha1 1{40}/);
  });

  it("never sends the token to another host", async () => {
    await resolve({ variables: { HF_TOKEN: "hf_secret" } });
    expect(hub.seen.some((one) => one.host === "cdn")).toBe(true);
    for (const one of hub.seen) expect(one.authorization).toBe(one.host === "hub" ? "Bearer hf_secret" : undefined);
  });

  it("downloads once when two ask at the same time", async () => {
    hub.delayMs = 100;
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    const [a, b] = await Promise.all([resolve({ onNote }), resolve({ onNote })]);
    expect(a).toBe(b);
    expect(hub.fetched("model.safetensors")).toHaveLength(1);
    expect(notes).toEqual(["org/tiny: another process is downloading it; waiting"]);
  });

  it("takes over the lock of a process that is gone", async () => {
    const locks = join(cache, ".locks", "models--org--tiny");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "quire.lock"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: "x" }));
    await resolve();
    expect(readdirSync(locks)).toEqual([]);
  });

  it("tries again what may pass, and not what will not", async () => {
    hub.failures = [503, 429];
    await resolve();
    hub.failures = [500, 500, 500];
    await expect(downloadModel("org/tiny", options({ maxTries: 3 }))).rejects.toThrow(ResourceError);
    for (const [status, words] of [
      [401, /private, gated or does not exist; accept its terms at .*\/org\/tiny .* set HF_TOKEN/],
      [403, /private, gated/],
      [404, /the hub has no revision main/],
    ] as const) {
      hub.seen.length = 0;
      hub.failures = [status];
      await expect(downloadModel("org/tiny", options())).rejects.toThrow(words);
      expect(hub.seen).toHaveLength(1);
    }
  });

  it("stops on a signal", async () => {
    hub.delayMs = 10_000;
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(resolve({ signal: abort.signal })).rejects.toThrow(/enough|abort/i);
  });

  it("refuses names that leave the folder", async () => {
    hub.extraSiblings = [{ rfilename: "../../evil.json", size: 2, blobId: "1".repeat(40) }];
    await expect(resolve()).rejects.toThrow(/unsafe name/);
    expect(existsSync(join(root(), "snapshots"))).toBe(false);
  });

  it("says when the endpoint is no hub, or is not there", async () => {
    hub.extraSiblings = [17];
    await expect(resolve()).rejects.toThrow(/expected the hub's list of files/);
    const gone = options({ maxTries: 2 });
    hub.stop();
    await expect(resolveModel("org/tiny", gone)).rejects.toThrow(/the hub cannot be reached: .*ECONNREFUSED/);
  });
});

describe("resolveModel", () => {
  it("prefers what exists on disk", async () => {
    expect(await resolveModel(cache, options())).toBe(cache);
    expect(hub.seen).toEqual([]);
  });

  it("uses the cache alone when offline, and says so when that is not enough", async () => {
    const offline = { variables: { HF_HUB_OFFLINE: "1" } };
    await expect(resolve(offline)).rejects.toThrow(/is not in the cache .* HF_HUB_OFFLINE forbids a download/);
    expect(hub.seen).toEqual([]);
    const folder = await resolve();
    expect(await resolve(offline)).toBe(folder);
    rmSync(join(folder, "model.safetensors"));
    await expect(resolve(offline)).rejects.toThrow(/is not complete in the cache/);
  });

  it("sees that a shard of an index is missing", async () => {
    const map = { a: "model-1.safetensors", b: "model-2.safetensors" };
    hub.files.delete("model.safetensors");
    hub.files.set("model.safetensors.index.json", Buffer.from(JSON.stringify({ weight_map: map })));
    hub.files.set("model-1.safetensors", Buffer.alloc(1500, 1));
    hub.files.set("model-2.safetensors", Buffer.alloc(1500, 2));
    const folder = await resolve();
    rmSync(join(folder, "model-2.safetensors"));
    hub.seen.length = 0;
    await resolve();
    expect(hub.seen).toHaveLength(1);
    expect(existsSync(join(folder, "model-2.safetensors"))).toBe(true);
  });

  it("answers with the file of a GGUF repository", async () => {
    for (const name of ["config.json", "model.safetensors", "pytorch_model.bin"]) hub.files.delete(name);
    hub.files.set("tiny-Q4_0.gguf", Buffer.alloc(1500));
    hub.files.set("tiny-Q8_0.gguf", Buffer.alloc(1600));
    await expect(resolve()).rejects.toThrow(
      /2 GGUF files fit; name one .* org\/tiny:Q4_K_M: tiny-Q4_0.gguf, tiny-Q8_0.gguf/,
    );
    const file = await resolveModel("org/tiny:q8_0", options());
    expect(file).toBe(join(root(), "snapshots", COMMIT, "tiny-Q8_0.gguf"));
    expect(await resolveModel("org/tiny:q8_0", options({ variables: { HF_HUB_OFFLINE: "1" } }))).toBe(file);
  });

  it("refuses what is neither path nor id", async () => {
    for (const name of ["./no/such", "a/b/c", "../no-such-folder", "org/..", "http://x/y", "org/na--me", ""]) {
      await expect(resolveModel(name, options())).rejects.toThrow(ConfigError);
    }
    expect(hub.seen).toEqual([]);
  });
});

describe("plan", () => {
  it("knows unsafe paths", () => {
    for (const path of ["", "/etc/x", "a/../b", "..", "a//b", "a\\b", "C:x", "a/./b", "a\0b", "x".repeat(2000)]) {
      expect(isSafePath(path), path).toBe(false);
    }
    expect(isSafePath("chat_templates/tool.jinja")).toBe(true);
  });

  it("reads ids", () => {
    expect(parseModelId("gpt2")).toEqual({ id: "gpt2", variant: undefined });
    expect(parseModelId("a/b.c-d:Q4_K_M")).toEqual({ id: "a/b.c-d", variant: "Q4_K_M" });
  });

  it("chooses by format", () => {
    const names = [
      "config.json",
      "a.safetensors",
      "consolidated.safetensors",
      "pytorch_model.bin",
      "training_args.bin",
    ];
    const files = names.map((path) => ({ path, size: 1, sha256: undefined, gitSha1: undefined }));
    const id = { id: "x", variant: undefined };
    const pick = (format: "auto" | "pt" | "dummy" | "gguf") => chooseFiles(files, id, format).map((file) => file.path);
    expect(pick("auto")).toEqual(["config.json", "a.safetensors"]);
    expect(pick("pt")).toEqual(["config.json", "pytorch_model.bin"]);
    expect(pick("dummy")).toEqual(["config.json"]);
    expect(() => pick("gguf")).toThrow(ConfigError);
  });
});
