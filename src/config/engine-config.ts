/** EngineConfig: every option of the engine; the one source of flags, help, docs and checks. */
import { z } from "zod";
import type { EnvironmentVariables } from "./environment.js";
import { processEnvironment } from "./environment.js";
import { parseHumanBytes, parseHumanInteger } from "./human-number.js";
import { option } from "./option.js";
import { parseOptions } from "./parse-options.js";

/** Schemes that vLLM reads and this version does not. */
const OTHER_QUANTIZATIONS =
  "awq awq_marlin bitsandbytes compressed-tensors deepspeedfp experts_int8 fbgemm_fp8 fp8 fp_quant gguf gptq gptq_marlin " +
  "hqq inc modelopt modelopt_fp4 moe_wna16 mxfp4 mxfp8 petit_nvfp4 quark rtn torchao";

const dtypes = ["auto", "float32", "float", "bfloat16", "float16", "half"] as const;
const text = z.string().min(1);
const names = z.union([z.array(text), text.transform((name) => [name])]);
const object = z.record(z.string(), z.unknown());
const count = z.int().min(1);

/** A number, or a number as people write it. */
function human(parse: (text: string) => number | undefined) {
  return z.union([z.number(), z.string()]).transform((value, context) => {
    const parsed = typeof value === "number" ? value : parse(value);
    if (parsed !== undefined && Number.isSafeInteger(parsed) && parsed > 0) return parsed;
    context.issues.push({ code: "invalid_value", values: [], input: value });
    return z.NEVER;
  });
}

const maxModelLen = z.union([
  z.literal("auto"),
  z.literal(-1).transform(() => "auto" as const),
  z.literal("-1").transform(() => "auto" as const),
  human(parseHumanInteger),
]);

const dtype = z.enum(dtypes).transform((name, context) => {
  if (name === "float") return "float32";
  if (name !== "float16" && name !== "half") return name;
  context.addIssue(
    "float16 is not computed on the CPU; use bfloat16 (same memory) or float32; float16 checkpoints load with either",
  );
  return z.NEVER;
});

/** vLLM's fields; those that would change nothing here are taken as they mean nothing else. */
const structuredOutputsConfig = z.strictObject({
  backend: z.enum(["auto", "xgrammar"]).optional(),
  disable_any_whitespace: z.boolean().optional(),
  disable_additional_properties: z.boolean().optional(),
  enable_in_reasoning: z.literal(false).optional(),
  reasoning_parser: z.literal("").optional(),
});

const quantization = text.transform((name, context) => {
  if (name === "int8") return name;
  const known = OTHER_QUANTIZATIONS.split(" ").includes(name);
  context.addIssue(
    known ? `${name} is known to vLLM, not in this version of Quire; use int8 or leave it out` : "expected int8",
  );
  return z.NEVER;
});

const model = "ModelConfig";
const load = "LoadConfig";
const platform = "PlatformConfig";
const cache = "CacheConfig";
const scheduler = "SchedulerConfig";

