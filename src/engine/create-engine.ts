/** Loads model and tokenizer, and makes the engine of them. */
import { statSync } from "node:fs";
import type { EngineConfig } from "../config/engine-config.js";
import { startTokenizerThread } from "../tokenizer/tokenizer-thread.js";
import type { TokenizerThread } from "../tokenizer/tokenizer-thread.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { ggufFileOf, readGgufMetadata } from "../worker/gguf-metadata.js";
import type { Engine } from "./engine.js";
import { createInProcessTransport } from "./in-process-transport.js";
import type { EngineChild } from "./engine-child.js";
import type { Transport } from "./transport.js";
import type { CreateWorker, WorkerHooks } from "../worker/worker.js";

/** Told or asked while an engine is made. */
export interface EngineHooks extends WorkerHooks {
  /** A process that was started already, for `engine: "process"`. */
  child?: EngineChild | undefined;
  /** A thread that was started already for the tokenizer of a folder; undefined if there is none for this one. */
  takeTokenizerThread?: (folder: string) => TokenizerThread | undefined;
  /** Called when the model is being loaded and this thread has time for other things. */
  begun?: () => void;
  /** Finds the tokenizer; undefined for none. By default the files in the folder of `tokenizer` or `model`. */
  loadTokenizer?: (config: EngineConfig) => Promise<Tokenizer | undefined>;
}

/** Loads the model, and calls `begun` as soon as that needs this thread no more than now and then: other things are then loaded. */
export type OpenTransport = (hooks: WorkerHooks, begun: () => void) => Promise<Transport>;

/** The core in this thread. Its weights go first, as other threads read them meanwhile. */
export function inThisThread(config: EngineConfig, createWorker: CreateWorker): OpenTransport {
  return (hooks, begun) =>
    createInProcessTransport(config, createWorker, {
      ...hooks,
      progress(state) {
        begun();
        hooks.progress?.(state);
      },
    });
}

/**
 * Model and tokenizer are loaded at the same time.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
 */
export async function createEngine(
  config: EngineConfig,
  openTransport: OpenTransport,
  hooks: EngineHooks = {},
): Promise<Engine> {
  const chatTemplate = await chatTemplateOf(config);
  const thread = hooks.loadTokenizer === undefined ? threadFor(config, hooks) : undefined;
  const findTokenizer = hooks.loadTokenizer ?? ((from: EngineConfig) => tokenizerOfModel(from, thread, hooks));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const loading = openTransport(hooks, () => begin());
  void begun.then(hooks.begun);
  loading.then(begin, begin);
  const [transport, tokenizer] = await Promise.allSettled([
    loading,
    config.skipTokenizerInit ? undefined : begun.then(() => findTokenizer(config)),
    begun.then(() => import("./engine.js")),
  ]);
  if (transport.status === "rejected") {
    thread?.close();
    throw transport.reason;
  }
  try {
    if (tokenizer.status === "rejected") throw tokenizer.reason;
    const { Engine } = await import("./engine.js");
    return new Engine(config, transport.value, tokenizer.value, chatTemplate);
  } catch (error) {
    thread?.close();
    await transport.value.close();
    throw error;
  }
}

/**
 * The tokenizer begins first of all: it needs one core, and the model does not need all of them yet. Where the model is loaded by another
 * process, this thread has nothing better to do, and a thread would only cost its own start.
 */
function threadFor(config: EngineConfig, { takeTokenizerThread }: EngineHooks): TokenizerThread | undefined {
  const folder = config.tokenizer ?? config.model;
  const started = takeTokenizerThread?.(folder);
  if (!config.skipTokenizerInit && config.engine !== "process") return started ?? startTokenizerThread(folder);
  started?.close();
  return undefined;
}

/**
 * The tokenizer beside the model, or the one inside a GGUF file. A model without one serves token ids; a tokenizer that
 * was asked for by name must be there.
 */
async function tokenizerOfModel(
  config: EngineConfig,
  thread: TokenizerThread | undefined,
  hooks: WorkerHooks,
): Promise<Tokenizer | undefined> {
  const ready = await thread?.tokenizer();
  if (ready) return ready;
  const options = hooks.log === undefined ? {} : { log: hooks.log };
  const folder = config.tokenizer ?? config.model;
  const { findTokenizerFiles, loadTokenizer } = await import("../tokenizer/load-tokenizer.js");
  const hasTokenizer = isFolder(folder) && findTokenizerFiles(folder) !== undefined;
  if (config.tokenizer !== undefined || hasTokenizer) return loadTokenizer(folder, options);
  const gguf = ggufFileOf(config.model);
  if (gguf !== undefined && config.loadFormat !== "dummy") {
    const { tokenizerFromGguf } = await import("../tokenizer/gguf-tokenizer.js");
    return tokenizerFromGguf(readGgufMetadata(gguf), options);
  }
  hooks.log?.(`${folder}: no tokenizer; prompts and outputs are token ids`);
  return undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Of `--chat-template`; a wrong file is known before anything is loaded. */
async function chatTemplateOf({ chatTemplate }: EngineConfig): Promise<string | undefined> {
  if (chatTemplate === undefined) return undefined;
  const { readChatTemplate } = await import("./chat.js");
  return readChatTemplate(chatTemplate);
}
