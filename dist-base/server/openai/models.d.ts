/** GET /v1/models and /v1/models/{name}: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
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
export declare function registerModels(app: FastifyInstance, context: ServerContext): void;
