/** One file from the hub into one place: resumed, retried, checked. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { CheckpointError, ResourceError } from "../util/errors.js";
import { openFile, reasonOf, TransientError } from "./hub-api.js";
import type { Hub } from "./hub-api.js";
import type { HubFile } from "./hub-plan.js";

/** What to fetch, and how patiently. */
export interface FileJob {
  readonly hub: Hub;
  readonly id: string;
  readonly commit: string;
  readonly file: HubFile;
  /** Where the whole file goes; `target + ".incomplete"` holds it until it is whole. */
  readonly target: string;
  /** Bytes on disk so far, whenever that changes; may go down when a file starts anew. */
  readonly onBytes: (bytes: number) => void;
  /** Tries in a row without a new byte. */
  readonly maxTries: number;
  /** Wait before the second try, doubled for each further one. */
  readonly retryWaitMs: number;
}

/**
 * Fetches a file, going on where an earlier try stopped, and checks its size and hash.
 *
 * @throws ConfigError when the hub refuses; CheckpointError when size or hash is wrong (the file is deleted); ResourceError when
 *   the disk is full or the network stays away
 */
export async function fetchFile(job: FileJob): Promise<void> {
  const incomplete = `${job.target}.incomplete`;
  let failures = 0;
  for (;;) {
    const before = await sizeOf(incomplete);
    try {
      await appendRest(job, incomplete, before);
      break;
    } catch (error) {
      if (isDiskFull(error)) throw diskFull(job, incomplete, error);
      if (!(error instanceof TransientError) || job.hub.signal?.aborted) throw error;
      failures = (await sizeOf(incomplete)) > before ? 1 : failures + 1;
      if (failures >= job.maxTries) {
        throw new ResourceError(
          `${job.id}/${job.file.path}: ${error.message}; gave up after ${failures} tries; what came is kept, run it again to go on`,
          { cause: error },
        );
      }
      const waitMs = error.waitMs ?? job.retryWaitMs * 2 ** (failures - 1);
      await sleep(waitMs, undefined, job.hub.signal === undefined ? {} : { signal: job.hub.signal });
    }
  }
  await check(job, incomplete);
  await rename(incomplete, job.target);
}

/** Appends what is missing from `offset` on. Returns when the file is as long as the hub says. */
async function appendRest(job: FileJob, incomplete: string, offset: number): Promise<void> {
  const { size } = job.file;
  if (size !== undefined && offset === size && size > 0) return job.onBytes(size);
  const asked = size !== undefined && offset > size ? 0 : offset;
  const stop = new AbortController();
  const signal = job.hub.signal === undefined ? stop.signal : AbortSignal.any([job.hub.signal, stop.signal]);
  const response = await openFile(job.hub, job.id, job.commit, job.file.path, asked, signal);
  if (response.status === 416 || (response.status === 206 && rangeStart(response) !== asked)) {
    await response.body?.cancel();
    await rm(incomplete, { force: true });
    throw new TransientError("the hub does not go on from where the last try stopped");
  }
  const start = response.status === 206 ? asked : 0;
  const out = await open(incomplete, start > 0 ? "r+" : "w");
  const watchdog = setTimeout(() => stop.abort(), job.hub.idleTimeoutMs);
  let position = start;
  try {
    job.onBytes(position);
    for await (const chunk of bodyOf(response, job)) {
      watchdog.refresh();
      if (size !== undefined && position + chunk.length > size) throw await tooLong(job, incomplete);
      for (let done = 0; done < chunk.length;) {
        done += (await out.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
      }
      position += chunk.length;
      job.onBytes(position);
    }
    await out.sync();
  } finally {
    clearTimeout(watchdog);
    stop.abort();
    await out.close();
  }
  if (size !== undefined && position < size) {
    throw new TransientError(`the connection ended at byte ${position} of ${size}`);
  }
}

/** The body's chunks; a broken connection is worth another try. */
async function* bodyOf(response: Response, job: FileJob): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch (cause) {
    if (job.hub.signal?.aborted) throw job.hub.signal.reason;
    throw new TransientError(`the connection broke: ${reasonOf(cause)}`, undefined, { cause });
  }
}

function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? -1);
}

async function tooLong(job: FileJob, incomplete: string): Promise<CheckpointError> {
  await rm(incomplete, { force: true });
  return new CheckpointError(
    `${job.id}/${job.file.path}: expected ${job.file.size} bytes, the hub sends more; the file was deleted`,
  );
}

/** Compares the hash that the hub lists; without one the length has to do. */
async function check(job: FileJob, path: string): Promise<void> {
  const { sha256, gitSha1 } = job.file;
  const expected = sha256 ?? gitSha1;
  if (expected === undefined) return;
  const hash = createHash(sha256 === undefined ? "sha1" : "sha256");
  if (sha256 === undefined) hash.update(`blob ${await sizeOf(path)}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  const actual = hash.digest("hex");
  if (actual === expected) return;
  await rm(path, { force: true });
  throw new CheckpointError(
    `${job.id}/${job.file.path}: expected ${sha256 === undefined ? "git sha1" : "sha256"} ${expected}, got ${actual}; ` +
      `the file was deleted, download it again`,
  );
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function diskFull(job: FileJob, path: string, cause: unknown): ResourceError {
  return new ResourceError(
    `${job.id}/${job.file.path}: the disk is full while writing ${path}; make room or choose another place with ` +
      `--download-dir or HF_HOME, and run it again to go on`,
    { cause },
  );
}
