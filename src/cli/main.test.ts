/** The command as a process, on the smallest model. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const model = `${root}models/stories260K`;

interface Run {
  code: number | null;
  out: string;
  err: string;
}

function start(args: string[], input: string | null = null, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, QUIRE_PLATFORM: "reference", QUIRE_DEBUG: "", ...env },
    stdio: [input === null ? "ignore" : "pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout!.on("data", (data) => (out += String(data)));
  child.stderr!.on("data", (data) => (err += String(data)));
  if (input !== null) child.stdin!.end(input);
  const done = new Promise<Run>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  const seen = async (text: string) => {
    for (let i = 0; i < 2000 && !out.includes(text); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(out, err).toContain(text);
    return out;
  };
  return { child, done, seen };
}

const quire = (args: string[], input: string | null = null, env: Record<string, string> = {}) =>
  start(args, input, env).done;
const greedy = ["--temperature", "0", "--raw"];

describe("quire", () => {
  it("prints its version alone", async () => {
    expect(await quire(["--version"])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: "" });
  });

  it("generates: the text on stdout, the rest on stderr, from a flag or from stdin", async () => {
    const [flag, piped] = await Promise.all([
      quire(["generate", model, ...greedy, "--max-tokens", "12", "--prompt", "Once upon a time"]),
      quire(["generate", model, ...greedy, "--max-tokens", "12", "--quiet"], "Once upon a time\n"),
    ]);
    expect(flag.code, flag.err).toBe(0);
    expect(flag.out).toMatch(/^, there was a [^\n]*\n$/);
    expect(flag.err).toMatch(/5 prompt tokens, 12 generated|\d+ prompt tokens, 12 generated/);
    expect(piped).toEqual({ code: 0, out: flag.out, err: "" });
  });

  it("ends with 1 and one line, or the stack when debugging; with 2 when the command line is wrong", async () => {
    const [missing, debug, usage, empty] = await Promise.all([
      quire(["generate", "./nothere", "--prompt", "x"]),
      quire(["generate", "./nothere", "--prompt", "x", "--debug"]),
      quire(["generate", model, "--block-size", "17", "--prompt", "x"]),
      quire(["generate", model]),
    ]);
    expect(missing).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(/^quire: ConfigError: \.\/nothere: [^\n]+\n$/),
    });
    expect(debug.err).toMatch(/\n\s+at /);
    expect(usage).toEqual({
      code: 2,
      out: "",
      err: "quire: blockSize (--block-size): expected a multiple of 16; got 17\n",
    });
    expect(empty.code).toBe(2);
    expect(empty.err).toContain("the prompt is missing");
  });

  it("stops on SIGINT with 130", async () => {
    const run = start(["generate", model, "--raw", "--ignore-eos", "--max-tokens", "0", "--prompt", "Once"]);
    await run.seen(" ");
    run.child.kill("SIGINT");
    expect((await run.done).code).toBe(130);
  });

  it("does not mind a reader that leaves", async () => {
    const run = start(["generate", model, "--raw", "--ignore-eos", "--max-tokens", "400", "--prompt", "Once"]);
    await run.seen(" ");
    run.child.stdout!.destroy();
    const { code, err } = await run.done;
    expect(code).toBe(0);
    expect(err).not.toContain("EPIPE");
  });

  it.runIf(existsSync("/dev/full"))("fails when its output cannot be written", async () => {
    const child = spawn(
      "sh",
      ["-c", 'exec "$0" --import tsx src/cli/main.ts --version > /dev/full', process.execPath],
      {
        cwd: root,
      },
    );
    let err = "";
    child.stderr.on("data", (data) => (err += String(data)));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
    expect(err).toMatch(/^quire: standard output cannot be written \(ENOSPC\)[^\n]*\n$/);
  });

  it("serves until SIGTERM, and says where", async () => {
    const run = start(["serve", model, "--port", "0", "--served-model-name", "tiny"]);
    const out = await run.seen("curl ");
    const [, url] = /^tiny is served at (http:\S+)\n/.exec(out)!;
    const answer = await fetch(`${url}/v1/completions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ model: "tiny", prompt: "Once upon a time", max_tokens: 4, temperature: 0 }),
    });
    expect(((await answer.json()) as any).choices[0].text).toContain("there");
    run.child.kill("SIGTERM");
    const { code, err } = await run.done;
    expect(code, err).toBe(0);
  });

  it("inspects", async () => {
    const { code, out } = await quire(["inspect", model, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ architecture: "LlamaForCausalLM", numParameters: expect.any(Number) });
  });

  it("chats: answers lines, forgets on /reset, ends with its input", async () => {
    const demo = `${root}models/quire-demo`;
    const { code, out, err } = await quire(
      ["chat", demo, "--max-tokens", "16", "--temperature", "0"],
      "Hello, who are you?\n/reset\nHello, who are you?\n",
      { QUIRE_PLATFORM: "auto" },
    );
    expect(code, err).toBe(0);
    const [first, second, rest] = out.split("\n");
    expect(first).toMatch(/\w+/);
    expect(second).toBe(first);
    expect(rest).toBe("");
  });

  it("stops an answer on SIGINT, then the chat", async () => {
    const run = start(["chat", `${root}models/quire-demo`, "--ignore-eos", "--temperature", "0"], "Tell me a story\n", {
      QUIRE_PLATFORM: "reference",
    });
    await run.seen(" ");
    run.child.kill("SIGINT");
    const { code, out, err } = await run.done;
    expect(out, err).toMatch(/ \[stopped\]\n$/);
    expect(code, err).toBe(0);
  });

  it("needs a chat template to chat, and says so", async () => {
    const { code, err } = await quire(["chat", model, "--max-tokens", "4"], "hello\n");
    expect(code, err).toBe(1);
    expect(err).toMatch(/^quire: ConfigError: \S+: there is no chat template; give one with --chat-template/m);
    const help = await quire(
      ["chat", model, "--chat-template", "{{ messages[0].content }}", "--max-tokens", "2"],
      "/nonsense\nhello\n/exit\nnever\n",
    );
    expect(help.code, help.err).toBe(0);
    expect(help.err).toContain("/reset forgets the conversation");
    expect(help.out.trim().split("\n").length).toBe(1);
  });
});
