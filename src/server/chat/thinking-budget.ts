/** A request's budget for reasoning, as the sampler wants it. */
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import { RequestError } from "../../util/errors.js";
import type { ServerContext } from "../respond.js";

/**
 * @param budget tokens of reasoning; null and -1: as many as the model likes
 * @param param  the field's name, for errors
 * @throws RequestError where the server does not know what opens and closes the reasoning
 */
export async function withThinkingBudget(
  { parsers, engine }: Pick<ServerContext, "parsers" | "engine">,
  params: SamplingParamsInput,
  budget: number | null | undefined,
  param = "thinking_token_budget",
): Promise<SamplingParamsInput> {
  if (budget === undefined || budget === null || budget === -1) return params;
  const bounds = parsers.reasoning?.bounds;
  const { tokenizer } = engine;
  if (bounds === undefined || tokenizer === undefined) {
    throw new RequestError(
      `${param}: this server does not know where reasoning begins and ends; it needs --reasoning-parser with a parser that has tokens for both`,
      { param },
    );
  }
  const ids = (text: string) => tokenizer.encode(text, { addSpecialTokens: false });
  const [startTokenIds, endTokenIds] = await Promise.all([ids(bounds.start), ids(bounds.end)]);
  return { ...params, thinkingBudget: { maxTokens: budget, startTokenIds, endTokenIds } };
}
