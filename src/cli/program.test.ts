import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Command } from "commander";
import { engineSchema } from "../config/engine-config.js";
import { serverSchema } from "../config/server-config.js";
import { describeError, UsageError } from "./exit.js";
import { run } from "./program.js";
import { ProgressBar } from "./progress-bar.js";
import { addSchemaFlags } from "./schema-flags.js";
import { ConfigError } from "../util/errors.js";

let out = "";
let err = "";
beforeEach(() => {
  out = err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => vi.restoreAllMocks());

const quire = (line: string) => run(line === "" ? [] : line.split(" "), "1.2.3");

describe("flags of a schema", () => {
  const parse = (line: string) => {
    const command = new Command()
      .argument("[model]")
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    const flags = [addSchemaFlags(command, engineSchema), addSchemaFlags(command, serverSchema)];
    command.parse(line.split(" "), { from: "user" });
    return Object.assign({}, ...flags.map((one) => one.values())) as Record<string, unknown>;
  };

  it("give what was written, and nothing else", () => {
    expect(parse("m")).toEqual({});
    expect(parse('--block-size 32 --max-model-len 8k --dtype bfloat16 --hf-overrides {"a":1} -q int8 m')).toEqual({
      blockSize: 32,
      maxModelLen: "8k",
      dtype: "bfloat16",
      hfOverrides: { a: 1 },
      quantization: "int8",
    });
    expect(parse("--max-model-len -1 --watermark=0.25")).toEqual({ maxModelLen: "-1", watermark: 0.25 });
  });

  it("know both forms of booleans, aliases, and lists", () => {
    expect(parse("--no-enable-prefix-caching --skip-tokenizer-init")).toEqual({
      enablePrefixCaching: false,
      skipTokenizerInit: true,
    });
    expect(parse("--no-enable-prefix-caching --enable-prefix-caching")).toEqual({ enablePrefixCaching: true });
    expect(parse("--device-memory-utilization 0.25")).toEqual({ memoryUtilization: 0.25 });
    expect(parse("--served-model-name a b --plugin x --plugin y,z")).toEqual({
      servedModelName: ["a", "b"],
      plugins: ["x", "y", "z"],
    });
  });

  it("leave what is no number to the schema", () => expect(parse("--block-size many")).toEqual({ blockSize: "many" }));
});

describe("usage errors", () => {
  it.each([
    [
      "serve x --enable-lora",
      /^--enable-lora is known to vLLM, not in Quire yet: LoRA adapters are not in this version$/,
    ],
    ["serve x --no-enable-lora", /known to vLLM/],
    [
      "serve x --tensor_parallel_size 2",
      /tensorParallelSize \(--tensor-parallel-size\): more than one rank is not in this version/,
    ],
    ["serve x --max-model-length 3", /^--max-model-length: there is no such flag; did you mean --max-model-len\?$/],
    ["serve x --port", /argument missing/],
    ["serve x --port 99999", /port \(--port\): expected an integer in \[0, 65535\]; got 99999/],
    ["serve x --hf-overrides {", /--hf-overrides: expected JSON/],
    ["serve x --model y", /two models: x and --model y/],
    ["serve", /MODEL is missing: quire serve MODEL/],
    ["serve x --dtype int4", /expected one of auto, float32/],
    ["generate x --prompt a --chat --raw", /exclude each other/],
    ["generate x --temperature hot --prompt a", /--temperature: expected a number; got "hot"/],
    ["bench lat", /^bench lat: there is no such command; did you mean latency\? \(quire bench --help lists them\)$/],
    ["bench latency", /MODEL is missing: quire bench latency MODEL/],
    ["bench latency x --batch-size 1,,2", /--batch-size: expected values with commas between them; got "1,,2"/],
    ["bench latency x --batch-size 0", /--batch-size: expected an integer from 1; got "0"/],
    ["bench latency x --num-iters 1.5", /--num-iters: expected an integer from 1; got "1.5"/],
    ["bench latency x --n 2 --temperature 0", /--n 2 needs a --temperature above 0/],
    ["bench latency x --num-prompts 3", /^--num-prompts: there is no such flag/],
    ["bench latency x --json /nothere/file", /--json \/nothere\/file: cannot be written/],
    ["bench latency x --json /", /--json \/: cannot be written: it is a folder/],
    ["bench throughput x --dataset-name custom", /--dataset-name custom needs a file: --dataset-path FILE/],
    ["bench throughput x --dataset-path f", /--dataset-path needs --dataset-name sharegpt or custom/],
    ["bench throughput x --dataset-name sonnet", /--dataset-name <name>.*invalid.*random, sharegpt, custom/i],
    ["bench throughput x --random-range-ratio 1", /--random-range-ratio: expected a number from 0, below 1; got "1"/],
    ["bench startup x --timeout 0", /--timeout: expected a number above 0; got "0"/],
    ["bench serve x", /too many arguments/],
    ["bench serve --base-url http://h --port 1", /--base-url and --host or --port exclude each other/],
    ["bench serve --backend openai --endpoint-type openai-chat", /contradict each other/],
    ["bench serve --request-rate fast", /--request-rate: expected a number above 0, or "inf"; got "fast"/],
    ["bench serve --max-concurrency 1,1.5", /--max-concurrency: expected integers from 1, or "inf"; got 1.5/],
    [
      "bench serve --goodput ttft:x",
      /--goodput: expected NAME:MILLISECONDS, NAME one of ttft, tpot, e2el; got "ttft:x"/,
    ],
    ["bench serve --goodput itl:5", /--goodput/],
    ["bench serve --percentile-metrics ttft,x", /--percentile-metrics: expected ttft, tpot, itl, e2el; got "x"/],
    ["bench serve --metric-percentiles 101", /--metric-percentiles: expected a number from 0 to 100; got "101"/],
    ["bench serve --header x", /--header: expected NAME=VALUE; got "x"/],
    ["bench serve --svg /nothere/x.svg", /--svg \/nothere\/x.svg: cannot be written/],
    ["srve", /^srve: there is no such command; did you mean serve\?/],
  ])("%s", async (line, message) => {
    await expect(quire(line)).rejects.toThrow(UsageError);
    await expect(quire(line)).rejects.toThrow(message);
    expect(out).toBe("");
  });
});

describe("help", () => {
  it("lists the commands", async () => {
    expect(await quire("--help")).toBe(0);
    for (const name of ["generate", "chat", "serve", "bench", "inspect", "download"])
      expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(await quire("")).toBe(2);
    expect(err).toContain("Usage: quire");
  });

  it("lists the commands of a group, and shows those", async () => {
    for (const line of ["bench --help", "help bench", "bench --help=x"]) {
      out = "";
      expect(await quire(line)).toBe(0);
      expect(out).toContain("Usage: quire bench ");
      for (const name of ["latency", "throughput", "serve", "startup"])
        expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(await quire("bench")).toBe(2);
    expect(err).toContain("Usage: quire bench ");
    out = "";
    await quire("help bench serve");
    expect(out).toContain("--max-concurrency");
    expect(out).not.toContain("--block-size");
    out = "";
    await quire("bench latency --help=cacheconfig");
    expect(out).toContain("--block-size");
    expect(out).not.toContain("--num-iters");
    out = "";
    await quire("bench latency --help=listgroup");
    expect(out).toContain("quire bench latency --help=GROUP");
  });

  it("shows every flag in its group", async () => {
    expect(await quire("serve --help")).toBe(0);
    const cache = out.slice(out.indexOf("CacheConfig:"), out.indexOf("SchedulerConfig:"));
    expect(cache).toContain("--block-size");
    expect(cache).not.toContain("--port");
    expect(out).toContain("--port");
    expect(out).toContain("default: 8000");
  });

  it("shows one group, one kind of flag, or the groups", async () => {
    await quire("serve --help=cacheconfig");
    expect(out).toContain("--block-size");
    expect(out).not.toContain("--port");
    out = "";
    await quire("serve --help=max_num");
    expect(out).toMatch(/--max-num-seqs[\s\S]*default: 128/);
    expect(out).not.toContain("--block-size");
    out = "";
    await quire("serve --help=listgroup");
    expect(out).toContain("Groups: ModelConfig, LoadConfig");
    out = "";
    await quire("serve --help=xyzzy");
    expect(out).toContain("No group and no flag is called");
    out = "";
    await quire("help serve");
    expect(out).toContain("--port");
  });
});

describe("errors in one line", () => {
  it("name their class; stacks are for debugging", () => {
    const error = new ConfigError("x is wrong", { cause: new Error("inner") });
    expect(describeError(error, false)).toBe("quire: ConfigError: x is wrong");
    expect(describeError(error, true)).toMatch(/ConfigError: x is wrong\n\s+at [\s\S]*caused by: Error: inner/);
    expect(describeError(new UsageError("say it"), false)).toBe("quire: say it");
    expect(describeError(new TypeError("oops"), false)).toBe("quire: TypeError: oops (--debug shows more)");
    expect(describeError("text", false)).toBe("quire: text");
  });
});

describe("progress bar", () => {
  const show = (isTTY: boolean) => {
    let text = "";
    const bar = new ProgressBar({ write: (piece: string) => (text += piece), isTTY, columns: 60 });
    for (let i = 0; i <= 100; i++) bar.update("loading", i / 100, `${i} of 100`);
    bar.line("a line");
    return text;
  };

  it("draws over itself in a terminal, and keeps lines elsewhere few", () => {
    const drawn = show(true);
    expect(drawn.startsWith("\r\x1b[2Kloading ░")).toBe(true);
    expect(drawn).toContain("100% 100 of 100");
    expect(drawn.endsWith("\r\x1b[2Ka line\n")).toBe(true);
    expect(show(false).split("\n")).toEqual([
      "loading: 0% 0 of 100",
      "loading: 25% 25 of 100",
      "loading: 50% 50 of 100",
      "loading: 75% 75 of 100",
      "loading: 100% 100 of 100",
      "a line",
      "",
    ]);
  });
});
