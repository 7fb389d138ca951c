/** Checks a request's body against its schema. Unknown fields pass, and are logged once. */
import type { z } from "zod";
import type { ServerLog } from "./server-log.js";
/**
 * @param schema  of the endpoint; unknown members are left out of the result
 * @throws RequestError naming the first wrong field by its path
 */
export declare function parseBody<T extends z.ZodObject>(schema: T, body: unknown, log: ServerLog): z.output<T>;
