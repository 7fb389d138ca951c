/** Which files of a hub repository a model needs, and what names are safe. Decides only; touches nothing. */
import { ConfigError } from "../util/errors.js";

/** A file as the hub lists it. */
export interface HubFile {
  /** Path inside the repository, with forward slashes. */
  readonly path: string;
  /** In bytes; undefined where the hub does not say. */
  readonly size: number | undefined;
  /** Of the contents, hexadecimal, for large files. */
  readonly sha256: string | undefined;
  /** Git's blob id, sha1 of a header and the contents, for small files. */
  readonly gitSha1: string | undefined;
}

/** A model id as written on a command line: `org/name`, or `org/name:Q4_K_M` to choose among GGUF files. */
export interface ModelId {
  readonly id: string;
  /** Part of the wanted GGUF file's name. */
  readonly variant: string | undefined;
}

export type WeightFormat = "auto" | "safetensors" | "pt" | "gguf" | "dummy";

const SMALL_FILES =
  /^(?:[^/]+\.(?:json|txt|jinja|model|tiktoken)|(?:additional_)?chat_templates\/[^/]+\.(?:jinja|json))$/;
const NOT_WEIGHTS = /^(?:optimizer|scheduler|training_args|rng_state|scaler|adapter_model)/;

/** Undefined when the text cannot be a model id. */
export function parseModelId(text: string): ModelId | undefined {
  const match = /^([A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?)(?::([\w.-]+))?$/.exec(text);
  if (match === null || match[1]!.includes("..") || match[1]!.includes("--")) return undefined;
  return { id: match[1]!, variant: match[2] };
}

/** Whether a path from elsewhere stays inside the folder that it is joined to. */
export function isSafePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex
  if (path.length === 0 || path.length > 1024 || /[\\:\x00-\x1f]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * The files to fetch: configuration and tokenizer files of the top folder, and weights in one format, safetensors first.
 *
 * @param format  the weights' format; `dummy`: none
 * @throws ConfigError when there are no such weights, or several GGUF files and no choice
 */
export function chooseFiles(files: readonly HubFile[], model: ModelId, format: WeightFormat = "auto"): HubFile[] {
  for (const file of files) {
    if (!isSafePath(file.path)) {
      throw new ConfigError(`${model.id}: the hub lists a file with an unsafe name: ${JSON.stringify(file.path)}`);
    }
  }
  const small = files.filter((file) => SMALL_FILES.test(file.path));
  if (format === "dummy") return small;
  const weights = chooseWeights(files, model, format);
  if (weights.length > 0) return [...small, ...weights];
  const wanted = format === "auto" ? ".safetensors, pytorch_model*.bin or .gguf" : format;
  const some = files.slice(0, 8).map((file) => file.path);
  throw new ConfigError(
    `${model.id}: no weights (${wanted}) in the top folder of the repository; it has ${some.join(", ") || "no files"}`,
  );
}

function chooseWeights(files: readonly HubFile[], model: ModelId, format: WeightFormat): HubFile[] {
  const top = files.filter((file) => !file.path.includes("/") && !NOT_WEIGHTS.test(file.path));
  const gguf = files.filter((file) => file.path.endsWith(".gguf"));
  if (format === "gguf" || model.variant !== undefined) return chooseGguf(gguf, model);
  if (format !== "pt") {
    const all = top.filter((file) => file.path.endsWith(".safetensors"));
    const own = all.filter((file) => !file.path.startsWith("consolidated"));
    if (all.length > 0) return own.length > 0 ? own : all;
  }
  if (format !== "safetensors") {
    const bins = top.filter((file) => /^pytorch_model.*\.bin$/.test(file.path));
    if (bins.length > 0) return bins;
  }
  return format === "auto" && gguf.length > 0 ? chooseGguf(gguf, model) : [];
}

function chooseGguf(files: readonly HubFile[], model: ModelId): HubFile[] {
  const wanted = model.variant?.toLowerCase();
  const matching = files.filter((file) => wanted === undefined || file.path.toLowerCase().includes(wanted));
  if (matching.length <= 1) return matching;
  const exact = matching.filter((file) =>
    file.path
      .toLowerCase()
      .replace(/\.gguf$/, "")
      .endsWith(wanted ?? "\n"),
  );
  if (exact.length === 1) return exact;
  const names = matching.slice(0, 12).map((file) => file.path);
  throw new ConfigError(
    `${model.id}: ${matching.length} GGUF files fit; name one by a part of its name, as in ${model.id}:Q4_K_M: ${names.join(", ")}`,
  );
}
