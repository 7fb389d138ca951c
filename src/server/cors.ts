/** Web origins that may call from a browser. */
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config/server-config.js";

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
