/** Chat templates that come with a request: code of a stranger, taken only where the operator allows it. */
import type { ServerConfig } from "../config/server-config.js";
import { RequestError } from "../util/errors.js";

/** @throws RequestError for a template in the request, unless --trust-request-chat-template */
export function refuseRequestTemplate(
  config: ServerConfig,
  body: {
    readonly chat_template?: string | null | undefined;
    readonly chat_template_kwargs?: Readonly<Record<string, unknown>> | null | undefined;
  },
): void {
  const own = body.chat_template ?? body.chat_template_kwargs?.chat_template;
  if (own === undefined || own === null || config.trustRequestChatTemplate) return;
  throw new RequestError(
    "chat_template: this server takes no template from a request (--trust-request-chat-template allows it)",
    { param: "chat_template" },
  );
}
