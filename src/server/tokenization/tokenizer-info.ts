/** GET /tokenizer_info: tokenizer_config.json as it is in force; with --enable-tokenizer-info-endpoint. */
import type { FastifyInstance } from "fastify";
import { respond } from "../respond.js";
import type { ServerContext } from "../respond.js";
import { tokenizerOf } from "./tokenizer-of.js";

export function registerTokenizerInfo(app: FastifyInstance, context: ServerContext): void {
  const { engine, config } = context;
  if (!config.enableTokenizerInfoEndpoint) return;
  app.get("/tokenizer_info", (request, reply) =>
    respond(context, request, reply, "tokenizer-info", async () => {
      const tokenizer = tokenizerOf(engine, "model");
      const info = (await engine.tokenizerInfo?.()) ?? { ...tokenizer.specialTokens };
      return { json: { ...info, tokenizer_class: info.tokenizer_class ?? "PreTrainedTokenizerFast" } };
    }),
  );
}
