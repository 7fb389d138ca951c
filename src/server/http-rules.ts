/** Refusals that come before a request's body is read: headers that are too many, missing, or ask for what there is not. */
import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { errorResponse } from "./error-response.js";
import { linger } from "./linger.js";

/** Checks every request's headers. */
export function checkHeaders(app: FastifyInstance, config: ServerConfig): void {
  app.server.maxHeadersCount = config.h11MaxHeaderCount + 1;
  app.addHook("onRequest", (request, reply, done) => {
    const refusal = refusalOf(request.raw, config);
    if (refusal === undefined) return done();
    const { status, body } = errorResponse(...refusal);
    void reply.code(status).header("Connection", "close").send(body);
  });
  answerOddities(app);
}

function refusalOf(request: IncomingMessage, config: ServerConfig): [number, string] | undefined {
  const { headers, rawHeaders } = request;
  if (rawHeaders.length > 2 * config.h11MaxHeaderCount) {
    return [431, `there are more than ${config.h11MaxHeaderCount} headers (--h11-max-header-count)`];
  }
  if (headers.host === undefined && request.httpVersion === "1.1") return [400, "the header Host is missing"];
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity" && encoding !== "") {
    return [415, `Content-Encoding: a body must come uncompressed; got ${encoding.slice(0, 40)}`];
  }
  return undefined;
}

/** What Node answers in its own words, or not at all. */
function answerOddities(app: FastifyInstance): void {
  const { server } = app;
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const words = `Expect: only 100-continue is known; got ${String(request.headers.expect).slice(0, 40)}`;
    const { status, body } = errorResponse(417, words);
    const json = JSON.stringify(body);
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(json),
      Connection: "close",
    };
    response.writeHead(status, headers).end(json);
  });
  server.on("connect", (_request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => {});
    endWithError(socket, 405, "CONNECT is not allowed; this server is no proxy");
  });
}

/** What never became a request, because it is not HTTP or too slow: the usual form of error, and the connection ends. */
export function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [431, "the headers are too large (--h11-max-incomplete-event-size)"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "the request did not come in time (--http-read-timeout)"]
        : error.code === "HPE_CHUNK_EXTENSIONS_OVERFLOW"
          ? [413, "the body's chunk extensions are too large"]
          : [400, "this is not a valid HTTP request"];
  endWithError(socket, status as number, text as string);
}

function endWithError(socket: Socket, status: number, text: string): void {
  const json = JSON.stringify(errorResponse(status, text).body);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  linger(socket);
}
