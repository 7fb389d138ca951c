import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../util/errors.js";
import { readConfigFile } from "./config-file.js";
import { engineSchema } from "./engine-config.js";
import { optionFields } from "./option.js";
import { serverSchema } from "./server-config.js";

const folder = mkdtempSync(join(tmpdir(), "quire-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fields = [...optionFields(engineSchema), ...optionFields(serverSchema)];
const path = join(folder, "config.yaml");
const read = async (text: string) => {
  writeFileSync(path, text);
  return readConfigFile(path, fields);
};

describe("a config file", () => {
  it("gives options in all forms", async () => {
    const { values, notes } = await read(`
# a comment
model: org/name
max-model-len: 8k
max_num_seqs: 16
--port: 8001
api-key: [a, "007", 0123]
served-model-name: x, y
seed: 5
gpu-memory-utilization: 0.25
enable-log-requests: yes
no-enable-prefix-caching: true
disable-log-stats: false
default-chat-template-kwargs: {enable_thinking: false, deep: {list: [1]}}
hf-overrides: '{"a": 1}'
revision: 0123
enforce-eager: true
tokenizer-mode: auto
`);
    expect(values).toEqual({
      model: "org/name",
      maxModelLen: "8k",
      maxNumSeqs: "16",
      port: 8001,
      apiKey: ["a", "007", "123"],
      servedModelName: ["x", "y"],
      seed: 5,
      memoryUtilization: 0.25,
      enableLogRequests: true,
      enablePrefixCaching: false,
      disableLogStats: false,
      defaultChatTemplateKwargs: { enable_thinking: false, deep: { list: [1] } },
      hfOverrides: { a: 1 },
      revision: "0123",
    });
    expect(notes).toEqual([
      "--enforce-eager has no effect: Quire has no graph capture or compilation to set",
      "--tokenizer-mode has no effect: this is the only way there is",
    ]);
    expect(engineSchema.safeParse({ model: "x", maxNumSeqs: values.maxNumSeqs }).data?.maxNumSeqs).toBe(16);
  });

  it("may be empty, or JSON", async () => {
    expect((await read("")).values).toEqual({});
    expect((await read("# nothing\n")).values).toEqual({});
    expect((await read('{"port": 1, "api-key": ["k"]}')).values).toEqual({ port: 1, apiKey: ["k"] });
  });

  it("tells all that is wrong, by line", async () => {
    await expect(
      read("prot: 1\nenable-lora: true\nmax-model-len:\nport: 2\nruner: x\ntokenizer-mode: slow\n"),
    ).rejects.toThrow(
      new RegExp(
        [
          `${path}:1: prot: there is no such flag; did you mean port\\?`,
          `--config ${path}:2: enable-lora is known to vLLM, not in Quire yet: LoRA adapters`,
          `--config ${path}:3: max-model-len: expected .*; got nothing`,
          `--config ${path}:5: runer: there is no such flag`,
          `--config ${path}:6: tokenizer-mode is known to vLLM, not in Quire yet`,
        ].join(".*\\n"),
      ),
    );
  });

  it.each([
    ["- a\n- b\n", /expected a map/],
    ["just text", /expected a map/],
    ["port: 1\nport: 2\n", /keys must be unique/],
    ["max-model-len: 1\nmax_model_len: 2\n", /maxModelLen is given twice/],
    ["port: [1\n", /config.yaml/],
    ["port: !!js/function 'x'\n", /Unresolved tag/],
    ["port: 1\n---\nport: 2\n", /multiple documents/],
    ["\tport: 1\n", /config.yaml/],
    ["no-enable-log-requests: 5\n", /expected true or false/],
    [
      `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nport: *c\n`,
      /Excessive alias count/,
    ],
    [`port: ${"[".repeat(50_000)}\n`, /config.yaml/],
    [`port: "${"x".repeat(1_100_000)}"\n`, /at most 1048576 bytes/],
  ])("refuses %.40j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(ConfigError);
    await expect(read(text)).rejects.toThrow(message);
  });

  it("says when it cannot be read, and does not reach into prototypes", async () => {
    await expect(readConfigFile("/no/such/file.yaml", fields)).rejects.toThrow(
      "--config /no/such/file.yaml: cannot be read (ENOENT)",
    );
    await expect(readConfigFile(folder, fields)).rejects.toThrow("EISDIR");
    await expect(read("__proto__: {port: 1}\n")).rejects.toThrow(/no such flag/);
    const { values } = await read("default-chat-template-kwargs: {__proto__: {x: 1}}\n");
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(Object.getPrototypeOf(values.defaultChatTemplateKwargs)).toBe(Object.prototype);
  });
});
