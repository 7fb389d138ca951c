/** Opens a model by its folder or file, whatever the format of its weights. */
import { readdirSync, statSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import { readConfig, readGenerationConfig } from "./config-file.js";
import { openGguf } from "./gguf-checkpoint.js";
import { Problems, quote } from "./problems.js";
import { readPytorchBin } from "./pytorch-bin.js";
import { RandomAccessFile } from "./random-access-file.js";
import { readSafetensors } from "./safetensors.js";
import { StoredCheckpoint, type StoredTensor } from "./stored-checkpoint.js";
import type { Checkpoint } from "./tensor-source.js";
import { findWeightFiles, pytorchNaming, safetensorsNaming, type WeightFiles } from "./weight-files.js";

/**
 * Opens a Hugging Face folder (safetensors or pytorch_model*.bin, one file or several), a .gguf file, or a folder whose only
 * weights are one .gguf file. Where a folder has several formats, safetensors is taken. Only headers are read.
 *
 * @throws CheckpointError if there is nothing to open, or files, headers or the index are damaged or contradict each other
 */
export function openCheckpoint(path: string): Checkpoint {
  const stats = statOf(path);
  if (!stats.isDirectory()) {
    if (/\.gguf$/i.test(path)) return openGguf(path);
    throw new CheckpointError(
      `${path}: expected a folder; for a weight file give the folder around it: ${dirname(path)}`,
    );
  }
  const names = readdirSync(path).sort();
  const safetensors = findWeightFiles(path, names, safetensorsNaming);
  if (safetensors !== undefined) return openFolder(path, safetensors, readSafetensors);
  const pytorch = findWeightFiles(path, names, pytorchNaming);
  if (pytorch !== undefined) return openFolder(path, pytorch, readPytorchBin);
  const ggufs = names.filter((name) => /^(?!mmproj).*\.gguf$/i.test(name));
  if (ggufs.length > 1)
    throw new CheckpointError(
      `${path}: has ${ggufs.length} .gguf files; give one of them: ${ggufs.slice(0, 10).map(quote).join(", ")}`,
    );
  if (ggufs.length === 1) return openGguf(join(path, ggufs[0]!), readGenerationConfig(path));
  throw new CheckpointError(
    `${path}: expected *.safetensors, pytorch_model*.bin or one *.gguf file, got ${names.length === 0 ? "an empty folder" : names.slice(0, 10).map(quote).join(", ")}`,
  );
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new CheckpointError(`${path}: cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}

/** A folder with config.json and weights in one or several files of one format. */
function openFolder(
  folder: string,
  weights: WeightFiles,
  readFile: (file: RandomAccessFile) => StoredTensor[],
): Checkpoint {
  const config = readConfig(folder);
  const generationConfig = readGenerationConfig(folder);
  const files: RandomAccessFile[] = [];
  try {
    const tensors: StoredTensor[] = [];
    const fileOf = new Map<string, string>();
    const problems = new Problems(folder);
    for (const name of weights.files) {
      const file = new RandomAccessFile(join(folder, name));
      files.push(file);
      for (const tensor of readFile(file)) {
        const first = fileOf.get(tensor.info.name);
        if (first !== undefined)
          problems.add(`tensor ${quote(tensor.info.name)} is in both ${quote(first)} and ${quote(name)}`);
        else {
          fileOf.set(tensor.info.name, name);
          tensors.push(tensor);
        }
      }
    }
    for (const [tensor, file] of weights.promised ?? []) {
      if (fileOf.get(tensor) === file) continue;
      const elsewhere = fileOf.get(tensor);
      problems.add(
        `the index promises tensor ${quote(tensor)} in ${quote(file)}, but it is ${elsewhere === undefined ? "in no file" : `in ${quote(elsewhere)}`}`,
      );
    }
    problems.throwIfAny();
    return new StoredCheckpoint({ path: folder, config, generationConfig, tensors, files });
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}
