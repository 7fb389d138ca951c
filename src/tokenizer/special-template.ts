/** Which special tokens stand before and after one encoded text (BOS, EOS, CLS, SEP). */
import { CheckpointError } from "../util/errors.js";
import type { StepJson, TokenizerJson } from "./tokenizer-json.js";
import type { Vocabulary } from "./vocabulary.js";

/** Ids put around the ids of a text when special tokens are asked for. */
export interface SpecialTemplate {
  prefix: number[];
  suffix: number[];
}

const EMPTY: SpecialTemplate = { prefix: [], suffix: [] };

function fromTemplate(step: StepJson, where: string): SpecialTemplate {
  const pieces = step.single as Record<string, { id?: unknown } | undefined>[] | undefined;
  const table = step.special_tokens as Record<string, { ids?: unknown } | undefined> | undefined;
  const result: SpecialTemplate = { prefix: [], suffix: [] };
  if (!Array.isArray(pieces)) throw new CheckpointError(`${where}: a TemplateProcessing needs a list "single"`);
  let target = result.prefix;
  for (const piece of pieces) {
    if (piece.Sequence !== undefined) {
      target = result.suffix;
      continue;
    }
    const name = String(piece.SpecialToken?.id);
    const ids = table?.[name]?.ids;
    if (!Array.isArray(ids) || !ids.every((id) => Number.isInteger(id))) {
      throw new CheckpointError(
        `${where}: TemplateProcessing names ${JSON.stringify(name)}, which "special_tokens" lacks`,
      );
    }
    target.push(...(ids as number[]));
  }
  return result;
}

function fromPair(step: StepJson, where: string): SpecialTemplate {
  const idOf = (key: string): number => {
    const pair = step[key];
    if (!Array.isArray(pair) || typeof pair[1] !== "number") {
      throw new CheckpointError(`${where}: ${step.type} needs "${key}" as [token, id]`);
    }
    return pair[1];
  };
  return { prefix: [idOf("cls")], suffix: [idOf("sep")] };
}

/**
 * Reads the template from a tokenizer.json's post-processor.
 * @throws CheckpointError for an unknown or damaged post-processor
 */
export function specialTemplate(step: StepJson | null, where: string): SpecialTemplate {
  if (step === null) return EMPTY;
  switch (step.type) {
    case "ByteLevel": // only moves offsets
      return EMPTY;
    case "TemplateProcessing":
      return fromTemplate(step, where);
    case "BertProcessing":
    case "RobertaProcessing":
      return fromPair(step, where);
    case "Sequence": {
      if (!Array.isArray(step.processors)) throw new CheckpointError(`${where}: a Sequence needs a list "processors"`);
      const parts = (step.processors as StepJson[]).map((part) => specialTemplate(part, where));
      return {
        prefix: parts.toReversed().flatMap((part) => part.prefix),
        suffix: parts.flatMap((part) => part.suffix),
      };
    }
    default:
      throw new CheckpointError(
        `${where}: post-processor "${step.type}" is not known; known: ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence`,
      );
  }
}

/** What tokenizer_config.json says about BOS and EOS; undefined where it is silent. */
export interface SpecialFlags {
  addBosToken?: boolean | undefined;
  addEosToken?: boolean | undefined;
  bosToken?: string | undefined;
  eosToken?: string | undefined;
}

/**
 * The template in force: explicit flags replace the post-processor's (a flag left out then counts as false), as in
 * Transformers' TokenizersBackend.
 */
export function resolveTemplate(
  json: TokenizerJson,
  flags: SpecialFlags,
  vocabulary: Vocabulary,
  where: string,
): SpecialTemplate {
  if (flags.addBosToken === undefined && flags.addEosToken === undefined) {
    return specialTemplate(json.post_processor, where);
  }
  const ids = (wanted: boolean | undefined, token: string | undefined): number[] => {
    const id = wanted === true && token !== undefined ? vocabulary.idOf(token) : undefined;
    return id === undefined ? [] : [id];
  };
  return { prefix: ids(flags.addBosToken, flags.bosToken), suffix: ids(flags.addEosToken, flags.eosToken) };
}
