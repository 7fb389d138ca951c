/** `quire serve` whose log cannot be written: a full disk, a closed pipe, a reader that has stopped. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

async function serve(stderr: "pipe" | number, ...flags: string[]) {
  const args = ["--import", "tsx", "src/cli/main.ts", "serve", "models/stories260K", "--port", "0"];
  const child = spawn(process.execPath, [...args, "--served-model-name", "m", "--platform", "reference", ...flags], {
    stdio: ["ignore", "pipe", stderr],
    env: { ...process.env, QUIRE_LOG_STATS_INTERVAL: "0.2" },
  });
  started.push(child);
  const exit = once(child, "exit").then(([code]) => code as number | null);
  let stdout = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on("data", (text: Buffer) => {
      stdout += text.toString();
      const match = /served at (http\S+)/.exec(stdout);
      if (match !== null) resolve(match[1]!);
    });
    void exit.then((code) => reject(new Error(`it ended with ${code}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return exit;
  };
  return { child, url, stop };
}

async function complete(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ prompt: "Once", max_tokens: 2 }),
  });
  await answer.text();
  return answer.status;
}

async function numDropped(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^quire:log_lines_dropped_total (\d+)$/m.exec(text)![1]);
}

describe("the log", () => {
  it.each([
    ["text", /^(INFO|WARNING) \d\d-\d\d \d\d:\d\d:\d\d \S/],
    ["json", /^\{"level":"(info|warning)","time":"\d{4}-/],
  ])("is dated, level by level, and tells figures while there is work (%s)", async (format, form) => {
    const { child, url, stop } = await serve("pipe", "--log-format", format);
    let text = "";
    child.stderr!.on("data", (part: Buffer) => (text += part.toString()));
    expect(await complete(url)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const lines = text.trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(form);
    expect(text).toContain("Avg generation throughput: ");
    expect(text.match(/Avg prompt throughput/g)!.length).toBeLessThan(3);
    if (format === "json") {
      const answer = lines.map((line) => JSON.parse(line)).find(({ status }) => status === 200);
      expect(answer).toMatchObject({ name: "server", method: "POST", url: "/v1/completions", ms: expect.any(Number) });
    }
    expect(await stop()).toBe(0);
  });
});

describe("a log that cannot be written", () => {
  it.skipIf(!existsSync("/dev/full")).each(["text", "json"])("on a full disk costs its lines (%s)", async (format) => {
    const full = openSync("/dev/full", "w");
    const { url, stop } = await serve(full, "--log-format", format);
    closeSync(full);
    for (let i = 0; i < 3; i++) expect(await complete(url)).toBe(200);
    expect(await numDropped(url)).toBeGreaterThan(0);
    expect(await stop()).toBe(0);
  });

  it("into a pipe that is closed costs its lines", async () => {
    const { child, url, stop } = await serve("pipe");
    child.stderr!.destroy();
    for (let i = 0; i < 3; i++) expect(await complete(url)).toBe(200);
    expect(await numDropped(url)).toBeGreaterThan(0);
    expect(await stop()).toBe(0);
  });

  it("whose reader has stopped holds nobody up", async () => {
    const { child, url } = await serve("pipe");
    child.stderr!.pause();
    const long = "x".repeat(900);
    for (let i = 0; i < 6; i++) {
      const all = Array.from({ length: 50 }, () => fetch(`${url}/nowhere?${long}`).then((answer) => answer.text()));
      await Promise.all(all);
    }
    expect(await complete(url)).toBe(200);
  });
});
