/** Beam search: the best continuations of a prompt, found with ordinary requests of one token each. */
import type { SamplingParamsInput } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { RequestError } from "../util/errors.js";
import { snakeCase } from "../util/text.js";
import type { CompletionOutput, PositionLogprobs, RequestOutput } from "./request-output.js";

export interface BeamSearchParams {
  /** How many beams go on after each token, and how many outputs come back, the best first. */
  readonly beamWidth: number;
  /** Tokens of an output at most; null: what the context has left. */
  readonly maxTokens: number | null;
  /** Treat the end-of-sequence ids as any other token. Default: false. */
  readonly ignoreEos?: boolean;
  /** A beam's score is its log-probability over its length (prompt included) to this power. Default: 1. */
  readonly lengthPenalty?: number;
  /** Keep the end-of-sequence id in the output. Default: false. */
  readonly includeStopStrInOutput?: boolean;
  /** Default: true. */
  readonly skipSpecialTokens?: boolean;
}

/** Handed on to each request. */
export interface BeamSearchOptions {
  readonly requestId: string;
  readonly signal?: AbortSignal | undefined;
  readonly priority?: number | undefined;
  readonly cacheSalt?: string | undefined;
}

interface BeamPrompt {
  readonly text?: string | undefined;
  readonly tokenIds?: readonly number[] | undefined;
  readonly addSpecialTokens?: boolean;
}

/** What the search needs of an engine. */
export interface BeamSearchEngine {
  readonly modelConfig: { readonly maxModelLen: number; readonly eosTokenIds?: readonly number[] };
  readonly tokenizer: Tokenizer | undefined;
  generate(
    prompt: BeamPrompt,
    params: SamplingParamsInput,
    options: BeamSearchOptions & { readonly outputKind: "final" },
  ): AsyncIterable<RequestOutput>;
}

interface Beam {
  /** Without the prompt. */
  readonly tokenIds: readonly number[];
  readonly logprobs: readonly PositionLogprobs[];
  readonly sum: number;
  /** The end-of-sequence id that ended it. */
  readonly eosTokenId?: number;
}

const MAX_BEAM_WIDTH = 1024;

/**
 * One output, when the search is over. The likeliest tokens of every beam compete; no draw is involved, so temperature and seed
 * have no say. Beams share what the prefix cache has of them.
 *
 * @throws RequestError (as a rejection) for a wrong parameter or prompt; AbortError; EngineDeadError
 */
export async function* beamSearch(
  engine: BeamSearchEngine,
  prompt: BeamPrompt,
  params: BeamSearchParams,
  options: BeamSearchOptions,
): AsyncGenerator<RequestOutput, void, undefined> {
  checkParams(params);
  const { beamWidth } = params;
  const eosTokenIds = new Set(params.ignoreEos === true ? [] : engine.modelConfig.eosTokenIds);
  let serial = 0;
  const step = async (tokenIds: readonly number[] | undefined): Promise<RequestOutput> => {
    const next = tokenIds === undefined ? prompt : { tokenIds };
    const sampling = { temperature: 0, maxTokens: 1, logprobs: 2 * beamWidth, detokenize: false, ignoreEos: true };
    const requestId = `${options.requestId}-beam-${serial++}`;
    try {
      for await (const output of engine.generate(next, sampling, { ...options, requestId, outputKind: "final" }))
        return output;
    } catch (error) {
      throw error instanceof RequestError && error.param === "logprobs" ? tooWide(beamWidth, error) : error;
    }
    throw new Error(`${options.requestId}: the engine gave no output`);
  };
  const first = await step(undefined);
  const { promptTokenIds } = first;
  const room = engine.modelConfig.maxModelLen - promptTokenIds.length;
  const maxTokens = Math.min(params.maxTokens ?? room, room);
  let beams: Beam[] = [{ tokenIds: [], logprobs: [], sum: 0 }];
  const ended: Beam[] = [];
  const score = scoreOf(promptTokenIds.length, params.lengthPenalty ?? 1);
  for (let length = 0; length < maxTokens && beams.length > 0; length++) {
    const outputs =
      length === 0 ? [first] : await Promise.all(beams.map(({ tokenIds }) => step([...promptTokenIds, ...tokenIds])));
    const grown = beams.flatMap((beam, i) => grow(beam, outputs[i]!.outputs[0]!.logprobs![0]!, eosTokenIds));
    ended.push(...grown.filter(({ eosTokenId }) => eosTokenId !== undefined));
    beams = best(
      grown.filter(({ eosTokenId }) => eosTokenId === undefined),
      score,
      beamWidth,
    );
  }
  const outputs = best([...ended, ...beams], score, beamWidth).map((beam, index) =>
    completion(beam, index, params, engine.tokenizer),
  );
  yield { ...first, requestId: options.requestId, outputs, finished: true };
}

