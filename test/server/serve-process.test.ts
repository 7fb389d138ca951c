/** `quire serve` as two processes: whatever ends one of them, callers get an answer and nothing is left. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { enginesOf, isAlive } from "../support/processes.js";

interface Serving {
  readonly child: ChildProcess;
  readonly engine: number;
  readonly url: string;
  readonly stderr: () => string;
  /** Settles with the exit code. */
  readonly exit: Promise<number | null>;
}

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

async function serve(...given: (string | { descriptors: number })[]): Promise<Serving> {
  const flags = given.filter((one) => typeof one === "string");
  const limit = given.find((one) => typeof one !== "string");
  const args = ["--import", "tsx", "src/cli/main.ts", "serve", "models/stories260K", "--port", "0"];
  // A slow platform: what a test leaves open is open for seconds.
  const slow = ["--platform", "reference", "--num-gpu-blocks-override", "600", "--enable-log-requests"];
  const words = [process.execPath, ...args, ...slow, ...flags];
  const shell = ["bash", "-c", `ulimit -n ${limit?.descriptors} && exec "$@"`, "bash"];
  const [program, ...rest] = limit === undefined ? words : [...shell, ...words];
  const child = spawn(program!, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  started.push(child);
  let stderr = "";
  let stdout = "";
  child.stderr!.on("data", (text: Buffer) => (stderr += text.toString()));
  const exit = once(child, "close").then(([code]) => code as number | null);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on("data", (text: Buffer) => {
      stdout += text.toString();
      const match = /served at (http\S+)/.exec(stdout);
      if (match !== null) resolve(match[1]!);
    });
    void exit.then(() => reject(new Error(stderr)));
  });
  const [engine] = enginesOf(child.pid!);
  return { child, engine: engine!, url, stderr: () => stderr, exit };
}

function complete(url: string, body: object): Promise<Response> {
  const all = { prompt: "Once upon a time", max_tokens: 400, ignore_eos: true, ...body };
  const headers = { "Content-Type": "application/json" };
  return fetch(`${url}/v1/completions`, { method: "POST", headers, body: JSON.stringify(all) });
}

/** Keeps the engine busy until the caller leaves. */
async function openStream(url: string, body: object = {}): Promise<{ text: () => Promise<string> }> {
  const response = await complete(url, { stream: true, n: 16, temperature: 1, ...body });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  return {
    async text() {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
      return text;
    },
  };
}

async function untilGone(pid: number, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (isAlive(pid) && performance.now() < end) await pause(20);
  expect(isAlive(pid)).toBe(false);
}

describe.concurrent("quire serve", () => {
  it("the engine's death: error events and 500s, /health 503, exit code 1 within two seconds", async () => {
    const { url, engine, exit, stderr } = await serve();
    const stream = await openStream(url);
    const whole = complete(url, { n: 16, temperature: 1 });
    while (stderr().split("begins").length < 3) await pause(5);
    const began = performance.now();
    process.kill(engine, "SIGKILL");
    const [text, answer] = await Promise.all([stream.text(), whole]);
    expect(text).toContain(
      '{"error":{"message":"the engine died; the server\'s log says more","type":"InternalServerError"',
    );
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(answer.status).toBe(500);
    expect(((await answer.json()) as { error: object }).error).toMatchObject({
      type: "InternalServerError",
      code: 500,
    });
    const health = await fetch(`${url}/health`).then(
      ({ status }) => status,
      () => "closed",
    );
    expect([503, "closed"]).toContain(health);
    expect(await exit).toBe(1);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(stderr()).toMatch(/quire: EngineDeadError: the engine died: its process \(\d+\) was ended by SIGKILL/);
    expect(isAlive(engine)).toBe(false);
  });

  it("the server's death: the engine ends by itself", async () => {
    const { child, url, engine } = await serve();
    const stream = await openStream(url);
    child.kill("SIGKILL");
    await expect(stream.text()).rejects.toThrow();
    await untilGone(engine, 2000);
  });

  it("a signal to all processes of the group, as Ctrl-C is: the server ends open requests, then the engine", async () => {
    const { child, url, engine, exit } = await serve();
    const stream = await openStream(url);
    process.kill(-child.pid!, "SIGTERM");
    expect(await stream.text()).toContain("the server is shutting down");
    expect(await exit).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });

  it("SIGTERM with --shutdown-timeout: probes and new requests get 503, open ones finish, exit code 0", async () => {
    const { child, url, engine, exit } = await serve("--shutdown-timeout", "60");
    const stream = await openStream(url, { n: 1, max_tokens: 60 });
    child.kill("SIGTERM");
    let health = 200;
    while (health === 200) health = (await fetch(`${url}/health`)).status;
    expect(health).toBe(503);
    const refused = await complete(url, { max_tokens: 1 });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await stream.text()).toContain('"finish_reason":"length"');
    expect(await exit).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });

  it("SIGTERM twice ends both at once, a stopped engine too", async () => {
    const { child, url, engine, exit } = await serve("--shutdown-timeout", "60");
    await openStream(url);
    process.kill(engine, "SIGSTOP");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    child.kill("SIGTERM");
    await pause(100);
    child.kill("SIGTERM");
    expect(await exit).toBe(130);
    await untilGone(engine, 2000);
  });

  it("runs out of file descriptors, and serves again when they are free", async () => {
    // Through a shell that lowers the limit: enough to start, not for 300 connections.
    const { child, url, exit } = await serve({ descriptors: 80 });
    const sockets = Array.from({ length: 300 }, () => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      return socket.on("error", () => {});
    });
    await pause(500);
    for (const socket of sockets) socket.destroy();
    // Until it has seen that they are gone.
    const health = () =>
      fetch(`${url}/health`).then(
        (response) => response.status,
        () => pause(50),
      );
    while ((await health()) !== 200);
    expect((await complete(url, { max_tokens: 2 })).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
  });

  it("--engine in-process keeps one", async () => {
    const { child, url, engine } = await serve("--engine", "in-process");
    expect(engine).toBeUndefined();
    expect((await complete(url, { max_tokens: 2 })).status).toBe(200);
    child.kill("SIGTERM");
  });

  it("wrong usage and a model that cannot be loaded end as ever, and leave nothing", async () => {
    const fail = async (...args: string[]) => {
      const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "serve", ...args], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
      const [code] = (await once(child, "close")) as [number];
      return { code, stderr };
    };
    const [usage, missing, broken] = await Promise.all([
      fail("models/stories260K", "--no-such-flag"),
      fail("/no/such/model"),
      fail("models/stories260K", "--hf-overrides", '{"architectures":["NoSuchForCausalLM"]}'),
    ]);
    expect([usage.code, usage.stderr]).toEqual([
      2,
      expect.stringMatching(/^quire: --no-such-flag: there is no such flag.*\n$/),
    ]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/^quire: ConfigError: /)]);
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringMatching(/^quire: UnsupportedError: .*NoSuch/m) });
  });
});
