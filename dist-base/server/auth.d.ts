import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
/** Requires one of `keys` on all paths but /health and /ping; no keys: open to all. Comparing takes the same time always. */
export declare function requireKey(app: FastifyInstance, keys: readonly string[]): void;
/** Answers browsers' cross-origin questions; without allowed origins there is nothing to answer. */
export declare function allowOrigins(app: FastifyInstance, config: ServerConfig): void;
