/** The files of the pages at / and /dashboard, in memory: from dist/, or bundled on first use where the sources run. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { packageRoot } from "../util/package-root.js";

/** A file as it is sent. */
export interface PageFile {
  /** Content-Type. */
  readonly type: string;
  readonly body: Buffer;
  /** Strong, with its quotes. */
  readonly etag: string;
  /** The body compressed, made when it is first asked for. */
  gzipped(): Promise<Buffer>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

let files: Promise<ReadonlyMap<string, PageFile>> | undefined;

/**
 * All files by name; read once. `{{base}}` in an HTML file is the place of a base element.
 * @throws Error (as a rejection) that says what to do when they are not there
 */
export function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  files ??= load();
  files.catch(() => (files = undefined));
  return files;
}

/** A file from its text. */
export function pageFile(name: string, text: string): PageFile {
  const body = Buffer.from(text);
  let gzipped: Promise<Buffer> | undefined;
  return {
    type: types[extname(name)] ?? "application/octet-stream",
    body,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    gzipped: () => (gzipped ??= promisify(gzip)(body, { level: 9 })),
  };
}

async function load(): Promise<ReadonlyMap<string, PageFile>> {
  const texts = import.meta.url.endsWith(".ts") ? await bundle() : await readBuilt();
  return new Map([...texts].map(([name, text]) => [name, pageFile(name, text)]));
}

async function readBuilt(): Promise<Map<string, string>> {
  const folder = join(packageRoot, "dist", "server", "page");
  try {
    const names = await readdir(folder);
    return new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
    );
  } catch (cause) {
    throw new Error(`the page's files are missing in ${folder}; run npm run build`, { cause });
  }
}

/** In a process of its own: the bundler's threads and hooks stay out of this one. */
async function bundle(): Promise<Map<string, string>> {
  const script = join(packageRoot, "scripts", "build-page.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 16 * 1024 * 1024 });
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, string>));
}
