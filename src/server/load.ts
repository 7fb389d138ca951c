/** GET /load: how many requests are under way, with --enable-server-load-tracking. */
import type { FastifyInstance } from "fastify";
import type { ServerContext } from "./respond.js";

export function registerLoad(app: FastifyInstance, context: ServerContext): void {
  const { config, open } = context;
  app.get("/load", async () => ({ server_load: config.enableServerLoadTracking ? open.count : 0 }));
}
