/** POST /v1/completions: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CompletionOutput, PositionLogprobs, RequestOutput } from "../../engine/request-output.js";
import { RequestError } from "../../util/errors.js";
import { withThinkingBudget } from "../chat/thinking-budget.js";
import { merge } from "../merge.js";
import { parseBody } from "../request-body.js";
import { respond, servedName } from "../respond.js";
import type { Answer, Call, ServerContext } from "../respond.js";
import { readPrompts } from "./prompts.js";
import { lastOutputs, runPrompts } from "./run-prompts.js";
import {
  commonFields,
  limitTokens,
  reportedTokens,
  refusedFields,
  refuseWithStream,
  refuseUnsupported,
  samplingFields,
  samplingParams,
} from "./sampling-fields.js";
import { completionLogprobs, promptLogprobsJson } from "./token-logprobs.js";
import type { CompletionLogprobs, PromptLogprobsJson, TokenStyle } from "./token-logprobs.js";
import { streamUsage, UsageCounter, usageSoFar } from "./usage.js";
import type { Usage } from "./usage.js";

/** Prompts times n. */
const MAX_OUTPUTS = 16_384;

export const completionRequest = z.object({
  ...samplingFields,
  ...commonFields,
  ...refusedFields,
  /** Text, texts, token ids or lists of token ids; checked by `readPrompts`. */
  prompt: z.unknown().optional(),
  suffix: z.string().nullish(),
  /** 16 when left out; null: up to the model's length; 0 only with `echo`. */
  max_tokens: z.int().min(0).nullish(),
  /** -1: as many as there are. */
  logprobs: z.int().min(-1).nullish(),
});
export type CompletionRequest = z.output<typeof completionRequest>;

export interface CompletionChoice {
  index: number;
  text: string;
  logprobs: CompletionLogprobs | null;
  finish_reason: string | null;
  stop_reason: number | string | null;
  /** Generated ids, with `return_token_ids`. In a stream: the new ones. */
  token_ids: number[] | null;
  prompt_logprobs?: PromptLogprobsJson | null;
  /** With `return_token_ids`. In a stream: in the choice's first chunk. */
  prompt_token_ids: number[] | null;
}

/** The answer, and a chunk of a stream. */
export interface CompletionResponse {
  id: string;
  object: "text_completion";
  created: number;
  model: string;
  choices: CompletionChoice[];
  usage?: Usage | null;
}

/** How one request wants its answer. */
interface Style extends TokenStyle {
  readonly echo: boolean;
  /** Only the echo is wanted (`max_tokens` 0). */
  readonly echoOnly: boolean;
  /** Alternatives per token; null: no log-probabilities. */
  readonly logprobs: number | null;
  readonly wantsPromptLogprobs: boolean;
  readonly returnTokenIds: boolean;
  readonly skipSpecialTokens: boolean;
}

export function registerCompletions(app: FastifyInstance, context: ServerContext): void {
  app.post("/v1/completions", (request, reply) =>
    respond(context, request, reply, "cmpl", async (call) => {
      const body = parseBody(completionRequest, request.body, context.log);
      return answer(context, call, body);
    }),
  );
}

