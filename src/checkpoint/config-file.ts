/** Reads the small JSON files beside the weights: config.json, generation_config.json, an index. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { CheckpointError } from "../util/errors.js";
import { parseJsonObject } from "./json.js";
import { RandomAccessFile } from "./random-access-file.js";

/** An index of a very large model has a few megabytes. */
const maxBytes = 64 * 2 ** 20;

/** @throws CheckpointError if the file is missing, too large, not UTF-8 or not one JSON object (with the line) */
export function readJsonFile(path: string): Record<string, unknown> {
  const file = new RandomAccessFile(path);
  try {
    if (file.size > maxBytes)
      throw new CheckpointError(`${path}: expected at most ${maxBytes} bytes of JSON, got ${file.size}`);
    return parseJsonObject(file.readBytes(0, file.size), path);
  } finally {
    file.close();
  }
}

/** config.json of a folder; nested configs (text_config) stay as they are. @throws CheckpointError as readJsonFile */
export function readConfig(folder: string): Record<string, unknown> {
  const path = join(folder, "config.json");
  if (!existsSync(path))
    throw new CheckpointError(`${folder}: expected a Hugging Face model folder, but there is no config.json in it`);
  return readJsonFile(path);
}

/** generation_config.json of a folder, undefined if there is none. @throws CheckpointError as readJsonFile */
export function readGenerationConfig(folder: string): Record<string, unknown> | undefined {
  const path = join(folder, "generation_config.json");
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readJsonFile(path);
}
