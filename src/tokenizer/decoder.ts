/** The `decoder` of a tokenizer.json: turns a list of tokens into text, and says whether that can be done token by token. */
import { CheckpointError } from "../util/errors.js";
import { byteLevelBytes } from "./byte-level.js";
import type { StepJson } from "./tokenizer-json.js";
import { decodeLossy, decodeStrict } from "./utf8-stream.js";

type DecodeStep = (tokens: string[]) => string[];

/** How text follows from single tokens; `general` means only the whole list tells. */
export type DecodeRules =
  | { kind: "byte-level" }
  | {
      kind: "pieces";
      /** Applied to each token, in order. */
      replacements: { from: string | RegExp; to: string }[];
      /** Whether `<0xNN>` tokens are bytes. */
      byteFallback: boolean;
      /** Up to `count` of `char` are taken off the start of the whole text. */
      strip: { char: string; count: number };
      /** Removed from the first token only. */
      firstTokenRemoves: string | undefined;
    }
  | { kind: "general" };

/** The steps of a decoder in a row, sequences unfolded. */
function flatten(decoder: StepJson | null, where: string, depth = 0): StepJson[] {
  if (decoder === null) return [];
  if (decoder.type !== "Sequence") return [decoder];
  if (!Array.isArray(decoder.decoders) || depth > 8) {
    throw new CheckpointError(`${where}: a Sequence decoder needs a list "decoders", nested at most 8 deep`);
  }
  return decoder.decoders.flatMap((step) => flatten(step as StepJson, where, depth + 1));
}

/** The value of a `<0xNN>` token, or -1. */
export function fallbackByte(token: string): number {
  return token.length === 6 && /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : -1;
}

function text(step: StepJson, key: string, otherwise: string): string {
  return typeof step[key] === "string" ? step[key] : otherwise;
}

function count(step: StepJson, key: string): number {
  return typeof step[key] === "number" ? step[key] : 0;
}

function patternOf(step: StepJson, where: string): string | RegExp {
  const pattern = step.pattern as { String?: unknown; Regex?: unknown } | undefined;
  if (typeof pattern?.String === "string") return pattern.String;
  try {
    if (typeof pattern?.Regex === "string") return new RegExp(pattern.Regex, "gu");
  } catch (cause) {
    throw new CheckpointError(`${where}: the decoder's pattern ${String(pattern?.Regex)} is not understood`, { cause });
  }
  throw new CheckpointError(`${where}: a Replace decoder needs a pattern {"String": ...} or {"Regex": ...}`);
}

function joinBytes(tokens: string[]): string[] {
  return [decodeLossy(Buffer.concat(tokens.map(byteLevelBytes)))];
}

/** Runs of byte tokens become text; a run that is not valid UTF-8 becomes one U+FFFD for each byte. */
function joinFallbackBytes(tokens: string[]): string[] {
  const result: string[] = [];
  let run: number[] = [];
  const endRun = (): void => {
    if (run.length > 0) result.push(decodeStrict(Uint8Array.from(run)) ?? "\uFFFD".repeat(run.length));
    run = [];
  };
  for (const token of tokens) {
    const byte = fallbackByte(token);
    if (byte >= 0) {
      run.push(byte);
      continue;
    }
    endRun();
    result.push(token);
  }
  endRun();
  return result;
}

function strip(token: string, char: string, start: number, stop: number): string {
  const chars = [...token];
  let from = 0;
  let to = chars.length;
  while (from < start && chars[from] === char) from++;
  for (let left = stop; left > 0 && to > from && chars[to - 1] === char; left--) to--;
  return chars.slice(from, to).join("");
}

/** English punctuation moved back to its word, in the order that Hugging Face tokenizers uses. */
const CLEAN_UP: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function cleanUp(token: string): string {
  return CLEAN_UP.reduce((result, [from, to]) => result.replaceAll(from, to), token);
}

function wordPiece(step: StepJson): DecodeStep {
  const prefix = text(step, "prefix", "##");
  return (tokens) =>
    tokens.map((token, index) => {
      const joined = index === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
      return step.cleanup === false ? joined : cleanUp(joined);
    });
}

