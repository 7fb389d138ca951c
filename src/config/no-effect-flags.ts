/** Flags of vLLM that change nothing here: taken, with a note, so that its command lines work. Anything else is refused by name. */

export interface NoEffectFlag {
  /** Without dashes; a boolean's no- form is taken too, unless `values` says otherwise. */
  readonly flag: string;
  /** What it may be set to; undefined: it takes no value; "any": whatever there is. */
  readonly values: readonly string[] | "any" | undefined;
  readonly note: string;
}

const ONE_RANK = "this version runs on one rank, which is what this value says";
const NOTHING_TO_COMPILE = "Quire has no graph capture or compilation to set";
const ONE_KIND = "this is the only way there is";

/** In the order of vLLM's own list. */
export const NO_EFFECT_FLAGS: readonly NoEffectFlag[] = [
  { flag: "api-server-count", values: ["1"], note: "there is one server process" },
  { flag: "disable-log-requests", values: undefined, note: "requests are logged with --enable-log-requests only" },
  { flag: "enable-sleep-mode", values: undefined, note: "sleep and wake_up are there in development mode" },
  { flag: "trust-remote-code", values: undefined, note: "Quire never runs code from a checkpoint" },
  { flag: "runner", values: ["auto", "generate"], note: ONE_KIND },
  { flag: "convert", values: ["auto", "none"], note: ONE_KIND },
  { flag: "tokenizer-mode", values: ["auto", "hf"], note: ONE_KIND },
  { flag: "config-format", values: ["auto", "hf"], note: ONE_KIND },
  { flag: "model-impl", values: ["auto"], note: ONE_KIND },
  { flag: "attention-backend", values: ["auto"], note: ONE_KIND },
  { flag: "enforce-eager", values: undefined, note: NOTHING_TO_COMPILE },
  { flag: "cudagraph-capture-sizes", values: "any", note: NOTHING_TO_COMPILE },
  { flag: "max-cudagraph-capture-size", values: "any", note: NOTHING_TO_COMPILE },
  { flag: "compilation-config", values: "any", note: NOTHING_TO_COMPILE },
  { flag: "optimization-level", values: "any", note: NOTHING_TO_COMPILE },
  { flag: "performance-mode", values: "any", note: NOTHING_TO_COMPILE },
  { flag: "disable-cascade-attn", values: undefined, note: "Quire has no cascade attention" },
  { flag: "disable-custom-all-reduce", values: undefined, note: "there is nothing to reduce on one rank" },
  { flag: "distributed-executor-backend", values: ["mp", "uni"], note: ONE_RANK },
  { flag: "pipeline-parallel-size", values: ["1"], note: ONE_RANK },
  { flag: "data-parallel-size", values: ["1"], note: ONE_RANK },
  { flag: "decode-context-parallel-size", values: ["1"], note: ONE_RANK },
  { flag: "prefill-context-parallel-size", values: ["1"], note: ONE_RANK },
  { flag: "nnodes", values: ["1"], note: ONE_RANK },
  { flag: "node-rank", values: ["0"], note: ONE_RANK },
  { flag: "allow-deprecated-quantization", values: undefined, note: "every scheme that is read is current" },
  { flag: "use-tqdm-on-load", values: undefined, note: "progress is shown on terminals" },
  { flag: "prefix-caching-hash-algo", values: ["sha256"], note: "blocks are always hashed by SHA-256" },
  { flag: "renderer-num-workers", values: ["1"], note: ONE_KIND },
  { flag: "kv-offloading-backend", values: ["native"], note: "nothing is offloaded" },
  { flag: "cpu-offload-gb", values: ["0"], note: "nothing is offloaded" },
  { flag: "language-model-only", values: undefined, note: "models are served for text only" },
  {
    flag: "limit-mm-per-prompt",
    values: "any",
    note: "models are served for text only: no prompt holds images or audio",
  },
  { flag: "mm-processor-cache-gb", values: "any", note: "models are served for text only" },
  { flag: "skip-mm-profiling", values: undefined, note: "models are served for text only" },
  {
    flag: "fail-on-environ-validation",
    values: undefined,
    note: "variables that cannot be read always stop the start",
  },
];

/**
 * @param value what the flag was given; undefined: nothing
 * @returns the note, or undefined where the flag or this value is not taken
 */
export function noteFor(flag: string, value: string | undefined): string | undefined {
  const known = NO_EFFECT_FLAGS.find((one) => one.flag === flag);
  if (known === undefined) return undefined;
  if (known.values === undefined) return value === undefined ? known.note : undefined;
  if (value === undefined) return undefined;
  return known.values === "any" || known.values.includes(value) ? known.note : undefined;
}