/** One member per option; the order is the order of help and docs. */
export const engineSchema = z.strictObject({
  /** The model: a Hugging Face folder, a .gguf file, or a model id that is downloaded from the hub. */
  model: option(text, {
    group: model,
    kind: "text",
    expected: "a folder, a .gguf file, or the id of a model on the hub (org/name)",
    description: "The model: a Hugging Face folder, a .gguf file, or a model id that is downloaded from the hub.",
  }),
  /** Folder or model id of the tokenizer. */
  tokenizer: option(text.optional(), {
    group: model,
    kind: "text",
    expected: "a folder or a model id",
    defaultText: "the model's",
    description: "Folder or model id of the tokenizer.",
  }),
  /** Load no tokenizer: prompts are token ids, and so are outputs. */
  skipTokenizerInit: option(z.boolean().default(false), {
    group: model,
    kind: "boolean",
    description: "Load no tokenizer: prompts are token ids, and so are outputs.",
  }),
  /** Type of weights and activations; auto takes the checkpoint's (float16 becomes bfloat16 on the CPU). */
  dtype: option(dtype.default("auto"), {
    group: model,
    kind: "choice",
    expected: `one of ${dtypes.join(", ")}`,
    description: "Type of weights and activations; auto takes the checkpoint's (float16 becomes bfloat16 on the CPU).",
  }),
  /** Seed of the generator behind requests without a seed of their own, and of dummy weights. */
  seed: option(z.int().min(0).default(0), {
    group: model,
    kind: "integer",
    expected: "an integer from 0",
    description: "Seed of the generator behind requests without a seed of their own, and of dummy weights.",
  }),
  /** Longest prompt plus output, in tokens. auto: the longest that the KV cache holds, up to the model's. */
  maxModelLen: option(maxModelLen.optional(), {
    group: model,
    kind: "tokens",
    expected: 'a number of tokens from 1, like 4096, 8k (8000) or 8K (8192), or "auto"',
    defaultText: "the model's",
    description: "Longest prompt plus output, in tokens. auto: the longest that the KV cache holds, up to the model's.",
  }),
  /** Most log-probabilities per token that a request may ask for; -1: the whole vocabulary. */
  maxLogprobs: option(z.int().min(-1).default(20), {
    group: model,
    kind: "integer",
    expected: "an integer from 0, or -1 for the whole vocabulary",
    description: "Most log-probabilities per token that a request may ask for; -1: the whole vocabulary.",
  }),
  /** What is reported as log-probabilities: of the model (raw) or after penalties and temperature. */
  logprobsMode: option(
    z.enum(["raw_logprobs", "raw_logits", "processed_logprobs", "processed_logits"]).default("raw_logprobs"),
    {
      group: model,
      kind: "choice",
      description: "What is reported as log-probabilities: of the model (raw) or after penalties and temperature.",
    },
  ),
  /** Names under which the API serves the model; the first one is put into answers. */
  servedModelName: option(names.default([]), {
    group: model,
    kind: "list",
    expected: "a name or a list of names",
    defaultText: "the value of --model",
    description: "Names under which the API serves the model; the first one is put into answers.",
  }),
  /** Fields that replace those of config.json. */
  hfOverrides: option(object.default({}), {
    group: model,
    kind: "object",
    expected: "a JSON object",
    description: "Fields that replace those of config.json.",
  }),
  /** Where sampling defaults come from: auto: the model's generation_config.json; vllm: none; or another folder. */
  generationConfig: option(text.default("auto"), {
    group: model,
    kind: "text",
    expected: '"auto", "vllm" or a folder',
    description:
      "Where sampling defaults come from: auto: the model's generation_config.json; vllm: none; or another folder.",
  }),
  /** Sampling defaults that replace those of generation_config.json. */
  overrideGenerationConfig: option(object.default({}), {
    group: model,
    kind: "object",
    expected: "a JSON object",
    description: "Sampling defaults that replace those of generation_config.json.",
  }),
  /** Structured outputs: backend (auto or xgrammar), disable_any_whitespace (JSON without blanks but those after colon and comma). */
  structuredOutputsConfig: option(structuredOutputsConfig.default({}), {
    group: model,
    kind: "object",
    expected:
      'a JSON object like {"backend": "auto", "disable_any_whitespace": false} (backend: auto or xgrammar; nothing else)',
    description:
      "Structured outputs: backend (auto or xgrammar), disable_any_whitespace (JSON without blanks but those after colon and comma).",
  }),
  /** int8: quantize the linear layers' weights to 8 bits while loading. */
  quantization: option(quantization.optional(), {
    group: model,
    kind: "text",
    short: "q",
    expected: "int8",
    defaultText: "the checkpoint's",
    description: "int8: quantize the linear layers' weights to 8 bits while loading.",
  }),
  /** Branch, tag or commit of the model on the hub. */
  revision: option(text.optional(), {
    group: model,
    kind: "text",
    expected: "a branch, tag or commit",
    defaultText: "main",
    description: "Branch, tag or commit of the model on the hub.",
  }),
  /** Token for private and gated models on the hub. */
  hfToken: option(text.optional(), {
    group: model,
    kind: "text",
    env: "HF_TOKEN",
    secret: true,
    expected: "a token",
    description: "Token for private and gated models on the hub.",
  }),
  /** Which files to read; auto: safetensors, else pytorch_model*.bin; dummy: random weights, config.json alone. */
  loadFormat: option(z.enum(["auto", "safetensors", "pt", "gguf", "dummy"]).default("auto"), {
    group: load,
    kind: "choice",
    description:
      "Which files to read; auto: safetensors, else pytorch_model*.bin; dummy: random weights, config.json alone.",
  }),
  /** Folder that holds downloaded models, in the layout of the Hugging Face cache. */
  downloadDir: option(text.optional(), {
    group: load,
    kind: "text",
    expected: "a folder",
    defaultText: "HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub",
    description: "Folder that holds downloaded models, in the layout of the Hugging Face cache.",
  }),
  /** Where the engine's core runs: in a process of its own, or in this one. */
  engine: option(
    z
      .enum(["process", "in-process", "1", "0"])
      .transform((where) => (where === "1" ? "process" : where === "0" ? "in-process" : where))
      .optional(),
    {
      group: platform,
      kind: "choice",
      env: "QUIRE_ENABLE_MULTIPROCESSING",
      expected: "process or in-process (in the environment 1 or 0)",
      defaultText: "process for serve, in-process elsewhere",
      description: "Where the engine's core runs: in a process of its own, or in this one.",
    },
  ),
  /** What computes: cpu (native kernels) or reference (plain TypeScript, slow); auto: cpu if it was built. */
  platform: option(z.enum(["auto", "cpu", "reference"]).default("auto"), {
    group: platform,
    kind: "choice",
    env: "QUIRE_PLATFORM",
    description:
      "What computes: cpu (native kernels) or reference (plain TypeScript, slow); auto: cpu if it was built.",
  }),
  /** Threads that compute. */
  cpuThreads: option(count.optional(), {
    group: platform,
    kind: "integer",
    env: "QUIRE_CPU_THREADS",
    expected: "an integer from 1",
    defaultText: "physical cores within the cgroup's limit",
    description: "Threads that compute.",
  }),
  /** Instruction set of the native kernels. */
  cpuIsa: option(z.enum(["portable", "avx2", "avx512", "avx512_bf16", "neon"]).optional(), {
    group: platform,
    kind: "choice",
    env: "QUIRE_CPU_ISA",
    defaultText: "the best of this machine",
    description: "Instruction set of the native kernels.",
  }),
  /** Tokens per block of the KV cache. */
  blockSize: option(z.int().min(16).multipleOf(16).default(16), {
    group: cache,
    kind: "integer",
    expected: "a multiple of 16",
    description: "Tokens per block of the KV cache.",
  }),
  /** Bytes of the KV cache. */
  kvCacheMemoryBytes: option(human(parseHumanBytes).optional(), {
    group: cache,
    kind: "bytes",
    expected: "a number of bytes, like 4GiB, 4G (the same) or 500MB",
    defaultText: "a share of free memory, see --gpu-memory-utilization",
    description: "Bytes of the KV cache.",
  }),
  /** Share of the memory that is free when the weights are loaded to use for the KV cache. On the CPU, memory is shared with all else that runs, hence half, not vLLM's 0.92. */
  memoryUtilization: option(z.number().gt(0).max(1).default(0.5), {
    group: cache,
    kind: "number",
    flags: ["gpu-memory-utilization", "device-memory-utilization", "memory-utilization"],
    expected: "a number in (0, 1]",
    description:
      "Share of the memory that is free when the weights are loaded to use for the KV cache. On the CPU, memory is shared with all else that runs, hence half, not vLLM's 0.92.",
  }),
  /** Number of blocks of the KV cache, whatever memory there is. */
  numBlocksOverride: option(count.optional(), {
    group: cache,
    kind: "integer",
    flags: ["num-gpu-blocks-override"],
    expected: "an integer from 1",
    defaultText: "from the memory",
    description: "Number of blocks of the KV cache, whatever memory there is.",
  }),
  /** Keep the KV cache of finished prompts for later prompts that begin alike. */
  enablePrefixCaching: option(z.boolean().default(true), {
    group: cache,
    kind: "boolean",
    description: "Keep the KV cache of finished prompts for later prompts that begin alike.",
  }),
  /** Type of keys and values in the cache; auto: the activations'. */
  kvCacheDtype: option(z.enum(["auto", "float32", "bfloat16"]).default("auto"), {
    group: cache,
    kind: "choice",
    description: "Type of keys and values in the cache; auto: the activations'.",
  }),
  /** Most tokens that one step computes. */
  maxNumBatchedTokens: option(human(parseHumanInteger).default(512), {
    group: scheduler,
    kind: "tokens",
    expected: "an integer from 1, like 512 or 2K",
    description: "Most tokens that one step computes.",
  }),
  /** Most requests that run at the same time. */
  maxNumSeqs: option(human(parseHumanInteger).default(128), {
    group: scheduler,
    kind: "tokens",
    expected: "an integer from 1",
    description: "Most requests that run at the same time.",
  }),
  /** Most prompt tokens of one request in one step; 0: no such limit. */
  longPrefillTokenThreshold: option(z.int().min(0).default(0), {
    group: scheduler,
    kind: "integer",
    expected: "an integer from 0",
    description: "Most prompt tokens of one request in one step; 0: no such limit.",
  }),
  /** Compute a long prompt over several steps. */
  enableChunkedPrefill: option(z.boolean().default(true), {
    group: scheduler,
    kind: "boolean",
    description: "Compute a long prompt over several steps.",
  }),
  /** Plan a step while the one before computes. */
  asyncScheduling: option(z.boolean().default(true), {
    group: scheduler,
    kind: "boolean",
    description: "Plan a step while the one before computes.",
  }),
  /** Who goes first: first come, first served, or the request with the lowest priority number. */
  schedulingPolicy: option(z.enum(["fcfs", "priority"]).default("fcfs"), {
    group: scheduler,
    kind: "choice",
    description: "Who goes first: first come, first served, or the request with the lowest priority number.",
  }),
  /** Most requests that wait or run, each of n outputs counted; further ones are refused with 503. None: no limit. */
  maxNumQueuedReqs: option(count.optional(), {
    group: scheduler,
    kind: "integer",
    defaultText: "no limit",
    expected: "an integer from 1",
    description:
      "Most requests that wait or run, each of n outputs counted; further ones are refused with 503. None: no limit.",
  }),
  /** Prompt tokens of requests that have no output yet; from there on, further requests are refused with 503. None: no limit. */
  maxNumQueuedTokens: option(count.optional(), {
    group: scheduler,
    kind: "integer",
    defaultText: "no limit",
    expected: "an integer from 1",
    description:
      "Prompt tokens of requests that have no output yet; from there on, further requests are refused with 503. None: no limit.",
  }),
  /** Share of the blocks that stays free when a new request is let in. */
  watermark: option(z.number().min(0).lt(1).default(0), {
    group: scheduler,
    kind: "number",
    expected: "a number in [0, 1)",
    description: "Share of the blocks that stays free when a new request is let in.",
  }),
  /** Ranks that share each layer; only 1 in this version. */
  tensorParallelSize: option(
    z
      .int()
      .min(1)
      .default(1)
      .refine((size) => size === 1, "more than one rank is not in this version; leave it at 1"),
    {
      group: "ParallelConfig",
      kind: "integer",
      expected: "1 (more ranks are not in this version)",
      description: "Ranks that share each layer; only 1 in this version.",
    },
  ),
  /** Chat template: a file, or the template itself. */
  chatTemplate: option(text.optional(), {
    group: "Frontend",
    kind: "text",
    expected: "a file or a template",
    defaultText: "the tokenizer's",
    description: "Chat template: a file, or the template itself.",
  }),
  /** How the template gets a message's content: a string or a list of parts; auto: as the template reads it. */
  chatTemplateContentFormat: option(z.enum(["auto", "string", "openai"]).default("auto"), {
    group: "Frontend",
    kind: "choice",
    description:
      "How the template gets a message's content: a string or a list of parts; auto: as the template reads it.",
  }),
  /** Plugins to load before the model: paths or packages. Those of the application's dependencies are loaded by themselves; QUIRE_PLUGINS is an allow-list. */
  plugins: option(names.default([]), {
    group: "options",
    kind: "list",
    flags: ["plugin"],
    expected: "a module or a list of modules",
    description:
      "Plugins to load before the model: paths or packages. Those of the application's dependencies are loaded by themselves; QUIRE_PLUGINS is an allow-list.",
  }),
  /** File for a trace of every step: ops, waits and JavaScript, to open in Perfetto or chrome://tracing. */
  profile: option(text.optional(), {
    group: "options",
    kind: "text",
    env: "QUIRE_PROFILE",
    expected: "a file",
    description: "File for a trace of every step: ops, waits and JavaScript, to open in Perfetto or chrome://tracing.",
  }),
  /** Print no statistics while running. */
  disableLogStats: option(z.boolean().default(false), {
    group: "options",
    kind: "boolean",
    description: "Print no statistics while running.",
  }),
});

