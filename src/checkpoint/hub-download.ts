/** From a model's name to a path on disk: a folder as given, the Hugging Face cache, or a download into that cache. */
import { mkdir, readFile, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readEnvironment } from "../config/environment.js";
import type { Environment } from "../config/environment.js";
import { showBytes } from "../config/human-number.js";
import { ConfigError, ResourceError } from "../util/errors.js";
import { cacheFolders, findSnapshot, linkIntoSnapshot, usableSnapshot, writeRef } from "./hub-cache.js";
import type { CacheFolders } from "./hub-cache.js";
import { fetchFile } from "./hub-file.js";
import { listFiles, TransientError } from "./hub-api.js";
import type { Hub } from "./hub-api.js";
import { withLock } from "./hub-lock.js";
import { chooseFiles, parseModelId } from "./hub-plan.js";
import type { HubFile, ModelId, WeightFormat } from "./hub-plan.js";

/** How far a download is. Bytes of files of unknown size count as they come. */
export interface DownloadProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly filesDone: number;
  readonly filesTotal: number;
}

export interface DownloadOptions {
  /** Branch, tag or commit; "main" by default. */
  readonly revision?: string;
  /** The cache's folder; HF_HUB_CACHE and so on by default. */
  readonly cacheDir?: string;
  /** Token of the hub; HF_TOKEN or the stored one by default. Goes to the endpoint alone. */
  readonly token?: string;
  /** Which weights; "dummy": none. */
  readonly loadFormat?: WeightFormat;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told in a sentence what is waited for or tried again. */
  readonly onNote?: (note: string) => void;
  /** Read from the process by default. */
  readonly environment?: Environment;
  /** Tries in a row that bring nothing; 5 by default. */
  readonly maxTries?: number;
  /** Wait before the second try, doubled for each further one; 500 by default. */
  readonly retryWaitMs?: number;
  /** Silence after which a connection counts as dead; 30,000 by default. */
  readonly idleTimeoutMs?: number;
}

/** Files fetched at the same time. */
const PARALLEL = 4;

/**
 * The path of a model. What exists on disk wins, then a complete copy in the cache, then the hub.
 *
 * @param model  a folder or file, or a model id: `org/name`, for one of several GGUF files `org/name:Q4_K_M`
 * @returns      absolute path of the snapshot folder or GGUF file; an existing path as it was given
 * @throws ConfigError for a name that is neither, or a model that the hub does not give; ResourceError when network or disk are not
 *   enough; CheckpointError for a damaged download
 */
export async function resolveModel(model: string, options: DownloadOptions = {}): Promise<string> {
  if ((await stat(model).catch(() => undefined)) !== undefined) return model;
  const { id, folders, environment, revision } = locate(model, options);
  const snapshot = await findSnapshot(folders, revision);
  const usable =
    snapshot === undefined
      ? undefined
      : await usableSnapshot(snapshot, id, options.loadFormat, environment.hfHubOffline);
  if (usable !== undefined) return usable;
  if (!environment.hfHubOffline) return downloadModel(model, options);
  const what = snapshot === undefined ? "is not" : "is not complete";
  throw new ConfigError(
    `${model}: there is no such path, and the model ${what} in the cache (${folders.root}, revision ${revision}); ` +
      `HF_HUB_OFFLINE forbids a download: unset it, or name a folder`,
  );
}

/**
 * Asks the hub for the newest commit of the revision, and fetches those files into the cache that are not there yet.
 *
 * @returns absolute path of the snapshot folder, or of the GGUF file
 * @throws as `resolveModel`
 */
export async function downloadModel(model: string, options: DownloadOptions = {}): Promise<string> {
  const { id, folders, environment, revision } = locate(model, options);
  if (environment.hfHubOffline) throw new ConfigError(`${model}: HF_HUB_OFFLINE forbids a download; unset it`);
  const hub: Hub = {
    endpoint: environment.hfEndpoint,
    token: options.token ?? environment.hfToken ?? (await storedToken(environment)),
    signal: options.signal,
    idleTimeoutMs: options.idleTimeoutMs ?? 30_000,
  };
  const listing = await retried(() => listFiles(hub, id.id, revision), model, options);
  const files = chooseFiles(listing.files, id, options.loadFormat);
  const work = () => fetchAll(hub, id, listing.commit, files, folders, options);
  const note = () => options.onNote?.(`${model}: another process is downloading it; waiting`);
  try {
    await withLock(folders.lock, work, { signal: options.signal, onWait: note });
  } catch (error) {
    throw inWords(error, folders.root);
  }
  await writeRef(folders, revision, listing.commit);
  const snapshot = join(folders.snapshots, listing.commit);
  const gguf = files.find((file) => file.path.endsWith(".gguf"));
  return gguf === undefined ? snapshot : join(snapshot, gguf.path);
}

interface Location {
  readonly id: ModelId;
  readonly folders: CacheFolders;
  readonly environment: Environment;
  readonly revision: string;
}

