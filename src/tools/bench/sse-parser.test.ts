import { describe, expect, it } from "vitest";
import { SseParser } from "./sse-parser.js";

const stream = Buffer.from(
  ": keep-alive\n\n" +
    'data: {"text":"Größe 🦆"}\n\n' +
    "event: message\r\nid: 7\r\ndata:no space\r\n\r\n" +
    "data: two\ndata: lines\n\n\n" +
    "data:\n\n" +
    "datum: no\n\n" +
    "data: [DONE]\n\n",
);
const events = ['{"text":"Größe 🦆"}', "no space", "two\nlines", "", "[DONE]"];

function parse(...chunks: readonly Buffer[]): string[] {
  const seen: string[] = [];
  const parser = new SseParser((data) => seen.push(data));
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return seen;
}

describe("server-sent events", () => {
  it("are the same wherever the stream is cut in two", () => {
    for (let i = 0; i <= stream.length; i++)
      expect(parse(stream.subarray(0, i), stream.subarray(i)), `cut at ${i}`).toEqual(events);
  });

  it("are the same byte for byte", () => {
    expect(parse(...Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(events);
  });

  it("come as soon as they are complete, and the last one without its empty line", () => {
    const seen: string[] = [];
    const parser = new SseParser((data) => seen.push(data));
    parser.push(Buffer.from("data: a\n"));
    expect(seen).toEqual([]);
    parser.push(Buffer.from("\ndata: b"));
    expect(seen).toEqual(["a"]);
    parser.end();
    expect(seen).toEqual(["a", "b"]);
  });
});