function ctc(step: StepJson): DecodeStep {
  const pad = text(step, "pad_token", "<pad>");
  const space = text(step, "word_delimiter_token", "|");
  return (tokens) =>
    tokens
      .filter((token, index) => token !== tokens[index - 1])
      .map((token) => token.replaceAll(pad, ""))
      .map((token) => (step.cleanup === false ? token : cleanUp(token).replaceAll(space, " ")))
      .filter((token) => token !== "");
}

function compileStep(step: StepJson, where: string): DecodeStep {
  switch (step.type) {
    case "ByteLevel":
      return joinBytes;
    case "ByteFallback":
      return joinFallbackBytes;
    case "Fuse":
      return (tokens) => [tokens.join("")];
    case "Replace": {
      const from = patternOf(step, where);
      const to = text(step, "content", "");
      return (tokens) => tokens.map((token) => token.replaceAll(from, () => to));
    }
    case "Strip":
      return (tokens) =>
        tokens.map((token) => strip(token, text(step, "content", " "), count(step, "start"), count(step, "stop")));
    case "Metaspace": {
      const mark = text(step, "replacement", "▁");
      const keepsFirst = step.prepend_scheme === "never" || step.add_prefix_space === false;
      return (tokens) => tokens.map((token, index) => token.replaceAll(mark, index === 0 && !keepsFirst ? "" : " "));
    }
    case "BPEDecoder": {
      const suffix = text(step, "suffix", "</w>");
      return (tokens) => tokens.map((token, index) => token.replaceAll(suffix, index === tokens.length - 1 ? "" : " "));
    }
    case "WordPiece":
      return wordPiece(step);
    case "CTC":
      return ctc(step);
    default:
      throw new CheckpointError(
        `${where}: decoder "${step.type}" is not known; known: ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace, BPEDecoder, WordPiece, CTC, Sequence`,
      );
  }
}

/**
 * A function from tokens to text, equal to Hugging Face tokenizers' decoder. Without a decoder tokens are joined by spaces.
 * @throws CheckpointError for an unknown decoder
 */
export function compileDecoder(decoder: StepJson | null, where: string): (tokens: string[]) => string {
  const steps = flatten(decoder, where).map((step) => compileStep(step, where));
  if (decoder === null) return (tokens) => tokens.join(" ");
  return (tokens) => steps.reduce((list, step) => step(list), tokens).join("");
}

/** Finds out whether the text can be built token by token, and how. */
export function decodeRules(decoder: StepJson | null, where: string): DecodeRules {
  const steps = flatten(decoder, where);
  if (steps.length === 1 && steps[0]!.type === "ByteLevel") return { kind: "byte-level" };
  const rules = {
    kind: "pieces" as const,
    replacements: [] as { from: string | RegExp; to: string }[],
    byteFallback: false,
    strip: { char: " ", count: 0 },
    firstTokenRemoves: undefined as string | undefined,
  };
  if (steps.length === 1 && steps[0]!.type === "Metaspace") {
    const step = steps[0]!;
    const mark = text(step, "replacement", "▁");
    rules.replacements.push({ from: mark, to: " " });
    if (step.prepend_scheme !== "never" && step.add_prefix_space !== false) rules.firstTokenRemoves = mark;
    return rules;
  }
  // Replace* ByteFallback? (Fuse Strip?)?, the form of every SentencePiece conversion.
  const types = steps.map((step) => step.type).join(" ");
  if (!/^(Replace )*Replace( ByteFallback)?( Fuse( Strip)?)?$/.test(types)) return { kind: "general" };
  for (const step of steps) {
    if (step.type === "Replace")
      rules.replacements.push({ from: patternOf(step, where), to: text(step, "content", "") });
    if (step.type === "ByteFallback") rules.byteFallback = true;
    if (step.type !== "Strip") continue;
    if (count(step, "stop") > 0) return { kind: "general" };
    rules.strip = { char: text(step, "content", " "), count: count(step, "start") };
  }
  return rules;
}
