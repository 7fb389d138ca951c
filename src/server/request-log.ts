/** What --enable-log-requests says of a request that goes to the engine. */
import type { SamplingParamsInput } from "../request/sampling-params.js";
import type { ClientPrompt } from "./engine-client.js";
import type { ServerContext } from "./respond.js";

/** Characters of the parameters that are shown: a schema or a list of stop strings may be long. */
const MAX_PARAMS = 2000;

/** The id, the parameters that were given, and of the prompt no more than --max-log-len asks for, which is nothing by default. */
export function logRequest(
  { config, log }: ServerContext,
  requestId: string,
  prompt: ClientPrompt,
  params: SamplingParamsInput,
): void {
  if (!config.enableLogRequests) return;
  const text = JSON.stringify(params) ?? "{}";
  const cut = text.length > MAX_PARAMS ? `${text.slice(0, MAX_PARAMS)}...` : text;
  log.line(`Received request ${requestId}: params: ${cut}${promptWords(prompt, config.maxLogLen)}`, "info", {
    requestId,
  });
}

function promptWords({ text, tokenIds }: ClientPrompt, maxLength: number): string {
  if (maxLength === 0) return "";
  const ids = tokenIds === undefined ? "" : `, prompt_token_ids: [${tokenIds.slice(0, maxLength).join(", ")}]`;
  return `${text === undefined ? "" : `, prompt: ${JSON.stringify(text.slice(0, maxLength))}`}${ids}`;
}
