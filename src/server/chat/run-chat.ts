/**
 * Runs a chat request: messages in, neutral steps out. Every chat API is a rendering of this.
 *
 * An endpoint reads its wire form into a `ChatInput` (messages by `readMessages`, tools by `readToolUse`, parameters by
 * `samplingParams`), calls `startChat`, and then either renders each `ChatStep` of `run.steps` as its own events (with
 * `outputKind: "delta"`; a step is one write), or awaits `wholeChat(run)` (with "final") and renders the answers. Text of
 * tool calls and reasoning never has to be looked at: parts say what they are. Breaking out of `run.steps` aborts.
 */
import type { RequestOutput } from "../../engine/request-output.js";
import type { ParserRequest } from "../../request/output-parsers.js";
import type { OutputKind, SamplingParamsInput } from "../../request/sampling-params.js";
import type { ClientMessage } from "../engine-client.js";
import { runPrompts } from "../openai/run-prompts.js";
import { ReasoningCounter } from "../reasoning/reasoning-counter.js";
import type { Call, ServerContext } from "../respond.js";
import { AnswerReader } from "./answer-reader.js";
import type { ChatAnswer, ChatDelta, ChatStep } from "./chat-events.js";
import type { ToolUse } from "./chat-tools.js";
import { renderChatPrompt } from "./render-chat.js";
import type { ChatPromptOptions } from "./render-chat.js";
import { requestParsers } from "./request-parsers.js";
import type { RequestParsers } from "./request-parsers.js";

export interface ChatInput {
  readonly messages: readonly ClientMessage[];
  readonly toolUse: ToolUse;
  readonly promptOptions: ChatPromptOptions;
  /** `skipSpecialTokens` and `structuredOutputs` may be changed, where parsers or the choice of tools need it. */
  readonly params: SamplingParamsInput;
  /** "delta" for streams, "final" for one answer. */
  readonly outputKind: OutputKind;
  /** Refuse a `maxTokens` that the context cannot hold. */
  readonly strictLength: boolean;
  /** Give reasoning out; default true. */
  readonly includesReasoning?: boolean;
  /** Under which name the client asked; for the records. */
  readonly model?: string | null | undefined;
  readonly priority?: number | null | undefined;
  readonly cacheSalt?: string | null | undefined;
  /** Search for the `n` best answers instead of sampling; they come as one step. */
  readonly beamSearch?: { readonly lengthPenalty: number | null | undefined } | undefined;
}

/** A chat request under way. */
export interface ChatRun {
  /** The prompt as the template wrote it. */
  readonly promptText: string;
  /** Whether reasoning and calls are looked for in the answers. */
  readonly isParsed: boolean;
  /** Whether a reasoning parser is at work, so that reasoning tokens are counted. */
  readonly countsReasoning: boolean;
  /** Nothing runs before it is read. */
  readonly steps: AsyncGenerator<ChatStep, void, undefined>;
}

/**
 * Renders the prompt and hands it to the engine.
 * @throws RequestError for what the template, the tools or the engine refuse (the engine at the first step)
 */
export async function startChat(context: ServerContext, call: Call, input: ChatInput): Promise<ChatRun> {
  const rendered = await renderChatPrompt(context, input.messages, input.toolUse, input.promptOptions);
  const request: ParserRequest = {
    tools: input.toolUse.choice === "none" ? [] : input.toolUse.tools.map((tool) => tool.function),
    promptEnd: rendered.text.slice(-256),
    chatTemplateKwargs: rendered.chatTemplateKwargs,
  };
  const parsers = requestParsers(context, input, request);
  const { model, priority, cacheSalt, outputKind, strictLength } = input;
  const fields = {
    model,
    priority,
    cache_salt: cacheSalt,
    use_beam_search: input.beamSearch !== undefined,
    length_penalty: input.beamSearch?.lengthPenalty,
  };
  const [outputs] = runPrompts(context, call, [rendered.prompt], parsers.params, fields, { outputKind, strictLength });
  return {
    promptText: rendered.text,
    isParsed: parsers.reasoning !== undefined || parsers.calls !== undefined,
    countsReasoning: context.parsers.reasoning !== undefined,
    steps: readSteps(context, outputs!, parsers, request, input),
  };
}

