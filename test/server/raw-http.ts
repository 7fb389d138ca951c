/** HTTP by hand: bytes to a server, and everything that comes back until the connection ends. */
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  /** Undefined if the body is no JSON. */
  readonly json: any;
}

export interface RawConnection {
  readonly socket: Socket;
  /** What has come so far. */
  readonly text: () => string;
  /** Settles when the connection has ended, by whomever. @throws Error after `limitMs`: it hangs */
  ended(limitMs?: number): Promise<string>;
}

export function openRaw(url: string, options: { allowHalfOpen?: boolean } = {}): RawConnection {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", ...options });
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  return {
    socket,
    text: () => text,
    ended: (limitMs = 5000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          socket.destroy();
          reject(new Error(`the connection hangs; so far: ${text.slice(0, 300)}`));
        }, limitMs);
        const done = () => {
          clearTimeout(timer);
          resolve(Buffer.from(text, "latin1").toString("utf8"));
        };
        if (socket.destroyed) done();
        else socket.once("close", done);
      }),
  };
}

/** Sends bytes on a connection of their own; all answers that come until it ends. */
export async function sendRaw(url: string, bytes: string | Buffer, limitMs?: number): Promise<RawAnswer[]> {
  const raw = openRaw(url);
  raw.socket.write(bytes);
  return readAnswers(await raw.ended(limitMs));
}

/** A request that ends its connection. */
export function rawPost(path: string, body: string | Buffer, headers = ""): Buffer {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const head =
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n` +
    `Content-Length: ${bytes.length}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** Splits what came into answers; bodies by Content-Length, else to the end. */
export function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) throw new Error(`no HTTP: ${bytes.toString().slice(0, 200)}`);
    const headers = bytes.toString("utf8", 0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1]);
    const length = /content-length: (\d+)/i.exec(headers)?.[1];
    const stop = status === 100 ? end + 4 : length === undefined ? bytes.length : end + 4 + Number(length);
    const body = bytes.toString("utf8", end + 4, stop);
    answers.push({ status, headers, body, json: parse(body) });
    bytes = bytes.subarray(stop);
  }
  return answers;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
