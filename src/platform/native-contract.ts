/** What TypeScript and the native addon must agree on: the kernels with their opcodes and arguments, and the addon's functions. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../util/package-root.js";

/** Files that say it; CMakeLists.txt has the same, and compiles their hash into the addon. */
const files = ["native/cpu/kernels.inc", "native/binding/addon.cpp"];

/** Put in by scripts/build.mjs: bundles belong to the files that were there when they were made. */
declare const QUIRE_CONTRACT: string | undefined;

/** Hash of the files that the addon must have been built from. @throws Error if one cannot be read */
export function expectedContract(): string {
  return typeof QUIRE_CONTRACT === "string" ? QUIRE_CONTRACT : contractOf(packageRoot);
}

/** The same of a source tree. */
export function contractOf(root: string): string {
  const hashOf = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
  return hashOf(files.map((file) => hashOf(readFileSync(join(root, file)))).join(""));
}
