/** Which files of a folder hold its weights: one file, the files that an index names, or numbered shards. */
import { join, normalize, isAbsolute, sep } from "node:path";
import { statSync } from "node:fs";
import { CheckpointError } from "../util/errors.js";
import { readJsonFile } from "./config-file.js";
import { Problems, quote } from "./problems.js";

/** A way of naming weight files, e.g. `model.safetensors`, its index, and the shards' pattern. */
export interface WeightNaming {
  single: string;
  index: string;
  /** Any other file that holds weights of this format. */
  pattern: RegExp;
}

export const safetensorsNaming: WeightNaming = {
  single: "model.safetensors",
  index: "model.safetensors.index.json",
  pattern: /^(?!adapter_|consolidated|optimizer|training_args).*\.safetensors$/,
};

export const pytorchNaming: WeightNaming = {
  single: "pytorch_model.bin",
  index: "pytorch_model.bin.index.json",
  pattern: /^pytorch_model.*\.bin$/,
};

/** Files to open, and the tensors that an index promises in each (undefined without an index). */
export interface WeightFiles {
  /** Names relative to the folder, sorted, each once. */
  files: string[];
  /** Tensor name to file name. */
  promised: ReadonlyMap<string, string> | undefined;
}

/**
 * The index if there is one, else the single file, else every file of the pattern. Undefined if the folder has none.
 *
 * @param names the folder's entries
 * @throws CheckpointError if the index is no index, names a file outside the folder or one that is missing, or if a
 *   numbered shard ("-00002-of-00005") is missing
 */
export function findWeightFiles(
  folder: string,
  names: readonly string[],
  naming: WeightNaming,
): WeightFiles | undefined {
  if (names.includes(naming.index)) return readIndex(folder, naming.index);
  if (names.includes(naming.single)) return { files: [naming.single], promised: undefined };
  const files = names.filter((name) => naming.pattern.test(name)).sort();
  if (files.length === 0) return undefined;
  checkNumbering(folder, files);
  return { files, promised: undefined };
}

function readIndex(folder: string, indexName: string): WeightFiles {
  const path = join(folder, indexName);
  const map = readJsonFile(path)["weight_map"];
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw new CheckpointError(`${path}: expected an object "weight_map" from tensor names to files`);
  const problems = new Problems(path);
  const promised = new Map<string, string>();
  const files = new Set<string>();
  const refused = new Set<string>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== "string") {
      problems.add(`weight_map: the file of ${quote(tensor)} is not a string`);
      continue;
    }
    promised.set(tensor, file);
    if (files.has(file) || refused.has(file)) continue;
    const problem = checkFile(folder, file);
    if (problem === undefined) files.add(file);
    else {
      refused.add(file);
      problems.add(`weight_map: ${quote(tensor)} is said to be in ${quote(file)}, ${problem}`);
    }
  }
  if (promised.size === 0) problems.add("weight_map names no tensors");
  problems.throwIfAny();
  return { files: [...files].sort(), promised };
}

/** What is wrong with a file that an index names, if anything. Links inside the folder may point anywhere: hub caches need it. */
function checkFile(folder: string, file: string): string | undefined {
  const path = normalize(file);
  const outside = isAbsolute(file) || file.includes("\\") || path === ".." || path.startsWith(`..${sep}`);
  if (outside || file === "" || file.includes("\0")) return "which is not a file inside the folder; refused";
  if (statSync(join(folder, path), { throwIfNoEntry: false }) === undefined)
    return "which does not exist; download the missing file";
  return undefined;
}

function checkNumbering(folder: string, files: readonly string[]): void {
  const problems = new Problems(folder);
  const present = new Set(files);
  for (const file of files) {
    const match = /^(.*-)(\d{1,6})-of-(\d{1,6})(\..*)$/.exec(file);
    if (match === null || problems.any) continue;
    const [, head, number, total, tail] = match as unknown as [string, string, string, string, string];
    for (let i = 1; i <= Number(total) && i <= 10_000; i++) {
      const shard = `${head}${String(i).padStart(number.length, "0")}-of-${total}${tail}`;
      if (!present.has(shard)) problems.add(`${quote(shard)} is missing; download it`);
    }
  }
  problems.throwIfAny();
}
