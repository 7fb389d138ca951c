/** The engine's process of `quire serve`, started before the command line is read: node needs 50 ms to start, and the flags as long. */
import { EngineChild } from "../engine/engine-child.js";
import { readEnvironment } from "../config/environment.js";

let early: EngineChild | undefined;

/** Starts it where the command line looks as if it will be needed. A command that does not take it leaves it to end with this process. */
export function startEarly(argv: readonly string[]): void {
  if (argv[0] !== "serve" || argv.length < 2 || !readEnvironment().multiprocessing) return;
  const isElsewhere = argv.some((arg) => /^(-h|--help(=.*)?|--?engine=in-process|in-process)$/.test(arg));
  if (isElsewhere) return;
  try {
    early = new EngineChild();
  } catch {
    // Whoever needs one tries again, and tells.
  }
}

/** The process, once; undefined if there is none. */
export function takeEarly(): EngineChild | undefined {
  const child = early;
  early = undefined;
  return child;
}