function locate(model: string, options: DownloadOptions): Location {
  const environment = options.environment ?? readEnvironment();
  const id = parseModelId(model);
  if (id === undefined) {
    throw new ConfigError(
      `${model}: there is no such file or folder, and it is no model id either (org/name, as on the hub)`,
    );
  }
  const folders = cacheFolders(options.cacheDir ?? environment.hfHubCache, id.id);
  return { id, folders, environment, revision: options.revision ?? "main" };
}

async function storedToken(environment: Environment): Promise<string | undefined> {
  const text = await readFile(environment.hfTokenPath, "utf8").catch(() => "");
  return text.trim() || undefined;
}

/** One blob: files of equal contents share it. */
interface Blob {
  readonly path: string;
  readonly files: HubFile[];
  /** The whole blob is there. */
  present: boolean;
  /** Bytes on disk. */
  bytes: number;
}

/** Fetches the blobs that are missing, a few at a time, and links all files; the first failure stops the others. */
async function fetchAll(
  hub: Hub,
  id: ModelId,
  commit: string,
  files: readonly HubFile[],
  folders: CacheFolders,
  options: DownloadOptions,
): Promise<void> {
  await mkdir(folders.blobs, { recursive: true });
  const blobs = await findBlobs(files, folders, commit);
  await checkSpace(blobs, folders.root);
  const bytesTotal = blobs.reduce((sum, blob) => sum + (blob.files[0]!.size ?? 0), 0);
  const report = () => {
    const bytesDone = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
    const filesDone = blobs.reduce((sum, blob) => sum + (blob.present ? blob.files.length : 0), 0);
    const total = Math.max(bytesTotal, bytesDone);
    options.onProgress?.({ bytesDone, bytesTotal: total, filesDone, filesTotal: files.length });
  };
  const failed = new AbortController();
  const signal = hub.signal === undefined ? failed.signal : AbortSignal.any([hub.signal, failed.signal]);
  const fetchOne = async (blob: Blob): Promise<void> => {
    if (!blob.present) {
      await fetchFile({
        hub: { ...hub, signal },
        id: id.id,
        commit,
        file: blob.files[0]!,
        target: blob.path,
        onBytes: (bytes) => {
          blob.bytes = bytes;
          report();
        },
        maxTries: options.maxTries ?? 5,
        retryWaitMs: options.retryWaitMs ?? 500,
      });
      blob.present = true;
    }
    for (const file of blob.files) await linkIntoSnapshot(join(folders.snapshots, commit), file.path, blob.path);
    report();
  };
  await inParallel(blobs, PARALLEL, fetchOne, failed);
}

async function findBlobs(files: readonly HubFile[], folders: CacheFolders, commit: string): Promise<Blob[]> {
  const blobs = new Map<string, Blob>();
  for (const file of files) {
    const path = join(folders.blobs, blobName(file, commit));
    const known = blobs.get(path);
    if (known !== undefined) {
      known.files.push(file);
      continue;
    }
    const size = (await stat(path).catch(() => undefined))?.size;
    const present = size !== undefined && (file.size === undefined || size === file.size);
    blobs.set(path, { path, files: [file], present, bytes: present ? size : 0 });
  }
  return [...blobs.values()];
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  failed: AbortController,
): Promise<void> {
  const queue = [...items];
  let first: { error: unknown } | undefined;
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined && first === undefined; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        first ??= { error };
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (first !== undefined) throw first.error;
}

/** The blob's name is its hash, as in the Hugging Face cache; a file without one is named after commit and path. */
function blobName(file: HubFile, commit: string): string {
  return file.sha256 ?? file.gitSha1 ?? `${commit}-${file.path.replaceAll("/", "--")}`;
}

async function checkSpace(blobs: readonly Blob[], folder: string): Promise<void> {
  let needed = 0;
  for (const blob of blobs) {
    if (blob.present) continue;
    const have = (await stat(`${blob.path}.incomplete`).catch(() => undefined))?.size ?? 0;
    needed += Math.max(0, (blob.files[0]!.size ?? 0) - have);
  }
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (needed > free) {
    throw new ResourceError(
      `${folder}: the download needs ${showBytes(needed)}, the disk has ${showBytes(free)} free; make room or choose another ` +
        `place with --download-dir or HF_HOME`,
    );
  }
}

async function retried<T>(work: () => Promise<T>, model: string, options: DownloadOptions): Promise<T> {
  const maxTries = options.maxTries ?? 5;
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || options.signal?.aborted) throw error;
      if (failures >= maxTries) {
        throw new ResourceError(
          `${model}: there is no such path, and the hub cannot be reached: ${error.message}; check the network, HF_ENDPOINT, or ` +
            `name a folder`,
          { cause: error },
        );
      }
      options.onNote?.(`${error.message}; trying again`);
      const waitMs = error.waitMs ?? (options.retryWaitMs ?? 500) * 2 ** (failures - 1);
      await sleep(waitMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }
}

/** File system errors say where and what to do. */
function inWords(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "EACCES" && code !== "EROFS" && code !== "EPERM" && code !== "ENOTDIR") return error;
  return new ResourceError(
    `${folder}: cannot be written (${code}); choose another place with --download-dir or HF_HOME`,
    { cause: error },
  );
}
