/** The import table of the house: which room may import which, besides util. See ARCHITECTURE.md. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ["server", "tools", "engine", "config"],
  server: ["engine", "tokenizer", "request", "config"],
  tools: [
    ...["engine", "worker", "models", "quantization", "checkpoint", "plugins", "tokenizer", "request", "config"],
    // quire check looks inside: at modules, recorded ops and their values.
    ...["layers", "ops", "platform", "tensor"],
  ],
  engine: ["scheduler", "worker", "plugins", "tokenizer", "grammar", "multimodal", "request", "config"],
  worker: [
    ...["models", "plugins", "quantization", "sampling", "layers", "checkpoint", "multimodal", "parallel"],
    ...["ops", "platform", "tensor", "request", "config"],
  ],
  plugins: ["models", "ops", "request", "config"],
  models: ["layers", "ops", "checkpoint", "multimodal", "tensor", "config"],
  quantization: ["layers", "ops", "checkpoint", "tensor", "config"],
  layers: ["ops", "parallel", "checkpoint", "tensor", "config"],
  sampling: ["ops", "tensor", "request"],
  scheduler: ["kv-cache", "request", "config"],
  ops: ["platform", "tensor"],
  parallel: ["platform", "tensor"],
  "kv-cache": ["request"],
  platform: ["tensor"],
  checkpoint: ["tensor", "config"],
  multimodal: ["tensor", "config"],
  tokenizer: ["config"],
  grammar: ["request", "config"],
  tensor: [],
  config: [],
  request: [],
  util: [],
};

/** The five entry files of the package; the only barrels, free to import what they publish. */
export const entryFiles = ["index.ts", "models/index.ts", "layers/index.ts", "ops/index.ts", "server/index.ts"];

/** Files that may be longer than 500 lines: tables of data, with the reason. */
export const longFiles: Readonly<Record<string, string>> = {};
