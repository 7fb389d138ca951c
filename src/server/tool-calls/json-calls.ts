/** Calls as JSON in the text: each in tags, in a list after a marker, or bare. One machine for the formats that differ in these only. */
import type { OutputParser, OutputSink } from "../../request/output-parsers.js";
import { findMarker, isBlank, mayBecome, partialMarker } from "../chat/markers.js";
import { JsonCallReader } from "./json-call.js";
import type { JsonCallOptions } from "./json-call.js";

export interface JsonCallsFormat extends JsonCallOptions {
  /** Texts after which calls stand. */
  readonly starts: readonly string[];
  /** What closes the calls; it is dropped. */
  readonly ends?: readonly string[];
  /** Where calls may stand without a start: nowhere, as the very first thing, or at every opening bracket. */
  readonly bare?: "first" | "anywhere";
  /** One object, or a list of them. Where both, the first bracket says. */
  readonly shape: "object" | "list" | "either";
  /** Characters between two objects that are dropped. */
  readonly separators?: string;
}

type State = "text" | "open" | "call" | "after";

/** For one output. */
export class JsonCallsParser implements OutputParser {
  readonly #format: JsonCallsFormat;
  readonly #markers: readonly string[];
  readonly #ends: readonly string[];
  #state: State = "text";
  /** What is not decided yet. */
  #held = "";
  /** Only white space came up to now. */
  #isFirst = true;
  /** What was dropped since the region began: text again, if no call comes of it. */
  #dropped = "";
  #isList = false;
  #reader = new JsonCallReader();

  constructor(format: JsonCallsFormat) {
    this.#format = format;
    this.#ends = format.ends ?? [];
    const bare = format.bare === undefined ? [] : brackets(format);
    this.#markers = [...format.starts, ...bare];
  }

  push(piece: string, sink: OutputSink): void {
    const text = this.#held + piece;
    this.#held = "";
    let at = 0;
    while (at < text.length) {
      const next = this.#read(text, at, sink);
      if (next < 0) {
        this.#held = text.slice(at);
        return;
      }
      at = next;
    }
  }

  finish(sink: OutputSink): void {
    if (this.#state === "call") {
      if (!this.#reader.isStarted) sink.text(this.#dropped + this.#reader.raw);
    } else if (this.#state === "after") {
      if (!this.#isClosing(this.#held.trim())) sink.text(this.#held);
    } else sink.text(this.#dropped + this.#held);
    this.#held = "";
    this.#dropped = "";
    this.#state = "text";
  }

  /** Returns where to go on; -1: more text is needed to go on from `at`. */
  #read(text: string, at: number, sink: OutputSink): number {
    switch (this.#state) {
      case "text":
        return this.#text(text.slice(at), at, sink);
      case "open":
        return this.#open(text, at, sink);
      case "call":
        return this.#call(text, at, sink);
      default:
        return this.#after(text, at);
    }
  }

  #text(rest: string, at: number, sink: OutputSink): number {
    const markers = this.#isFirst || this.#format.bare === "anywhere" ? this.#markers : this.#format.starts;
    const found = this.#found(rest, markers);
    if (found !== undefined) {
      this.#isFirst = false;
      sink.text(rest.slice(0, found.at));
      const isBare = !this.#format.starts.includes(found.marker);
      this.#isList = false;
      this.#dropped = isBare ? "" : found.marker;
      this.#state = "open";
      return at + found.at + (isBare ? 0 : found.marker.length);
    }
    const keep = partialMarker(rest, this.#format.starts);
    const given = rest.slice(0, rest.length - keep);
    if (/\S/.test(given)) this.#isFirst = false;
    sink.text(given);
    return given === "" ? -1 : at + given.length;
  }

  /** Bare brackets at the beginning count only as the very first thing. */
  #found(rest: string, markers: readonly string[]) {
    const found = findMarker(rest, markers);
    if (found === undefined || this.#format.bare !== "first" || this.#format.starts.includes(found.marker))
      return found;
    return /\S/.test(rest.slice(0, found.at)) ? findMarker(rest, this.#format.starts) : found;
  }

  /** Before the first object: the list's bracket. */
  #open(text: string, at: number, sink: OutputSink): number {
    const mark = text[at]!;
    if (isBlank(mark.charCodeAt(0))) return this.#drop(mark, at);
    const mayList = this.#format.shape !== "object" && !this.#isList;
    if (mark === "[" && mayList) {
      this.#isList = true;
      return this.#drop(mark, at);
    }
    if (mark === "]" && this.#isList) return this.#fail(at, sink);
    if (mark !== "{" || (this.#format.shape === "list" && !this.#isList)) return this.#fail(at, sink);
    this.#begin();
    return at;
  }

  #drop(mark: string, at: number): number {
    this.#dropped += mark;
    return at + 1;
  }

  /** No call: what was dropped is text. */
  #fail(at: number, sink: OutputSink): number {
    sink.text(this.#dropped);
    this.#dropped = "";
    this.#state = "text";
    return at;
  }

  #begin(): void {
    this.#reader = new JsonCallReader(this.#format);
    this.#state = "call";
  }

  #call(text: string, at: number, sink: OutputSink): number {
    const reader = this.#reader;
    const next = reader.push(text, at, sink);
    if (reader.isStarted) this.#dropped = "";
    if (reader.state === "open") return next;
    if (!reader.isStarted) {
      sink.text(this.#dropped + reader.raw);
      this.#dropped = "";
      this.#state = "text";
      return next;
    }
    this.#state = "after";
    return next;
  }

  /** After a call: another one, the end, or text again. */
  #after(text: string, at: number): number {
    const rest = text.slice(at);
    const separators = ` \n\r\t${this.#format.separators ?? ""}${this.#isList ? "," : ""}`;
    let next = 0;
    while (next < rest.length && separators.includes(rest[next]!)) next++;
    const end = this.#ends.find((marker) => rest.startsWith(marker, next));
    if (end !== undefined) return this.#leave(at + next + end.length);
    if (next === rest.length || mayBecome(rest.slice(next), this.#ends)) return -1;
    const mark = rest[next]!;
    if (mark === "{" && (this.#isList || this.#format.shape !== "list")) {
      this.#begin();
      return at + next;
    }
    // A closing bracket too many, or the list's.
    if (mark === "]" && this.#isList) {
      this.#isList = false;
      if (this.#ends.length === 0) return this.#leave(at + next + 1);
      return at + next + 1;
    }
    if (mark === "}" && this.#ends.length > 0) return at + next + 1;
    this.#state = "text";
    return at;
  }

  #leave(at: number): number {
    this.#state = "text";
    this.#isList = false;
    return at;
  }

  /** Whether what is held after a call is nothing, or an end that was cut off. */
  #isClosing(held: string): boolean {
    return held === "" || mayBecome(held, this.#ends);
  }
}

function brackets({ shape }: JsonCallsFormat): string[] {
  return shape === "object" ? ["{"] : shape === "list" ? ["["] : ["{", "["];
}
