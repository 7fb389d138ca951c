/** Connections that send one request after another and look at the answers as little as possible: the server shall be the work. */
import { connect } from "node:net";
import type { Socket } from "node:net";

const END = Buffer.from("0\r\n\r\n");

/** What has come so far, of all connections. */
export interface Tally {
  requests: number;
  /** Writes of the server, as far as the network kept them apart. */
  pieces: number;
}

/** HTTP bytes of a POST with a JSON body. */
export function httpRequest(path: string, body: object): Buffer {
  const json = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n`;
  return Buffer.from(head + json);
}

/**
 * One connection that asks again as soon as an answer is complete.
 * @param request the bytes of one request
 * @param isStream an answer ends with the last chunk; otherwise by its Content-Length
 * @param onData gets every piece and the time at which it came
 */
export function keepAsking(
  port: number,
  request: Buffer,
  isStream: boolean,
  tally: Tally,
  onData?: (piece: Buffer, at: bigint) => void,
): Socket {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => socket.write(request));
  let answer = "";
  socket.on("data", (piece) => {
    onData?.(piece, process.hrtime.bigint());
    tally.pieces++;
    if (isStream) {
      if (piece.length < END.length || !piece.subarray(-END.length).equals(END)) return;
    } else {
      answer += piece.toString("latin1");
      const head = answer.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      if (head < 0 || answer.length < head + 4 + length) return;
      if (!answer.startsWith("HTTP/1.1 200")) throw new Error(answer);
      answer = "";
    }
    tally.requests++;
    socket.write(request);
  });
  return socket;
}
