/** Golden cases: tiny checkpoints by recipe, with the tokens and logits that Hugging Face Transformers computes in float32. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { materialize } from "./materialize.js";

/** One prompt of a golden case. Rows hold raw logits at some positions of prompt + greedy. */
export interface GoldenPrompt {
  readonly inputIds: number[];
  readonly greedy: number[];
  /** Smallest gap between the best and second logit among the greedy choices. */
  readonly minTop2Margin: number;
  readonly logitsStd: number;
  readonly rows: readonly { readonly position: number; readonly logits: Float32Array }[];
}

export interface GoldenCase {
  readonly name: string;
  /** Folder with config.json, weights.json, golden.json. */
  readonly source: string;
  readonly prompts: readonly GoldenPrompt[];
  /** Where inputs are rounded: one value on the other side of a step moves all that follows. Undefined: the usual one. */
  readonly tolerance: number | undefined;
}

const goldenFolder = fileURLToPath(new URL("../golden/arch", import.meta.url));

/** The cases inside the repository, or those of another folder in the same format. */
export function goldenCases(folder = goldenFolder): GoldenCase[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "golden.json")))
    .sort()
    .map((name) => ({ name, source: join(folder, name), ...readGolden(join(folder, name, "golden.json")) }));
}

interface StoredPrompt {
  input_ids: number[];
  greedy: number[];
  min_top2_margin: number;
  logits_std: number;
  rows: { position: number; logits: string }[];
}

interface StoredGolden {
  prompts: StoredPrompt[];
  tolerance?: number;
  /** How inputs are rounded, in words. */
  activations?: string;
}

function readGolden(path: string): Pick<GoldenCase, "prompts" | "tolerance"> {
  const { prompts, tolerance, activations } = JSON.parse(readFileSync(path, "utf8")) as StoredGolden;
  return {
    tolerance: activations === undefined ? undefined : tolerance,
    prompts: prompts.map((prompt) => ({
      inputIds: prompt.input_ids,
      greedy: prompt.greedy,
      minTop2Margin: prompt.min_top2_margin,
      logitsStd: prompt.logits_std,
      rows: prompt.rows.map(({ position, logits }) => ({ position, logits: decodeFloats(logits) })),
    })),
  };
}

function decodeFloats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

let temporary: string | undefined;

/** One folder a process, gone at its end. */
function temporaryFolder(): string {
  if (temporary === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "quire-golden-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    temporary = folder;
  }
  return temporary;
}

/** Writes the checkpoint of a case to a temporary folder (once a process) and returns its path. */
export function materializeCase({ name, source }: GoldenCase): string {
  const folder = join(temporaryFolder(), name);
  if (!existsSync(folder)) {
    const partial = `${folder}.partial`;
    mkdirSync(partial, { recursive: true });
    materialize(source, partial);
    renameSync(partial, folder);
  }
  return folder;
}

/** Natural log-probabilities of raw logits, in double. */
export function logSoftmax(logits: Float32Array): Float64Array {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - max), 0);
  return Float64Array.from(logits, (value) => value - max - Math.log(sum));
}
