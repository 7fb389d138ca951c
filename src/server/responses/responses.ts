/** The routes of /v1/responses. What they do is loaded with the first request. */
import type { FastifyInstance } from "fastify";
import type { Query } from "../dev/query.js";
import { respond } from "../respond.js";
import type { ServerContext } from "../respond.js";
import type { ResponsesEndpoint } from "./responses-endpoint.js";

interface WithId {
  Params: { id: string };
  Querystring: Query;
}

export function registerResponses(app: FastifyInstance, context: ServerContext): void {
  let loading: Promise<ResponsesEndpoint> | undefined;
  const endpoint = () =>
    (loading ??= import("./responses-endpoint.js").then((module) => new module.ResponsesEndpoint(context)));
  app.post("/v1/responses", (request, reply) =>
    respond(context, request, reply, "resp", async (call) => (await endpoint()).create(call, request.body)),
  );
  app.get<WithId>("/v1/responses/:id", (request, reply) =>
    respond(context, request, reply, "resp", async () => (await endpoint()).get(request.params.id, request.query)),
  );
  app.post<WithId>("/v1/responses/:id/cancel", (request, reply) =>
    respond(context, request, reply, "resp", async () => (await endpoint()).cancel(request.params.id)),
  );
}
