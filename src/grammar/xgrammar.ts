/** XGrammar: loads @mlc-ai/web-xgrammar, which is CommonJS in a package that says it is ES modules, and catches what it prints. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as XGrammar from "@mlc-ai/web-xgrammar";
import { packageRoot } from "../util/package-root.js";

/** WebAssembly pages of 64 KiB that an instance may have: 1 GiB. */
const MAX_PAGES = 16 * 1024;

export interface LoadedXGrammar {
  readonly xgrammar: typeof XGrammar;
  /** What it printed since the last call. Its warnings are the only word about what it does not support. */
  readonly takeLines: () => string[];
  /** Bytes of its memory, which only grows. */
  readonly memoryBytes: () => number;
}

/**
 * A new instance with a memory of its own. For a thread of its own: an instance that failed once must not be used again, since
 * errors leave its stack as it is.
 */
export function loadXGrammar(): LoadedXGrammar {
  const require = createRequire(join(packageRoot, "package.json"));
  const path = require.resolve("@mlc-ai/web-xgrammar");
  let lines: string[] = [];
  const print = (...words: unknown[]): void => void lines.push(words.map(String).join(" "));
  const console = { log: print, info: print, warn: print, error: print };
  const memories = limitMemory();
  const module = { exports: {} as typeof XGrammar };
  // The package's own file, evaluated as what it is; its one import() would need a module around it.
  const code = readFileSync(path, "utf8").replace("await import('module')", "nodeModule");
  const evaluate = new Function("exports", "module", "require", "__filename", "console", "nodeModule", code);
  evaluate.call(globalThis, module.exports, module, createRequire(path), path, console, { createRequire });
  return {
    xgrammar: module.exports,
    takeLines() {
      const taken = lines;
      lines = [];
      return taken;
    },
    memoryBytes: () => memories.bytes,
  };
}

interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(this: GrowingMemory, pages: number): number;
}

let limited: { bytes: number } | undefined;

/** Keeps an explosive grammar from taking all the machine's memory. The prototype is this thread's own. */
function limitMemory(): { readonly bytes: number } {
  if (limited !== undefined) return limited;
  const state = { bytes: 0 };
  limited = state;
  // The types of WebAssembly are the browser's, which this project does not take in.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: { prototype: GrowingMemory } } };
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength / 65536 + pages > MAX_PAGES) throw new RangeError("the grammar needs too much memory");
    const before = grow.call(this, pages);
    state.bytes = this.buffer.byteLength;
    return before;
  };
  return state;
}
