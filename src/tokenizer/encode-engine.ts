/** The two engines that encode text: the native package `tokenizers`, and `@huggingface/tokenizers` in JavaScript. */
import { CheckpointError, UnsupportedError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { loadTokenizers } from "./native-package.js";
import type { StepJson, TokenizerJson } from "./tokenizer-json.js";

/** Encodes text without special tokens around it; special tokens inside the text are recognised. */
export interface EncodeEngine {
  readonly name: "native" | "javascript";
  /** The native engine works on a thread of libuv's pool, so the event loop stays free. */
  encode(text: string): Promise<number[]>;
  /** Present on the JavaScript engine only. */
  encodeSync?(text: string): number[];
  /** Ends what works for the engine; present where something does. It still encodes, in the caller's thread. */
  close?(): void;
}

export interface EngineOptions {
  /** `auto` (default) takes the native engine, and the JavaScript one where its binary does not load. */
  engine?: "auto" | "native" | "javascript";
  /** Gets one line when the native engine is missing. */
  log?: (line: string) => void;
}

/** Half a surrogate pair has no UTF-8; both engines get U+FFFD instead. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

function reason(error: unknown): string {
  return messageOf(error).split("\n")[0]!;
}

/** A tokenizer.json: the file, or its text and a name for errors. */
export type NativeSource = { readonly path: string } | { readonly text: () => string; readonly where: string };

/** @throws CheckpointError if the tokenizer is damaged; Error if the package does not load here */
export async function createNativeEngine(source: NativeSource): Promise<EncodeEngine> {
  const { Tokenizer } = loadTokenizers();
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = "path" in source ? Tokenizer.fromFile(source.path) : Tokenizer.fromString(source.text());
  } catch (cause) {
    const where = "path" in source ? source.path : source.where;
    throw new CheckpointError(`${where}: the tokenizer cannot be built: ${reason(cause)}`, { cause });
  }
  // Published files may carry the cut and the padding of their training.
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
  return {
    name: "native",
    async encode(text) {
      const encoding = await tokenizer.encode(wellFormed(text), null, { addSpecialTokens: false });
      return encoding.getIds();
    },
  };
}

/**
 * The JavaScript engine's Digits takes 0-9 alone; the native one takes every numeric character. The same cut as a Split.
 */
function withFullDigits(step: StepJson | null): StepJson | null {
  if (step?.type === "Sequence" && Array.isArray(step.pretokenizers)) {
    return { ...step, pretokenizers: (step.pretokenizers as StepJson[]).map(withFullDigits) };
  }
  if (step?.type !== "Digits") return step;
  const pattern = { Regex: step.individual_digits === true ? "\\p{N}" : "\\p{N}+" };
  return { type: "Split", pattern, behavior: "Isolated", invert: false };
}

async function javascriptEngine(json: TokenizerJson, where: string): Promise<EncodeEngine> {
  if (json.model.type === "Unigram" && json.model.byte_fallback === true) {
    throw new UnsupportedError(
      `${where}: a Unigram tokenizer with byte fallback needs the native engine (package "tokenizers"), which is not in use; ` +
        "install it for this platform",
    );
  }
  const { Tokenizer } = await import("@huggingface/tokenizers");
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer({ ...json, pre_tokenizer: withFullDigits(json.pre_tokenizer) }, {});
  } catch (cause) {
    throw new CheckpointError(`${where}: the tokenizer cannot be built: ${reason(cause)}`, { cause });
  }
  const encodeSync = (text: string): number[] =>
    text === "" ? [] : tokenizer.encode(wellFormed(text), { add_special_tokens: false }).ids;
  return { name: "javascript", encode: async (text) => encodeSync(text), encodeSync };
}

/**
 * Builds the engine for a tokenizer.
 * @param serialized  gives the tokenizer.json text of `json`; called only where the native engine needs it
 * @throws CheckpointError if the tokenizer is damaged; UnsupportedError if the engine lacks what it needs; Error if `engine: "native"` was asked for and does not load
 */
export async function createEncodeEngine(
  json: TokenizerJson,
  serialized: () => string,
  where: string,
  options: EngineOptions = {},
): Promise<EncodeEngine> {
  if (options.engine === "javascript") return javascriptEngine(json, where);
  try {
    return await createNativeEngine({ text: serialized, where });
  } catch (error) {
    if (options.engine === "native" || error instanceof CheckpointError) throw error;
    options.log?.(`tokenizer: the native engine does not load (${reason(error)}); using the slower JavaScript engine`);
    return javascriptEngine(json, where);
  }
}