async function answer(context: ServerContext, call: Call, body: CompletionRequest): Promise<Answer> {
  const { engine, config } = context;
  const model = servedName(engine, body.model);
  refuse(body);
  const prompts = await readPrompts(body.prompt, engine, {
    addSpecialTokens: body.add_special_tokens ?? true,
    truncate: body.truncate_prompt_tokens ?? undefined,
    truncationSide: body.truncation_side ?? "left",
  });
  const style = styleOf(context, body);
  const defaults = engine.defaultSamplingParams();
  const sampling = samplingParams(body, defaults, {
    maxTokens: style.echoOnly ? 1 : limitTokens(body.max_tokens === undefined ? 16 : body.max_tokens, defaults),
    logprobs: body.logprobs ?? null,
    promptLogprobs: body.prompt_logprobs ?? (style.echo ? (body.logprobs ?? null) : null),
  });
  const params = await withThinkingBudget(context, sampling, body.thinking_token_budget);
  const numOutputs = params.n ?? 1;
  if (prompts.length * numOutputs > MAX_OUTPUTS) {
    const got = `${prompts.length} prompts with n ${numOutputs}`;
    throw new RequestError(`n: at most ${MAX_OUTPUTS} outputs in one request; got ${got}`, { param: "n" });
  }
  const isStream = body.stream === true;
  const streams = runPrompts(context, call, prompts, params, body, {
    outputKind: isStream ? "delta" : "final",
    strictLength: typeof body.max_tokens === "number",
  });
  const usage = new UsageCounter({ reportsCached: config.enablePromptTokensDetails });
  const head = { id: call.id, object: "text_completion" as const, created: call.created, model };
  if (isStream) return { events: chunks(context, body, head, merge(streams), style, numOutputs, usage) };
  const outputs = await lastOutputs(call, streams);
  const choices = outputs.flatMap((output, promptIndex) => {
    usage.prompt(promptIndex, output.promptTokenIds.length, output.numCachedTokens);
    return output.outputs.map((completion) => {
      if (!style.echoOnly) usage.completion(completion.tokenIds.length);
      const index = promptIndex * numOutputs + completion.index;
      return new ChoiceWriter(context, output, index, style).whole(output, completion);
    });
  });
  return { json: { ...head, choices, usage: usage.total } satisfies CompletionResponse };
}

function refuse(body: CompletionRequest): void {
  refuseUnsupported(body);
  refuseWithStream(body);
  if (body.suffix) throw new RequestError("suffix is not supported; leave it out", { param: "suffix" });
  if (body.max_tokens === 0 && body.echo !== true) {
    throw new RequestError("max_tokens must be at least 1 (0 is for echo alone); got 0", { param: "max_tokens" });
  }
  if (body.prompt === undefined || body.prompt === null) {
    throw new RequestError("prompt: the field is missing", { param: "prompt" });
  }
  if (body.prompt === "") throw new RequestError("prompt must not be empty", { param: "prompt" });
}

function styleOf(context: ServerContext, body: CompletionRequest): Style {
  const { tokenizer } = context.engine;
  const hasTokenizer = tokenizer !== undefined;
  return {
    echo: body.echo === true,
    echoOnly: body.echo === true && body.max_tokens === 0,
    logprobs: body.logprobs === -1 ? context.engine.modelConfig.vocabSize : (body.logprobs ?? null),
    reported: reportedTokens(body, typeof body.logprobs === "number" && !(body.echo === true && body.max_tokens === 0)),
    wantsPromptLogprobs: typeof body.prompt_logprobs === "number",
    returnTokenIds: body.return_token_ids === true || !hasTokenizer,
    asIds: body.return_tokens_as_token_ids ?? (context.config.returnTokensAsTokenIds || !hasTokenizer),
    decode: tokenizer && ((id) => tokenizer.decode([id], { skipSpecialTokens: false })),
    skipSpecialTokens: body.skip_special_tokens ?? true,
  };
}

type Head = Pick<CompletionResponse, "id" | "object" | "created" | "model">;

