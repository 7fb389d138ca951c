/** What comes over the wire and is wrong: always an error in the usual form, never a hang, and the next client is served. */
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/config/server-config.js";
import { openRaw, rawPost, readAnswers, sendRaw } from "./raw-http.js";
import { testServer, until } from "./support.js";
import type { TestServer } from "./support.js";

const path = "/v1/completions";
const good = JSON.stringify({ prompt: "a", max_tokens: 2 });
const answersGood = async (server: TestServer) => {
  const answer = await server.post(path, good);
  expect(answer.status).toBe(200);
};

describe("malformed requests", () => {
  let server: TestServer;
  beforeAll(async () => void (server = await testServer({ maxBodyBytes: 100_000 })));
  afterAll(() => server.close());
  afterEach(() => answersGood(server));

  const chunked = "Transfer-Encoding: chunked\r\n";
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
  const text = (bytes: Buffer | string) =>
    Buffer.concat([Buffer.from('{"prompt": "a'), Buffer.from(bytes), Buffer.from('"}')]);

  it.each<[string, string | Buffer, number, string | RegExp]>([
    ["no HTTP", "\0\x01\x02\xff\r\n\r\n", 400, "not a valid HTTP request"],
    ["a TLS hello", Buffer.from("16030100a5010000a10303", "hex"), 400, "not a valid HTTP request"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "not a valid HTTP request"],
    ["HTTP/9", "GET /health HTTP/9.9\r\nHost: x\r\n\r\n", 400, "not a valid HTTP request"],
    ["no Host", "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "Host is missing"],
    [
      "a header without a colon",
      "GET /health HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
      400,
      "not a valid HTTP request",
    ],
    ["a folded header", "GET /health HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400, "not a valid HTTP request"],
    ["a space before the colon", "GET /health HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400, "not a valid HTTP request"],
    ["NUL in a header", "GET /health HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400, "not a valid HTTP request"],
    ["NUL in the path", "GET /hea\0lth HTTP/1.1\r\nHost: x\r\n\r\n", 400, "not a valid HTTP request"],
    ["length and chunks", `${head}${chunked}Content-Length: 4\r\n\r\n0\r\n\r\n`, 400, "not a valid HTTP request"],
    ["two lengths", `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}  `, 400, "not a valid HTTP request"],
    ["a length that is no number", `${head}Content-Length: 1e3\r\n\r\n{}`, 400, "not a valid HTTP request"],
    ["a negative length", `${head}Content-Length: -1\r\n\r\n{}`, 400, "not a valid HTTP request"],
    [
      "a length beyond all numbers",
      `${head}Content-Length: 99999999999999999999\r\n\r\n{}`,
      400,
      "not a valid HTTP request",
    ],
    [
      "another transfer coding",
      `${head}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
      400,
      "not a valid HTTP request",
    ],
    ["an obfuscated coding", `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400, "not a valid HTTP request"],
    ["a chunk size that is no number", `${head}${chunked}\r\nzz\r\n{}\r\n0\r\n\r\n`, 400, "not a valid HTTP request"],
    ["a negative chunk size", `${head}${chunked}\r\n-2\r\n{}\r\n0\r\n\r\n`, 400, "not a valid HTTP request"],
    ["a chunk that is too long", `${head}${chunked}\r\n2\r\n{}}}}}\r\n0\r\n\r\n`, 400, "not a valid HTTP request"],
    [
      "huge chunk extensions",
      `${head}${chunked}\r\n2;${"a".repeat(40_000)}\r\n{}\r\n0\r\n\r\n`,
      413,
      "chunk extensions",
    ],
    ["huge headers", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(100_000)}\r\n\r\n`, 431, "headers are too large"],
    ["a huge path", `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, "headers are too large"],
    ["many headers", `GET /health HTTP/1.1\r\nHost: x\r\n${"A: b\r\n".repeat(300)}\r\n`, 431, "more than 256 headers"],
    ["an unknown method", "BREW /health HTTP/1.1\r\nHost: x\r\n\r\n", 400, "not a valid HTTP request"],
    ["CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "no proxy"],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405, "use GET"],
    ["an expectation", `${head}Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}`, 417, "100-continue"],
    ["a path that is no UTF-8", "GET /%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, /./],
    ["half a percent sign", "GET /%e0%a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, /./],
    ["an encoded NUL", "GET /health%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "no such endpoint"],
    ["two slashes", "GET //health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "no such endpoint"],
    ["another method", `DELETE ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 405, "use POST"],
    [
      "another type",
      `${head.replace("application/json", "text/xml")}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
      415,
      "Content-Type: application/json",
    ],
    [
      "no type",
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      415,
      "Content-Type: application/json",
    ],
    [
      "a type that is none",
      `${head.replace("application/json", ";;;")}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
      415,
      "Content-Type: application/json",
    ],
    ["another charset", rawPost(path, good).toString().replace("/json", "/json; charset=utf-16"), 415, "utf-8"],
    [
      "a form",
      rawPost(path, good).toString().replace("application/json", "multipart/form-data; boundary=x"),
      415,
      "application/json",
    ],
    ["gzip", rawPost(path, gzipSync("a".repeat(1e7)), "Content-Encoding: gzip\r\n"), 415, "Content-Encoding"],
    ["an unknown encoding", rawPost(path, good, "Content-Encoding: zip-bomb\r\n"), 415, "Content-Encoding"],
    ["bytes that are no UTF-8", rawPost(path, Buffer.from([0xff, 0xfe, 0x7b])), 400, "not valid UTF-8 (at byte 0)"],
    ["such bytes in a text", rawPost(path, text(Buffer.from([0xc3, 0x28]))), 400, "not valid UTF-8"],
    ["an overlong slash", rawPost(path, text(Buffer.from([0xc0, 0xaf]))), 400, "not valid UTF-8"],
    ["a surrogate in UTF-8", rawPost(path, text(Buffer.from([0xed, 0xa0, 0x80]))), 400, "not valid UTF-8"],
    ["a character cut in half", rawPost(path, Buffer.from('{"prompt": "€').subarray(0, -1)), 400, "not valid UTF-8"],
    ["UTF-16", rawPost(path, Buffer.from(`\ufeff${good}`, "utf16le")), 400, "not valid UTF-8"],
    ["two values", rawPost(path, `${good}${good}`), 400, "not valid JSON"],
    ["a comment", rawPost(path, `{/* */"prompt": "a"}`), 400, "not valid JSON"],
    ["a raw line feed in a text", rawPost(path, '{"prompt": "a\nb"}'), 400, "not valid JSON"],
    ["an open text", rawPost(path, '{"prompt": "a'), 400, "not valid JSON"],
    ["a list in a list in a list", rawPost(path, "[".repeat(99_000)), 400, "nested too deep"],
    ["a long body, told beforehand", `${head}Content-Length: 100000000\r\n\r\n{"prompt"`, 413, "--max-body-bytes"],
    [
      "a long body in chunks",
      `${head}${chunked}\r\n${`8000\r\n${" ".repeat(0x8000)}\r\n`.repeat(8)}`,
      413,
      "--max-body-bytes",
    ],
  ])("%s", async (_, bytes, status, words) => {
    const answers = await sendRaw(server.url, bytes);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    const { headers, json } = answers[0]!;
    expect(headers.toLowerCase()).toContain("content-type: application/json");
    expect(json.error).toEqual({
      message: expect.any(String),
      type: expect.any(String),
      param: json.error.param,
      code: status,
    });
    expect(json.error.message).toMatch(words);
    expect(server.engine.calls.filter((call) => call.ended !== "finished")).toEqual([]);
    expect(server.log.filter((line) => !line.startsWith("request field"))).toEqual([]);
  });

  it("takes a byte order mark, UTF-8 by name, duplicate keys, and chunks with small extensions", async () => {
    const bom = rawPost(path, `\ufeff${good}`);
    const named = rawPost(path, good).toString().replace("/json", '/json; charset="UTF-8"');
    const twice = rawPost(path, '{"prompt": 5, "prompt": "a", "max_tokens": 1}');
    const size = good.length.toString(16);
    const inChunks = `${head}Connection: close\r\n${chunked}\r\n${size};a=b\r\n${good}\r\n0\r\n\r\n`;
    for (const bytes of [bom, named, twice, inChunks]) {
      const [answer] = await sendRaw(server.url, bytes);
      expect(answer!.status, answer!.body).toBe(200);
    }
  });

  it("tells Expect: 100-continue to go on", async () => {
    const bytes = rawPost(path, good, "Expect: 100-continue\r\n");
    expect((await sendRaw(server.url, bytes)).map(({ status }) => status)).toEqual([100, 200]);
  });

  it("answers HEAD without a body", async () => {
    const raw = await sendRaw(server.url, "HEAD /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").catch(
      () => [],
    );
    expect(raw[0]?.body ?? "").toBe("");
    expect((await fetch(`${server.url}/version`, { method: "HEAD" })).status).toBe(200);
  });
});

describe("a body that is too long", () => {
  it("is not read to its end, and the client still gets its answer while it sends", async () => {
    const server = await testServer();
    const raw = openRaw(server.url);
    const total = 100 * 1024 * 1024;
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${total}\r\n\r\n`;
    raw.socket.write(head);
    const piece = Buffer.alloc(1024 * 1024, 32);
    let sent = 0;
    while (sent < total && !raw.socket.destroyed && raw.socket.writable) {
      sent += piece.length;
      if (!raw.socket.write(piece)) {
        await Promise.race([new Promise((resolve) => raw.socket.once("drain", resolve)), raw.ended().catch(() => {})]);
      }
    }
    const answers = readAnswers(await raw.ended());
    expect(answers[0]!.status).toBe(413);
    expect(answers[0]!.headers.toLowerCase()).toContain("connection: close");
    expect(sent).toBeLessThan(total);
    await answersGood(server);
    await server.close();
  });
});

describe("slow and silent clients", () => {
  let server: TestServer;
  const begin = async (options: ServerOptions) => (server = await testServer(options));
  afterEach(() => server.close());

  it.each([
    ["nothing at all", ""],
    ["half a request line", "POST /v1/comp"],
    ["headers without an end", "GET /health HTTP/1.1\r\nHost: x\r\nA: b\r\n"],
    [
      "half a body",
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"pro`,
    ],
    [
      "half a chunk",
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{`,
    ],
  ])("%s: 408 and the end", async (_, bytes) => {
    await begin({ httpReadTimeout: 0.6 });
    const raw = openRaw(server.url);
    raw.socket.write(bytes);
    const [answer] = readAnswers(await raw.ended());
    expect(answer).toMatchObject({ status: 408, json: { error: { code: 408, type: "RequestTimeoutError" } } });
    await until(() => server.numOpenRequests === 0, "nothing is open");
  });

  it("a byte now and then does not help", async () => {
    await begin({ httpReadTimeout: 0.6 });
    const raw = openRaw(server.url);
    raw.socket.write("GET /health HTTP/1.1\r\nHost: x\r\n");
    const timer = setInterval(() => raw.socket.write("A: b\r\n"), 30);
    const [answer] = readAnswers(await raw.ended());
    clearInterval(timer);
    expect(answer!.status).toBe(408);
  });

  it("an idle connection is closed", async () => {
    await begin({ httpTimeoutKeepAlive: 0.1 });
    const raw = openRaw(server.url);
    raw.socket.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(readAnswers(await raw.ended())[0]!.status).toBe(200);
  });

  it.each([true, false])("who does not read a finished answer is cut off (stream: %s)", async (stream) => {
    server = await testServer({ httpWriteTimeout: 0.2, maxBufferedBytes: "1GiB" }, (engine) => {
      engine.tokenText = "x".repeat(500_000);
    });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    const body = JSON.stringify({ prompt: "a", max_tokens: 40, stream });
    socket.write(rawPost(path, body));
    await until(() => server.engine.calls[0]?.ended === "finished", "the answer is complete");
    await until(() => server.numOpenRequests === 0, "nothing is open");
    const began = performance.now();
    // The server's close would wait for nobody; a reader that comes back finds the end.
    await pause(600);
    let size = 0;
    socket.on("data", (bytes: Buffer) => (size += bytes.length));
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(size).toBeLessThan(19_000_000);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it("a client that has only closed its sending half gets its answer", async () => {
    await begin({});
    server.engine.stepMs = 20;
    const raw = openRaw(server.url, { allowHalfOpen: true });
    raw.socket.end(rawPost(path, JSON.stringify({ prompt: "a", max_tokens: 5 })));
    const text = await raw.ended();
    // Node takes the half as the whole: either is fine, an open end is not.
    if (text !== "") expect(readAnswers(text)[0]!.status).toBe(200);
    await until(() => server.numOpenRequests === 0, "nothing is open");
  });
});

describe("many clients", () => {
  it("answers pipelined requests in order, and only whole ones", async () => {
    const server = await testServer();
    const raw = openRaw(server.url);
    const keep = rawPost(path, good).toString().replace("Connection: close\r\n", "");
    raw.socket.write(keep + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n" + rawPost(path, "{").toString());
    const answers = readAnswers(await raw.ended());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    await server.close();
  });

  it("1,000 connections at once, half of them silent, some leaving midway", async () => {
    const server = await testServer();
    server.engine.stepMs = 1;
    const silent = Array.from({ length: 500 }, () => openRaw(server.url));
    const calls = Array.from({ length: 500 }, async (_, i) => {
      const raw = openRaw(server.url);
      raw.socket.write(rawPost(path, JSON.stringify({ prompt: "a", max_tokens: 5, stream: i % 2 === 0 })));
      if (i % 10 === 9) {
        await pause(i / 10);
        raw.socket.destroy();
      }
      return raw.ended(20_000);
    });
    const texts = await Promise.all(calls);
    texts.forEach((text, i) => {
      if (i % 10 !== 9) expect(text).toMatch(/^HTTP\/1.1 200 OK/);
    });
    await until(() => server.numOpenRequests === 0, "nothing is open");
    expect(server.engine.calls.filter((call) => call.ended === "open")).toEqual([]);
    await answersGood(server);
    for (const { socket } of silent) socket.destroy();
    await server.close();
  }, 60_000);

  it("a reader that stalls does not hold up the others", async () => {
    const server = await testServer(
      { maxBufferedBytes: 1_000_000 },
      (engine) => (engine.tokenText = "x".repeat(100_000)),
    );
    server.engine.stepMs = 2;
    const stalled = connect(Number(new URL(server.url).port), "127.0.0.1");
    stalled.on("error", () => {});
    stalled.pause();
    stalled.write(rawPost(path, JSON.stringify({ prompt: "a", max_tokens: 60, stream: true })));
    await until(() => server.engine.calls.length === 1, "it runs");
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      await answersGood(server);
      expect(performance.now() - began).toBeLessThan(500);
    }
    await until(() => server.engine.calls[0]!.ended === "aborted", "the stalled one is cut off");
    stalled.destroy();
    await server.close();
  });
});
