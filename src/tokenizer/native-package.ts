/** The native package `tokenizers`. */
import { createRequire } from "node:module";

/**
 * Loads it. By require: for an import node looks through its source for names, which takes longer than to load it.
 * @throws Error if there is no binary for this platform
 */
export function loadTokenizers(): typeof import("tokenizers") {
  return createRequire(import.meta.url)("tokenizers") as typeof import("tokenizers");
}
