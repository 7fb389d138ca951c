/** Bearer keys and browser origins: who may call. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { errorResponse } from "./error-response.js";

/** Open without a key, for probes. */
const OPEN_PATHS: ReadonlySet<string> = new Set(["/health", "/ping"]);

/** Requires one of `keys` on all paths but /health and /ping; no keys: open to all. Comparing takes the same time always. */
export function requireKey(app: FastifyInstance, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const digests = keys.map(digest);
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.method === "OPTIONS" || OPEN_PATHS.has(request.url.split("?")[0]!)) return;
    const [scheme, token] = splitOnce(request.headers.authorization ?? "");
    const given = digest(token);
    let matches = false;
    for (const known of digests) matches = timingSafeEqual(given, known) || matches;
    if (matches && scheme.toLowerCase() === "bearer") return;
    const { status, body } = errorResponse(401, "this server wants a key; send the header Authorization: Bearer KEY");
    return reply.code(status).header("WWW-Authenticate", "Bearer").send(body);
  });
}

/** Answers browsers' cross-origin questions; without allowed origins there is nothing to answer. */
export function allowOrigins(app: FastifyInstance, config: ServerConfig): void {
  const { allowedOrigins, allowedMethods, allowedHeaders, allowCredentials } = config;
  if (allowedOrigins.length === 0) return;
  const isAllowed = (origin: string) => allowedOrigins.includes("*") || allowedOrigins.includes(origin);
  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !isAllowed(origin)) return;
    const anyOrigin = allowedOrigins.includes("*") && !allowCredentials;
    // On raw too: streams are written past Fastify.
    const set = (name: string, value: string) => {
      reply.header(name, value);
      reply.raw.setHeader(name, value);
    };
    set("Access-Control-Allow-Origin", anyOrigin ? "*" : origin);
    set("Vary", "Origin");
    if (allowCredentials) set("Access-Control-Allow-Credentials", "true");
    const wanted = request.headers["access-control-request-method"];
    if (request.method !== "OPTIONS" || wanted === undefined) return;
    const headers = request.headers["access-control-request-headers"] ?? "*";
    set("Access-Control-Allow-Methods", allowedMethods.includes("*") ? wanted : allowedMethods.join(", "));
    set("Access-Control-Allow-Headers", allowedHeaders.includes("*") ? headers : allowedHeaders.join(", "));
    set("Access-Control-Max-Age", "600");
    return reply.code(204).send();
  });
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function splitOnce(header: string): [string, string] {
  const space = header.indexOf(" ");
  return space < 0 ? [header, ""] : [header.slice(0, space), header.slice(space + 1).trim()];
}
