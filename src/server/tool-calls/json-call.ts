/** Reads one call written as a JSON object, {"name": "f", "arguments": {…}}, from text that comes in pieces. */
import type { OutputSink } from "../../request/output-parsers.js";
import { isBlank } from "../chat/markers.js";
import { JsonValueEnd } from "./json-value.js";

export interface JsonCallOptions {
  /** Without arguments it is no call. Default: a call without arguments. */
  readonly needsArguments?: boolean;
  /** Any other member than a call's makes it no call. Default: they are passed over. */
  readonly isStrict?: boolean;
}

const NAMES: ReadonlySet<string> = new Set(["name", "function", "tool_name"]);
const ARGUMENTS: ReadonlySet<string> = new Set(["arguments", "parameters"]);
const OTHERS: ReadonlySet<string> = new Set(["type", "id"]);

type State = "object" | "key" | "key-text" | "colon" | "value" | "value-text" | "after-value" | "done" | "bad";

/** For one call. Arguments go out as they come, in the model's own writing. */
export class JsonCallReader {
  readonly #options: JsonCallOptions;
  #state: State = "object";
  /** Everything read, as long as it may still turn out to be no call. */
  #raw = "";
  #token = "";
  #key = "";
  #end = new JsonValueEnd();
  #name: string | undefined;
  /** Arguments that came before the name. */
  #early = "";
  #isStarted = false;
  #hasArguments = false;
  /** Whether the arguments' text goes out piece by piece; a string of JSON is collected. */
  #isDirect = false;
  /** Objects around the one with the name: {"type": "function", "function": {…}}. */
  #outer = 0;

  constructor(options: JsonCallOptions = {}) {
    this.#options = options;
  }

  /** "done": the object is closed; "bad": the next character does not belong to a call. */
  get state(): "open" | "done" | "bad" {
    return this.#state === "done" || this.#state === "bad" ? this.#state : "open";
  }

  /** Whether the sink has got the call. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** What was read without becoming a call. */
  get raw(): string {
    return this.#isStarted ? "" : this.#raw;
  }

  /** Reads from `from` on. Returns the index of the first character that it did not take. */
  push(text: string, from: number, sink: OutputSink): number {
    let at = from;
    while (at < text.length && this.state === "open") {
      const next = this.#step(text, at, sink);
      if (!this.#isStarted) this.#raw += text.slice(at, next);
      at = next;
    }
    return at;
  }

  /** One token, or as much of it as there is. */
  #step(text: string, at: number, sink: OutputSink): number {
    switch (this.#state) {
      case "key-text":
        return this.#keyText(text, at);
      case "value-text":
        return this.#valueText(text, at, sink);
      default:
        return isBlank(text.charCodeAt(at)) ? at + 1 : this.#mark(text[at]!, at, sink);
    }
  }

  #mark(mark: string, at: number, sink: OutputSink): number {
    switch (this.#state) {
      case "object":
        return mark === "{" ? this.#go("key", at + 1) : this.#bad(at);
      case "key":
        if (mark === '"') return this.#beginText("key-text", at);
        return mark === "}" ? this.#close(at, sink) : this.#bad(at);
      case "colon":
        return mark === ":" ? this.#go("value", at + 1) : this.#bad(at);
      case "value":
        return this.#beginValue(mark, at, sink);
      default:
        if (mark === ",") return this.#go("key", at + 1);
        return mark === "}" ? this.#close(at, sink) : this.#bad(at);
    }
  }

  #go(state: State, at: number): number {
    this.#state = state;
    return at;
  }

  #bad(at: number): number {
    return this.#go("bad", at);
  }

  #beginText(state: "key-text" | "value-text", at: number): number {
    this.#token = "";
    this.#end = new JsonValueEnd();
    return this.#go(state, at);
  }

  #keyText(text: string, at: number): number {
    const end = this.#end.find(text, at);
    this.#token += text.slice(at, end < 0 ? text.length : end);
    if (end < 0) return text.length;
    this.#key = stringOf(this.#token) ?? "";
    const isKnown = NAMES.has(this.#key) || ARGUMENTS.has(this.#key) || OTHERS.has(this.#key);
    return !isKnown && this.#options.isStrict ? this.#bad(end) : this.#go("colon", end);
  }

  #beginValue(mark: string, at: number, sink: OutputSink): number {
    if (this.#key === "function" && mark === "{") {
      this.#outer++;
      return this.#go("key", at + 1);
    }
    if (mark === "}" || mark === "]" || mark === ",") return this.#bad(at);
    if (ARGUMENTS.has(this.#key) && !this.#hasArguments) {
      this.#hasArguments = true;
      this.#isDirect = mark === "{";
      if (this.#isDirect) this.#start(sink);
    } else this.#isDirect = false;
    return this.#beginText("value-text", at);
  }

  #valueText(text: string, at: number, sink: OutputSink): number {
    const end = this.#end.find(text, at);
    const piece = text.slice(at, end < 0 ? text.length : end);
    if (this.#isDirect) this.#give(piece, sink);
    else this.#token += piece;
    if (end < 0) return text.length;
    this.#state = "after-value";
    if (!this.#isDirect) this.#takeValue(sink);
    return end;
  }

  /** A value that was collected. */
  #takeValue(sink: OutputSink): void {
    if (NAMES.has(this.#key)) {
      const name = stringOf(this.#token);
      if (name === undefined || name === "") this.#state = "bad";
      else this.#name ??= name;
      if (this.#hasArguments) this.#start(sink);
    } else if (ARGUMENTS.has(this.#key)) {
      this.#start(sink);
      this.#give(argumentsOf(this.#token), sink);
    }
  }

  /** Tells the sink of the call, once its name is known. */
  #start(sink: OutputSink): void {
    if (this.#isStarted || this.#name === undefined) return;
    this.#isStarted = true;
    sink.call(this.#name);
    sink.arguments(this.#early);
    this.#early = "";
  }

  #give(json: string, sink: OutputSink): void {
    if (this.#isStarted) sink.arguments(json);
    else this.#early += json;
  }

  #close(at: number, sink: OutputSink): number {
    if (this.#outer > 0) {
      this.#outer--;
      return this.#go("after-value", at + 1);
    }
    if (this.#name === undefined || (!this.#hasArguments && this.#options.needsArguments)) return this.#bad(at);
    if (!this.#hasArguments) {
      this.#start(sink);
      sink.arguments("{}");
    }
    return this.#go("done", at + 1);
  }
}

/** The text of a JSON string; undefined for anything else. */
function stringOf(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Arguments that are no object: JSON inside of a string is taken out, null means none. */
function argumentsOf(json: string): string {
  if (json === "null") return "{}";
  const inner = stringOf(json)?.trim();
  return inner?.startsWith("{") ? inner : json;
}
