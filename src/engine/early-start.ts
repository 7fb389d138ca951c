/** What a command that loads a model begins with before it reads its flags: the tokenizer's thread, and modules. */
import { startTokenizerThread } from "../tokenizer/tokenizer-thread.js";
import type { TokenizerThread } from "../tokenizer/tokenizer-thread.js";
import { preloadWorker } from "../worker/preload.js";

/** Threads that wait for somebody to take them. One, as a rule. */
const early: TokenizerThread[] = [];

/** Begins to load the engine's modules. @param hasWorker whether the engine will run in this process */
export function preloadEngine(hasWorker: boolean): void {
  for (const loading of [import("./llm.js"), import("./load-engine.js"), import("./engine.js")])
    loading.catch(() => undefined);
  if (hasWorker) preloadWorker();
}

/**
 * Starts a thread for the tokenizer that the command line seems to name. A command that does not take it ends it with the process.
 */
export function startEarlyTokenizer(argv: readonly string[]): void {
  const folder = tokenizerFolder(argv);
  const thread = folder === undefined ? undefined : startTokenizerThread(folder);
  if (thread !== undefined) early.push(thread);
}

/** Where the tokenizer probably lies: the value of a flag, or the first word after the command. */
export function tokenizerFolder(argv: readonly string[]): string | undefined {
  if (argv.some((arg) => /^--skip[-_]tokenizer/.test(arg))) return undefined;
  const folder = valueOf(argv, "tokenizer") ?? valueOf(argv, "model") ?? argv[1];
  return folder?.startsWith("-") === true ? undefined : folder;
}

/** The thread for this folder, once. One that was started for another folder ends. */
export function takeEarlyTokenizer(folder: string): TokenizerThread | undefined {
  const [thread] = early.splice(0);
  if (thread === undefined || thread.folder === folder) return thread;
  thread.close();
  return undefined;
}

/** The last value of a flag. */
function valueOf(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findLastIndex((arg) => arg === `--${flag}` || arg.startsWith(`--${flag}=`));
  if (at < 0) return undefined;
  return argv[at] === `--${flag}` ? argv[at + 1] : argv[at]!.slice(flag.length + 3);
}
