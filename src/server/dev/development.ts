/** Routes that change the server's state, with vLLM's names; only in development mode (QUIRE_SERVER_DEV_MODE=1). */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { PauseMode } from "../../request/pause.js";
import { PAUSE_MODES } from "../../request/pause.js";
import { RequestError } from "../../util/errors.js";
import { hasControl } from "../engine-client.js";
import type { EngineControl } from "../engine-client.js";
import { parseBody } from "../request-body.js";
import type { ServerContext } from "../respond.js";
import { queryBoolean, queryInteger, queryList, queryText } from "./query.js";
import type { Query } from "./query.js";
import { serverInfo } from "./server-info.js";

interface WithQuery {
  Querystring: Query;
}

export const abortRequestsRequest = z.object({
  /** Empty or left out: all. An id stands for the requests of all its prompts. */
  request_ids: z.array(z.string()).nullish(),
});

export function registerDevelopment(app: FastifyInstance, context: ServerContext): void {
  const { engine, config } = context;
  if (!config.serverDevMode || !hasControl(engine)) return;
  registerSleep(app, engine);
  registerPause(app, engine, context);
  app.post<WithQuery>("/reset_prefix_cache", async ({ query }) => {
    const isRunningReset = queryBoolean(query, "reset_running_requests", false);
    // There is no cache outside this server that could be reset too.
    queryBoolean(query, "reset_external", false);
    return { success: await engine.resetPrefixCache(isRunningReset) };
  });
  // Quire has no caches of images and the like: there is nothing in them.
  app.post("/reset_mm_cache", (_request, reply) => reply.code(200).send());
  app.post("/reset_encoder_cache", (_request, reply) => reply.code(200).send());
  app.get<WithQuery>("/server_info", async ({ query }) => {
    const format = queryText(query, "config_format") ?? "text";
    if (format !== "text" && format !== "json") {
      throw new RequestError(`config_format: expected text or json; got ${JSON.stringify(format.slice(0, 40))}`, {
        param: "config_format",
      });
    }
    return serverInfo(engine.engineConfig, format);
  });
}

function registerSleep(app: FastifyInstance, engine: EngineControl): void {
  app.post<WithQuery>("/sleep", async ({ query }, reply) => {
    await engine.sleep(queryInteger(query, "level", 1), pauseMode(query));
    return reply.code(200).send();
  });
  app.post<WithQuery>("/wake_up", async ({ query }, reply) => {
    await engine.wakeUp(queryList(query, "tags"));
    return reply.code(200).send();
  });
  app.get("/is_sleeping", async () => ({ is_sleeping: engine.isSleeping() }));
}

function registerPause(app: FastifyInstance, engine: EngineControl, context: ServerContext): void {
  app.post<WithQuery>("/pause", async ({ query }) => {
    const waits = queryBoolean(query, "wait_for_inflight_requests", false);
    const clearCache = queryBoolean(query, "clear_cache", true);
    await engine.pauseGeneration({ mode: waits ? "wait" : pauseMode(query), clearCache });
    return { status: "paused" };
  });
  app.post("/resume", async () => {
    await engine.resumeGeneration();
    return { status: "resumed" };
  });
  app.get("/is_paused", async () => ({ is_paused: engine.isPaused() }));
  app.post("/abort_requests", async ({ body }) => {
    const { request_ids: ids } = parseBody(abortRequestsRequest, body ?? {}, context.log);
    return { status: "aborted", aborted: engine.abortRequests(ids && ids.length > 0 ? ids : undefined) };
  });
}

function pauseMode(query: Query): PauseMode {
  const mode = queryText(query, "mode") ?? "abort";
  if ((PAUSE_MODES as readonly string[]).includes(mode)) return mode as PauseMode;
  throw new RequestError(`mode: expected one of ${PAUSE_MODES.join(", ")}; got ${JSON.stringify(mode.slice(0, 40))}`, {
    param: "mode",
  });
}
