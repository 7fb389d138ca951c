/** POST /detokenize: token ids as text. Wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import { parseBody } from "../request-body.js";
import { respond, servedName } from "../respond.js";
import type { ServerContext } from "../respond.js";
import { tokenizerOf } from "./tokenizer-of.js";

export const detokenizeRequest = z.object({
  model: z.string().nullish(),
  tokens: z.array(z.int().min(0)).max(1_000_000),
});

export interface DetokenizeResponse {
  /** Special tokens included. */
  prompt: string;
}

export function registerDetokenize(app: FastifyInstance, context: ServerContext): void {
  app.post("/detokenize", (request, reply) =>
    respond(context, request, reply, "detokenize", async () => {
      const { engine } = context;
      const { model, tokens } = parseBody(detokenizeRequest, request.body, context.log);
      servedName(engine, model);
      const tokenizer = tokenizerOf(engine, "tokens");
      // A model's matrix may have more rows than the tokenizer has entries; those decode to nothing.
      const limit = Math.max(tokenizer.vocabSize, engine.modelConfig.vocabSize);
      const bad = tokens.findIndex((id) => id >= limit);
      if (bad >= 0) {
        throw new RequestError(`tokens.${bad}: expected a token id in [0, ${limit}); got ${tokens[bad]}`, {
          param: `tokens.${bad}`,
        });
      }
      return { json: { prompt: tokenizer.decode(tokens, { skipSpecialTokens: false }) } satisfies DetokenizeResponse };
    }),
  );
}
