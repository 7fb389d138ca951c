/** Reasoning between two tags, <think> and </think> for most models. */
import type {
  OutputParser,
  OutputSink,
  ParserRequest,
  ReasoningParserDefinition,
} from "../../request/output-parsers.js";
import { blankLength, findMarker, mayBecome, partialMarker } from "../chat/markers.js";

interface ThinkTagOptions {
  readonly start: string;
  readonly end: string;
  /** The output begins inside of the reasoning, whether the opening tag comes or not. */
  readonly beginsInside: boolean;
  /** A text that ends the reasoning as the closing tag does, and belongs to the answer, if `isCall` says so of what follows. */
  readonly call?: { readonly marker: string; readonly follows: string };
}

type State = "start" | "reasoning" | "answer";

/** For one output. */
export class ThinkTagParser implements OutputParser {
  readonly #options: ThinkTagOptions;
  readonly #ends: readonly string[];
  #state: State = "start";
  #held = "";

  constructor(options: ThinkTagOptions) {
    this.#options = options;
    this.#ends = options.call === undefined ? [options.end] : [options.end, options.call.marker];
  }

  push(piece: string, sink: OutputSink): void {
    if (this.#state === "answer") return sink.text(piece);
    const text = this.#held + piece;
    this.#held = "";
    if (this.#state === "reasoning") return this.#reason(text, sink);
    const begun = this.#begin(text);
    if (begun === undefined) this.#held = text;
    else if (begun.isReasoning) this.#reason(begun.text, sink);
    else sink.text(begun.text);
  }

  finish(sink: OutputSink): void {
    const isThinking = this.#state === "reasoning" || (this.#state === "start" && this.#options.beginsInside);
    if (isThinking) sink.reasoning(this.#held);
    else sink.text(this.#held);
    this.#held = "";
  }

  /** Takes the opening tag off; undefined: it may still come. */
  #begin(text: string): { text: string; isReasoning: boolean } | undefined {
    const { start, beginsInside } = this.#options;
    const blank = blankLength(text);
    const rest = text.slice(blank);
    if (mayBecome(rest, [start])) return undefined;
    const isOpened = rest.startsWith(start);
    const isReasoning = isOpened || beginsInside;
    this.#state = isReasoning ? "reasoning" : "answer";
    return { text: isOpened ? rest.slice(start.length) : text, isReasoning };
  }

  #reason(text: string, sink: OutputSink): void {
    let rest = text;
    for (;;) {
      const found = findMarker(rest, this.#ends);
      if (found === undefined) {
        const keep = partialMarker(rest, this.#ends);
        sink.reasoning(rest.slice(0, rest.length - keep));
        this.#held = rest.slice(rest.length - keep);
        return;
      }
      const after = rest.slice(found.at + found.marker.length);
      sink.reasoning(rest.slice(0, found.at));
      rest = rest.slice(found.at);
      const isEnd = found.marker === this.#options.end ? true : this.#isCall(after);
      if (isEnd === undefined) {
        this.#held = rest;
        return;
      }
      if (isEnd) {
        this.#state = "answer";
        return sink.text(found.marker === this.#options.end ? after : rest);
      }
      sink.reasoning(found.marker);
      rest = after;
    }
  }

  /** Whether a call stands after its marker; undefined: more text will tell. */
  #isCall(after: string): boolean | undefined {
    const { follows } = this.#options.call!;
    const rest = after.slice(blankLength(after));
    if (mayBecome(rest, [follows]) || rest === follows) return undefined;
    return rest.startsWith(follows) && /[\s=]/.test(rest[follows.length]!);
  }
}

/** Whether the prompt's own end closes the reasoning, as templates do to switch it off. */
export function closedByPrompt(request: ParserRequest, end: string): boolean {
  return request.promptEnd.trimEnd().endsWith(end);
}

const THINK = { start: "<think>", end: "</think>" };

function definition(
  description: string,
  bounds: { readonly start: string; readonly end: string },
  rules: {
    readonly isClosed?: (request: ParserRequest) => boolean;
    readonly call?: ThinkTagOptions["call"];
  } = {},
): ReasoningParserDefinition {
  const isClosed = (request: ParserRequest) =>
    closedByPrompt(request, bounds.end) || rules.isClosed?.(request) === true;
  return {
    description,
    markers: [bounds.start, bounds.end],
    bounds,
    isClosed,
    create: (request) =>
      new ThinkTagParser({
        ...bounds,
        beginsInside: !isClosed(request),
        ...(rules.call === undefined ? {} : { call: rules.call }),
      }),
  };
}

export const deepseekR1: ReasoningParserDefinition = definition(
  "<think>…</think>, the opening tag may be missing: DeepSeek R1 and models made from it",
  THINK,
);

export const qwen3: ReasoningParserDefinition = definition(
  "<think>…</think>, none with enable_thinking false; a call may end the reasoning too: Qwen 3 and 3.5",
  THINK,
  {
    isClosed: ({ chatTemplateKwargs }) => chatTemplateKwargs.enable_thinking === false,
    call: { marker: "<tool_call>", follows: "<function" },
  },
);
