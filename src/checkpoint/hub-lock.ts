/** A lock file between processes, which outlives no crash: its holder renews it, and a dead holder's lock is taken over. */
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: () => void;
  /** Milliseconds between two looks; 200 by default. */
  readonly pollMs?: number;
  /** Milliseconds without a sign of life after which a lock counts as left behind; 60,000 by default. */
  readonly staleMs?: number;
}

/**
 * Runs `work` while holding the lock at `path`; waits as long as another process holds it.
 *
 * @throws what `work` throws; the signal's reason when aborted while waiting
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const { pollMs = 200, staleMs = 60_000 } = options;
  await mkdir(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  let told = false;
  while (!(await tryCreate(path, mine))) {
    options.signal?.throwIfAborted();
    if (await isStale(path, staleMs)) {
      await takeAway(path);
      continue;
    }
    if (!told) options.onWait?.();
    told = true;
    await sleep(pollMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  const renew = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), staleMs / 6);
  renew.unref();
  try {
    return await work();
  } finally {
    clearInterval(renew);
    if ((await readFile(path, "utf8").catch(() => "")) === mine) await rm(path, { force: true });
  }
}

async function tryCreate(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Whether the holder is gone: its process on this host, or its sign of life on another. */
async function isStale(path: string, staleMs: number): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    if (Date.now() - mtimeMs > staleMs) return true;
    const { pid, host } = JSON.parse(text) as { pid: number; host: string };
    return host === hostname() && pid !== process.pid && !isAlive(pid);
  } catch {
    return false; // gone meanwhile, or not written yet
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a left-behind lock. If somebody else was faster and holds it now, puts theirs back. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const before = await readFile(path, "utf8").catch(() => undefined);
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8").catch(() => undefined)) !== before) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}
