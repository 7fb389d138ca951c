/** Reads one answer: text in, neutral parts out, through the request's parsers. */
import { randomUUID } from "node:crypto";
import type { OutputParser, OutputSink } from "../../request/output-parsers.js";
import type { ChatPart } from "./chat-events.js";

/** How the text of one answer is read. Parsers are used up: one set for each answer. */
export interface AnswerReaderOptions {
  /** Undefined: there is no reasoning in the text. */
  readonly reasoning?: OutputParser | undefined;
  /** Undefined: there are no calls in the text. */
  readonly calls?: OutputParser | undefined;
  /** Drop reasoning instead of giving it out. */
  readonly hidesReasoning?: boolean;
  /** Calls after this many are dropped. */
  readonly maxCalls?: number;
}

const BLANK = /^\s*/;

/** For one answer, a stream or whole: the same parts, whatever the pieces. */
export class AnswerReader {
  readonly #reasoning: OutputParser | undefined;
  readonly #calls: OutputParser | undefined;
  readonly #hidesReasoning: boolean;
  readonly #maxCalls: number;
  readonly #sink: OutputSink;
  /** What the reasoning parser takes for the answer goes on to the parser of calls. */
  readonly #firstSink: OutputSink;
  #parts: ChatPart[] = [];
  #numCalls = 0;
  /** White space before any text, or after a call: dropped when a call follows. Undefined inside of text. */
  #blank: string | undefined;

  constructor(options: AnswerReaderOptions) {
    const { reasoning, calls } = options;
    this.#reasoning = reasoning;
    this.#calls = calls;
    this.#hidesReasoning = options.hidesReasoning === true;
    this.#maxCalls = options.maxCalls ?? Infinity;
    this.#blank = calls === undefined ? undefined : "";
    this.#sink = {
      reasoning: (text) => this.#addReasoning(text),
      text: (text) => this.#addText(text),
      call: (name, id) => this.#addCall(name, id),
      arguments: (json) => this.#addArguments(json),
    };
    this.#firstSink =
      calls === undefined ? this.#sink : { ...this.#sink, text: (text) => calls.push(text, this.#sink) };
  }

  /** Calls up to now, those that were dropped left out. */
  get numCalls(): number {
    return Math.min(this.#numCalls, this.#maxCalls);
  }

  /** Whether text goes through as it is. */
  get isPlain(): boolean {
    return this.#reasoning === undefined && this.#calls === undefined;
  }

  /**
   * The parts that the next piece of text brings.
   * @param isLast  the answer ends with it
   */
  read(text: string, isLast: boolean): readonly ChatPart[] {
    if (this.isPlain) return [{ kind: "text", text }];
    if (text !== "") (this.#reasoning ?? this.#calls!).push(text, this.#firstSinkOf());
    if (isLast) {
      this.#reasoning?.finish(this.#firstSink);
      this.#calls?.finish(this.#sink);
      if (this.#blank !== undefined && this.#numCalls === 0) this.#emit("text", this.#blank);
      this.#blank = undefined;
    }
    const parts = this.#parts;
    if (parts.length > 0) this.#parts = [];
    return parts;
  }

  #firstSinkOf(): OutputSink {
    return this.#reasoning === undefined ? this.#sink : this.#firstSink;
  }

  #addReasoning(text: string): void {
    if (!this.#hidesReasoning) this.#emit("reasoning", text);
  }

  #addText(text: string): void {
    if (this.#blank === undefined) return this.#emit("text", text);
    const length = BLANK.exec(text)![0].length;
    if (length === text.length) {
      this.#blank += text;
      return;
    }
    this.#emit("text", this.#blank + text);
    this.#blank = undefined;
  }

  #addCall(name: string, id = `chatcmpl-tool-${randomUUID().replaceAll("-", "")}`): void {
    this.#blank = "";
    const call = this.#numCalls++;
    if (call < this.#maxCalls) this.#parts.push({ kind: "call", call, id, name });
  }

  #addArguments(json: string): void {
    const call = this.#numCalls - 1;
    if (json === "" || call >= this.#maxCalls) return;
    const last = this.#parts.at(-1);
    if (last?.kind === "arguments" && last.call === call) {
      this.#parts[this.#parts.length - 1] = { ...last, json: last.json + json };
    } else this.#parts.push({ kind: "arguments", call, json });
  }

  /** Text of one kind that comes in several pieces at once is one part. */
  #emit(kind: "reasoning" | "text", text: string): void {
    if (text === "") return;
    const last = this.#parts.at(-1);
    if (last?.kind === kind) this.#parts[this.#parts.length - 1] = { kind, text: last.text + text };
    else this.#parts.push({ kind, text });
  }
}
