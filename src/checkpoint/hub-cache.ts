/** The Hugging Face cache on disk: models--org--name/{blobs, refs, snapshots}. Finds what is there; links what came. */
import { copyFile, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { ModelId, WeightFormat } from "./hub-plan.js";
import { isSafePath } from "./hub-plan.js";

/** Folders of one model in a cache. */
export interface CacheFolders {
  readonly root: string;
  readonly blobs: string;
  readonly refs: string;
  readonly snapshots: string;
  /** Held while downloading. */
  readonly lock: string;
}

export function cacheFolders(cache: string, id: string): CacheFolders {
  const name = `models--${id.replaceAll("/", "--")}`;
  const root = join(cache, name);
  return {
    root,
    blobs: join(root, "blobs"),
    refs: join(root, "refs"),
    snapshots: join(root, "snapshots"),
    lock: join(cache, ".locks", name, "quire.lock"),
  };
}

/** The snapshot folder of a branch, tag or commit; undefined when there is none. */
export async function findSnapshot(folders: CacheFolders, revision: string): Promise<string | undefined> {
  if (!isSafePath(revision)) return undefined;
  const ref = await readFile(join(folders.refs, revision), "utf8").catch(() => undefined);
  for (const commit of [ref?.trim(), revision]) {
    if (commit === undefined || !/^[0-9A-Za-z]{7,64}$/.test(commit)) continue;
    const folder = join(folders.snapshots, commit);
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  }
  return undefined;
}

/**
 * What `resolveModel` answers for a snapshot: the folder, or the GGUF file in it; undefined when files are missing, as after a
 * download that was cut off. Links to blobs that are gone count as missing.
 *
 * @param withoutTokenizer  accept a snapshot that holds no tokenizer (some models have none)
 */
export async function usableSnapshot(
  folder: string,
  model: ModelId,
  format: WeightFormat = "auto",
  withoutTokenizer = false,
): Promise<string | undefined> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { recursive: true })) {
    if ((await stat(join(folder, entry)).catch(() => undefined))?.isFile()) names.push(entry);
  }
  if (model.variant === undefined && format !== "gguf" && names.includes("config.json")) {
    const hasTokenizer = names.some((name) => /^(tokenizer\.(json|model)|vocab\.(json|txt)|spiece\.model)$/.test(name));
    const isEnough = hasTokenizer || withoutTokenizer;
    if (format === "dummy") return isEnough ? folder : undefined;
    for (const ending of [".safetensors", ".bin"]) {
      if (format === (ending === ".bin" ? "safetensors" : "pt")) continue;
      if (await hasWeights(folder, names, ending)) return isEnough ? folder : undefined;
    }
  }
  if (format !== "auto" && format !== "gguf") return undefined;
  const wanted = model.variant?.toLowerCase() ?? "";
  const fitting = names.filter((name) => name.endsWith(".gguf") && name.toLowerCase().includes(wanted));
  return fitting.length === 1 ? join(folder, fitting[0]!) : undefined;
}

/** Whether all files that an index names are there, or the one file of a model without index. */
async function hasWeights(folder: string, names: readonly string[], ending: string): Promise<boolean> {
  const index = names.find((name) => !name.includes("/") && name.endsWith(`${ending}.index.json`));
  if (index === undefined) return names.some((name) => !name.includes("/") && name.endsWith(ending));
  try {
    const { weight_map: map } = JSON.parse(await readFile(join(folder, index), "utf8")) as {
      weight_map: Record<string, string>;
    };
    const shards = new Set(Object.values(map));
    return shards.size > 0 && [...shards].every((shard) => names.includes(shard));
  } catch {
    return false;
  }
}

/** Makes `snapshots/<commit>/<path>` a relative link to a blob; a copy where the file system has no links. */
export async function linkIntoSnapshot(folder: string, path: string, blob: string): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  const to = relative(dirname(target), blob);
  if ((await readlink(target).catch(() => undefined)) === to) return;
  const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  await rm(fresh, { force: true });
  try {
    await symlink(to, fresh);
  } catch {
    await copyFile(blob, fresh);
  }
  await rename(fresh, target);
}

/** Records which commit a branch or tag stands for. */
export async function writeRef(folders: CacheFolders, revision: string, commit: string): Promise<void> {
  if (!isSafePath(revision) || revision === commit) return;
  const path = join(folders.refs, revision);
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, commit);
  await rename(fresh, path);
}