/** A beam with each of the tokens that may follow. */
function grow(beam: Beam, position: PositionLogprobs, eosTokenIds: ReadonlySet<number>): Beam[] {
  return [...position].map(([id, { logprob }]) => ({
    tokenIds: [...beam.tokenIds, id],
    logprobs: [...beam.logprobs, position],
    sum: beam.sum + logprob,
    ...(eosTokenIds.has(id) ? { eosTokenId: id } : {}),
  }));
}

/** The end-of-sequence id does not count as length. */
function scoreOf(numPrompt: number, lengthPenalty: number): (beam: Beam) => number {
  return ({ tokenIds, sum, eosTokenId }) => {
    const length = numPrompt + tokenIds.length - (eosTokenId === undefined ? 0 : 1);
    return sum / length ** lengthPenalty;
  };
}

/** The highest scores first; of equal ones who came first. */
function best(beams: Beam[], score: (beam: Beam) => number, count: number): Beam[] {
  return beams
    .map((beam) => ({ beam, score: score(beam) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ beam }) => beam);
}

function completion(
  beam: Beam,
  index: number,
  params: BeamSearchParams,
  tokenizer: Tokenizer | undefined,
): CompletionOutput {
  const isCut = beam.eosTokenId !== undefined && params.includeStopStrInOutput !== true;
  const tokenIds = isCut ? beam.tokenIds.slice(0, -1) : [...beam.tokenIds];
  const skipSpecialTokens = params.skipSpecialTokens ?? true;
  return {
    index,
    text: tokenizer?.decode(tokenIds, { skipSpecialTokens }) ?? "",
    tokenIds,
    logprobs: beam.logprobs.slice(0, tokenIds.length).map((position, i) => ownFirst(position, tokenIds[i]!)),
    cumulativeLogprob: beam.sum,
    finishReason: beam.eosTokenId === undefined ? "length" : "stop",
    stopReason: beam.eosTokenId ?? null,
  };
}

/** The order that log-probabilities have elsewhere: the token itself, then the likeliest. */
function ownFirst(position: PositionLogprobs, id: number): PositionLogprobs {
  return new Map([[id, position.get(id)!], ...position]);
}

function tooWide(beamWidth: number, cause: RequestError): RequestError {
  return new RequestError(
    `n: a beam search of width ${beamWidth} looks at the ${2 * beamWidth} likeliest tokens, more than --max-logprobs allows`,
    { param: "n", cause },
  );
}

function checkParams(params: BeamSearchParams): void {
  const refused = (name: string, expected: string, got: unknown) =>
    new RequestError(`${name} must be ${expected}; got ${JSON.stringify(got)}`, { param: snakeCase(name) });
  const { beamWidth, maxTokens, lengthPenalty = 1 } = params;
  if (!Number.isInteger(beamWidth) || beamWidth < 1 || beamWidth > MAX_BEAM_WIDTH)
    throw refused("beamWidth", `an integer in [1, ${MAX_BEAM_WIDTH}]`, beamWidth);
  if (maxTokens !== null && !(Number.isInteger(maxTokens) && maxTokens >= 1))
    throw refused("maxTokens", "an integer from 1, or null", maxTokens);
  if (!Number.isFinite(lengthPenalty)) throw refused("lengthPenalty", "a finite number", lengthPenalty);
}