/** One answer while it is read. */
interface OpenAnswer {
  readonly reader: AnswerReader;
  readonly counter: ReasoningCounter | undefined;
  numTokens: number;
}

async function* readSteps(
  context: ServerContext,
  outputs: AsyncIterable<RequestOutput>,
  parsers: RequestParsers,
  request: ParserRequest,
  input: ChatInput,
): AsyncGenerator<ChatStep, void, undefined> {
  const open: OpenAnswer[] = [];
  const { reasoning } = context.parsers;
  const begin = (): OpenAnswer => ({
    reader: new AnswerReader({
      reasoning: parsers.reasoning?.(),
      calls: parsers.calls?.(),
      hidesReasoning: input.includesReasoning === false,
      maxCalls: input.toolUse.isParallel ? Infinity : 1,
    }),
    counter:
      reasoning?.bounds === undefined
        ? undefined
        : new ReasoningCounter(context.engine.tokenizer, reasoning.bounds, reasoning.isClosed?.(request) !== true),
    numTokens: 0,
  });
  const isNamed = typeof input.toolUse.choice === "object";
  for await (const output of outputs) {
    const deltas = output.outputs.map((completion): ChatDelta => {
      const { index, text, tokenIds, logprobs, finishReason, stopReason } = completion;
      const answer = (open[index] ??= begin());
      const parts = answer.reader.read(text, finishReason !== null);
      answer.numTokens += tokenIds.length;
      answer.counter?.add(tokenIds);
      const isCalled = finishReason === "stop" && !isNamed && answer.reader.numCalls > 0;
      return {
        index,
        parts,
        tokenIds,
        logprobs,
        numTokens: answer.numTokens,
        numReasoningTokens: answer.counter?.count ?? 0,
        finishReason: isCalled ? "tool_calls" : finishReason,
        stopReason,
      };
    });
    yield {
      promptTokenIds: output.promptTokenIds,
      numCachedTokens: output.numCachedTokens,
      promptLogprobs: output.promptLogprobs,
      deltas,
    };
  }
}

/** All answers of a run, and the last facts of its prompt. */
export interface WholeChat {
  readonly promptTokenIds: readonly number[];
  readonly numCachedTokens: number;
  readonly promptLogprobs: ChatStep["promptLogprobs"];
  /** By index. */
  readonly answers: readonly ChatAnswer[];
}

/** Reads a run to its end. @throws what the engine throws */
export async function wholeChat(call: Call, run: ChatRun): Promise<WholeChat> {
  const answers: ChatAnswer[] = [];
  let last: ChatStep | undefined;
  let promptLogprobs: ChatStep["promptLogprobs"];
  for await (const step of run.steps) {
    last = step;
    promptLogprobs ??= step.promptLogprobs;
    for (const delta of step.deltas) addDelta((answers[delta.index] ??= emptyAnswer(delta.index)), delta);
  }
  if (last === undefined) throw new Error(`${call.id}: the engine gave no output`);
  const { promptTokenIds, numCachedTokens } = last;
  return { promptTokenIds, numCachedTokens, promptLogprobs, answers };
}

function emptyAnswer(index: number): ChatAnswer {
  return {
    index,
    reasoning: "",
    text: "",
    calls: [],
    tokenIds: [],
    logprobs: undefined,
    numReasoningTokens: 0,
    finishReason: null,
    stopReason: null,
  };
}

/** Adds what a step brought to an answer. */
export function addDelta(answer: ChatAnswer, delta: ChatDelta): void {
  for (const part of delta.parts) {
    if (part.kind === "text") answer.text += part.text;
    else if (part.kind === "reasoning") answer.reasoning += part.text;
    else if (part.kind === "call") answer.calls.push({ id: part.id, name: part.name, arguments: "" });
    else answer.calls[part.call]!.arguments += part.json;
  }
  for (const id of delta.tokenIds) answer.tokenIds.push(id);
  if (delta.logprobs !== undefined) answer.logprobs = (answer.logprobs ?? []).concat(delta.logprobs);
  answer.numReasoningTokens = delta.numReasoningTokens;
  answer.finishReason = delta.finishReason;
  answer.stopReason = delta.stopReason;
}
