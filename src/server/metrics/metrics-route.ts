/** GET /metrics. */
import type { FastifyInstance } from "fastify";
import { Exposition, EXPOSITION_TYPE } from "./exposition.js";
import type { ServerMetrics } from "./server-metrics.js";

/** Open without a key, unless --api-key-metrics is given; answers also when the engine is dead, with the last figures. */
export function registerMetrics(app: FastifyInstance, metrics: ServerMetrics): void {
  const exposition = new Exposition(metrics.all);
  app.get("/metrics", async (_request, reply) => {
    const text = await exposition.text();
    return reply.header("Content-Type", EXPOSITION_TYPE).header("Cache-Control", "no-store").send(text);
  });
}