/** What `new LLM` and `parseEngineConfig` take: only `model` is needed. */
export type EngineOptions = z.input<typeof engineSchema>;

/** Checked, complete and frozen options. `servedModelName` holds at least one name. */
export type EngineConfig = Readonly<z.output<typeof engineSchema>>;

/**
 * Checks options and fills in what is missing from the environment and the defaults.
 *
 * @param variables  environment variables; the process's by default
 * @throws ConfigError with a line per problem: option and flag, what was expected, what came
 */
export function parseEngineConfig(
  options: EngineOptions,
  variables: EnvironmentVariables = processEnvironment(),
): EngineConfig {
  const config = parseOptions(engineSchemaTogether, options, variables, "engine options");
  if (config.servedModelName.length > 0) return config;
  return Object.freeze({ ...config, servedModelName: Object.freeze([config.model]) as string[] });
}

/** The schema with checks that need several options. */
const engineSchemaTogether = engineSchema.superRefine((config, context) => {
  const { maxNumBatchedTokens, maxNumSeqs, longPrefillTokenThreshold } = config;
  const length = typeof config.maxModelLen === "number" ? config.maxModelLen : undefined;
  const complain = (path: keyof EngineConfig, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (maxNumBatchedTokens < maxNumSeqs) {
    complain("maxNumBatchedTokens", `must be at least maxNumSeqs (${maxNumSeqs}), one token for each`);
  }
  if (length !== undefined && !config.enableChunkedPrefill && maxNumBatchedTokens < length) {
    complain("maxNumBatchedTokens", `must be at least maxModelLen (${length}) without chunked prefill`);
  }
  if (length !== undefined && longPrefillTokenThreshold > length) {
    complain("longPrefillTokenThreshold", `must be at most maxModelLen (${length})`);
  }
});