/** A stream's chunks; those of one engine step come as one list. */
async function* chunks(
  context: ServerContext,
  body: CompletionRequest,
  head: Head,
  outputs: AsyncIterable<[number, RequestOutput]>,
  style: Style,
  numOutputs: number,
  usage: UsageCounter,
): AsyncGenerator<CompletionResponse[]> {
  const { config } = context;
  const wantsUsage = streamUsage(body.stream_options, config.enableForceIncludeUsage);
  const writers = new Map<number, ChoiceWriter>();
  const promptLogprobs = new Map<number, RequestOutput["promptLogprobs"]>();
  for await (const [promptIndex, output] of outputs) {
    usage.prompt(promptIndex, output.promptTokenIds.length, output.numCachedTokens);
    if (output.promptLogprobs !== undefined) promptLogprobs.set(promptIndex, output.promptLogprobs);
    const list: CompletionResponse[] = [];
    for (const completion of output.outputs) {
      const index = promptIndex * numOutputs + completion.index;
      let writer = writers.get(index);
      if (writer === undefined) writers.set(index, (writer = new ChoiceWriter(context, output, index, style)));
      if (!style.echoOnly) usage.completion(completion.tokenIds.length);
      const choice = writer.next(output, completion, promptLogprobs.get(promptIndex));
      if (choice === undefined) continue;
      const cached = config.enablePromptTokensDetails ? output.numCachedTokens : null;
      const sofar = usageSoFar(output.promptTokenIds.length, writer.numTokens, cached);
      const chunkUsage = wantsUsage === "none" ? {} : { usage: wantsUsage === "always" ? sofar : null };
      list.push({ ...head, choices: [choice], ...chunkUsage });
    }
    yield list;
  }
  if (wantsUsage !== "none") yield [{ ...head, choices: [], usage: usage.total }];
}

/** Writes one choice, whole or piece by piece. */
class ChoiceWriter {
  /** Generated tokens written. */
  numTokens = 0;
  readonly #index: number;
  readonly #style: Style;
  readonly #promptText: string;
  #isFirst = true;
  #numCharacters = 0;

  constructor(context: ServerContext, output: RequestOutput, index: number, style: Style) {
    this.#index = index;
    this.#style = style;
    this.#promptText = style.echo ? promptText(context, output, style) : "";
  }

  whole(output: RequestOutput, completion: CompletionOutput): CompletionChoice {
    const choice = this.next(output, completion, output.promptLogprobs)!;
    return {
      ...choice,
      prompt_logprobs: this.#style.wantsPromptLogprobs ? promptLogprobsJson(output.promptLogprobs) : null,
    };
  }

  /** The next piece; undefined when there is nothing to say. */
  next(
    output: RequestOutput,
    completion: CompletionOutput,
    promptLogprobs: RequestOutput["promptLogprobs"],
  ): CompletionChoice | undefined {
    const style = this.#style;
    const isFirst = this.#isFirst;
    const ids = style.echoOnly ? [] : completion.tokenIds;
    const isEnd = completion.finishReason !== null;
    if (ids.length === 0 && completion.text === "" && !isEnd) return undefined;
    this.#isFirst = false;
    this.numTokens += ids.length;
    const echoes = style.echo && isFirst;
    const own = style.echoOnly ? "" : completion.text;
    return {
      index: this.#index,
      text: echoes ? this.#promptText + own : own,
      logprobs: this.#logprobs(completion, ids, echoes ? output.promptTokenIds : [], promptLogprobs),
      finish_reason: style.echoOnly && isEnd ? "length" : completion.finishReason,
      stop_reason: style.echoOnly ? null : completion.stopReason,
      token_ids: style.returnTokenIds ? ids : null,
      prompt_token_ids: style.returnTokenIds && isFirst ? output.promptTokenIds : null,
    };
  }

  #logprobs(
    completion: CompletionOutput,
    ids: number[],
    echoed: number[],
    promptLogprobs: RequestOutput["promptLogprobs"],
  ): CompletionLogprobs | null {
    const { logprobs, echoOnly } = this.#style;
    if (logprobs === null) return null;
    const own: (PositionLogprobs | null)[] = echoOnly ? [] : (completion.logprobs ?? []);
    const before = echoed.map((_, i) => promptLogprobs?.[i] ?? null);
    const positions = [...before, ...own];
    const out = completionLogprobs([...echoed, ...ids], positions, logprobs, this.#numCharacters, this.#style);
    for (const token of out.tokens) this.#numCharacters += token.length;
    return out;
  }
}

/** The prompt as it was given, or decoded. */
function promptText(context: ServerContext, output: RequestOutput, style: Style): string {
  const { tokenizer } = context.engine;
  if (output.prompt !== undefined) return output.prompt;
  return tokenizer?.decode(output.promptTokenIds, { skipSpecialTokens: style.skipSpecialTokens }) ?? "";
}
