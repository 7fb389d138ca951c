/** GET /v1/models and /v1/models/{name}: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { servedName } from "../respond.js";
import type { ServerContext } from "../respond.js";

export interface ModelCard {
  id: string;
  object: "model";
  created: number;
  owned_by: "quire";
  /** The name that answers carry. */
  root: string;
  parent: null;
  /** Longest prompt plus output, in tokens. */
  max_model_len: number;
}

export interface ModelList {
  object: "list";
  data: ModelCard[];
}

export function registerModels(app: FastifyInstance, context: ServerContext): void {
  const { engine } = context;
  const created = Math.floor(Date.now() / 1000);
  const card = (id: string): ModelCard => ({
    id,
    object: "model",
    created,
    owned_by: "quire",
    root: engine.servedModelNames[0]!,
    parent: null,
    max_model_len: engine.modelConfig.maxModelLen,
  });
  app.get("/v1/models", async (): Promise<ModelList> => ({ object: "list", data: engine.servedModelNames.map(card) }));
  app.get<{ Params: { "*": string } }>("/v1/models/*", async (request) =>
    card(servedName(engine, request.params["*"])),
  );
}
