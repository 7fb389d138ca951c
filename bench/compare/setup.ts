/** Setup: where the engines and the models are, and what is missing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelName } from "./cases.js";

/** Folders and files as given by flags. */
export interface Places {
  /** Folder in which everything else is looked for. */
  readonly peers?: string;
  /** Folder of llama.cpp's programs. */
  readonly llamaCpp?: string;
  /** Python environment with vLLM. */
  readonly vllm?: string;
  readonly model135m?: string;
  readonly gguf135m?: string;
  readonly model1b?: string;
  readonly gguf1b?: string;
}

/** One model for all engines. */
export interface ModelFiles {
  /** Hugging Face folder. */
  readonly folder?: string;
  /** The same weights for llama.cpp. */
  readonly gguf?: string;
  /** The folder holds no weights: they are random. */
  readonly isDummy: boolean;
}

export interface Setup {
  readonly threads: number;
  /** The command line program of Quire, built. */
  readonly quire?: string;
  readonly llamaCpp?: string;
  /** vLLM's Python. */
  readonly python?: string;
  readonly models: Readonly<Record<ModelName, ModelFiles>>;
  /** A line for each thing that is not there. */
  readonly missing: readonly string[];
}

/** Looks for everything; what is not there is left out, with a line that says which flag would name it. */
export function findSetup(places: Places, threads: number): Setup {
  const missing: string[] = [];
  const look = (given: string | undefined, usual: readonly string[], needed: string, otherwise: string) => {
    const inPeers = places.peers === undefined ? [] : usual.map((place) => join(places.peers!, place));
    const found = (given === undefined ? inPeers : [given]).find((place) => existsSync(join(place, needed)));
    if (found === undefined) missing.push(otherwise);
    return found;
  };
  const bin = "llama.cpp/build/bin";
  const llamaCpp = look(
    places.llamaCpp,
    [bin, `llama/${bin}`],
    "llama-batched-bench",
    "llama.cpp is left out: no llama-batched-bench; name the folder of its programs by --llama-cpp",
  );
  const environment = look(
    places.vllm,
    ["venv", "vllm/venv"],
    "bin/python",
    "vLLM is left out: no bin/python; name its Python environment by --vllm",
  );
  const folder135m = look(
    places.model135m,
    ["smollm2-bf16"],
    "config.json",
    "cases 135m-* are left out: no config.json; name the folder of SmolLM2-135M in bfloat16 by --model-135m",
  );
  const gguf135m = look(
    places.gguf135m,
    ["SmolLM2-135M-Instruct.BF16.gguf"],
    "",
    "llama.cpp is left out of cases 135m-*: no file; name the same weights by --gguf-135m",
  );
  const gguf1b = look(
    places.gguf1b,
    ["llama-1b-random.BF16.gguf"],
    "",
    "llama.cpp is left out of cases 1b-*: no file; name random weights of that shape by --gguf-1b",
  );
  const quire = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  if (!existsSync(quire)) missing.push("cases *-server and *-start are left out: no dist; run `npm run build`");
  return {
    threads,
    quire: existsSync(quire) ? quire : undefined,
    llamaCpp,
    python: environment && join(environment, "bin/python"),
    models: {
      "135m": { folder: folder135m, gguf: gguf135m, isDummy: false },
      "1b": {
        folder: places.model1b ?? fileURLToPath(new URL("llama-1b", import.meta.url)),
        gguf: gguf1b,
        isDummy: true,
      },
    },
    missing,
  };
}
