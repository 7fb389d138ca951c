/** What a GGUF file says besides its weights: the tokenizer is made from it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openGguf } from "../checkpoint/gguf-checkpoint.js";

/** The GGUF file of a model: the path itself, or the only one in a folder; undefined where there is none. */
export function ggufFileOf(model: string): string | undefined {
  const stats = statSync(model, { throwIfNoEntry: false });
  if (stats?.isFile()) return model.endsWith(".gguf") ? model : undefined;
  if (!stats) return undefined;
  const files = readdirSync(model).filter((name) => name.endsWith(".gguf") && !name.startsWith("mmproj"));
  return files.length === 1 ? join(model, files[0]!) : undefined;
}

/** Metadata by full key. @throws CheckpointError if the file is damaged */
export function readGgufMetadata(file: string): Pick<ReadonlyMap<string, unknown>, "get"> {
  const checkpoint = openGguf(file);
  try {
    return checkpoint.ggufMetadata;
  } finally {
    checkpoint.close();
  }
}
