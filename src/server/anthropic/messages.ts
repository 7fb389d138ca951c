/** The routes of /v1/messages. What they do is loaded with the first request. */
import type { FastifyInstance } from "fastify";
import { respond } from "../respond.js";
import type { ServerContext } from "../respond.js";

export function registerMessages(app: FastifyInstance, context: ServerContext): void {
  const endpoint = () => import("./messages-endpoint.js");
  app.post("/v1/messages", (request, reply) =>
    respond(context, request, reply, "msg", async (call) =>
      (await endpoint()).createMessage(context, call, request.body),
    ),
  );
  app.post("/v1/messages/count_tokens", (request, reply) =>
    respond(context, request, reply, "msg", async () => ({
      json: await (await endpoint()).countTokens(context, request.body),
    })),
  );
}
