/** A conversation to the prompt that the engine runs. */
import { RequestError } from "../../util/errors.js";
import type { ClientMessage, ClientPrompt } from "../engine-client.js";
import { readPrompts } from "../openai/prompts.js";
import { refuseRequestTemplate } from "../request-template.js";
import type { ServerContext } from "../respond.js";
import { templateTools } from "./chat-tools.js";
import type { ToolUse } from "./chat-tools.js";

/** What an endpoint says of the prompt besides messages and tools. */
export interface ChatPromptOptions {
  /** End with the opening of the answer; default true, false with `continueFinalMessage`. */
  readonly addGenerationPrompt?: boolean | null | undefined;
  readonly continueFinalMessage?: boolean | null | undefined;
  /** A template of the request's own; only with --trust-request-chat-template. */
  readonly chatTemplate?: string | null | undefined;
  readonly chatTemplateKwargs?: Readonly<Record<string, unknown>> | null | undefined;
  readonly documents?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
  /** "none" to "max"; templates get it, and whether it is "none" as `enable_thinking`. */
  readonly reasoningEffort?: string | null | undefined;
  /** Put BOS and the like around what the template wrote; default false. */
  readonly addSpecialTokens?: boolean | null | undefined;
  /** Keep this many tokens of the prompt; -1: the model's length. */
  readonly truncate?: number | null | undefined;
  readonly truncationSide?: "left" | "right" | null | undefined;
}

/** A prompt, and what the parsers of its answer want to know. */
export interface RenderedPrompt {
  readonly prompt: ClientPrompt;
  /** The template's output. */
  readonly text: string;
  readonly chatTemplateKwargs: Readonly<Record<string, unknown>>;
}

/**
 * @throws RequestError for a template that may not come with a request, conflicting options, a server without a tokenizer, and
 *         what the template refuses
 */
export async function renderChatPrompt(
  context: ServerContext,
  messages: readonly ClientMessage[],
  toolUse: ToolUse,
  options: ChatPromptOptions,
): Promise<RenderedPrompt> {
  check(context, options);
  const { engine, config } = context;
  const continues = options.continueFinalMessage === true;
  const effort = options.reasoningEffort;
  const chatTemplateKwargs = {
    ...config.defaultChatTemplateKwargs,
    ...(effort ? { enable_thinking: effort !== "none", reasoning_effort: effort } : {}),
    ...options.chatTemplateKwargs,
  };
  const showsTools = toolUse.tools.length > 0 && !(toolUse.choice === "none" && config.excludeToolsWhenToolChoiceNone);
  const { text, tokenIds } = await engine.renderChat(messages, {
    addGenerationPrompt: options.addGenerationPrompt ?? !continues,
    continueFinalMessage: continues,
    chatTemplateKwargs,
    ...(options.chatTemplate ? { chatTemplate: options.chatTemplate } : {}),
    ...(options.documents ? { documents: options.documents } : {}),
    ...(showsTools ? { tools: templateTools(toolUse.tools) } : {}),
  });
  const addSpecialTokens = options.addSpecialTokens === true;
  const [prompt] = await readPrompts(addSpecialTokens ? text : tokenIds, engine, {
    addSpecialTokens,
    truncate: options.truncate ?? undefined,
    truncationSide: options.truncationSide ?? "left",
  });
  return { prompt: prompt!, text, chatTemplateKwargs };
}

function check(context: ServerContext, options: ChatPromptOptions): void {
  if (options.continueFinalMessage === true && options.addGenerationPrompt === true) {
    throw new RequestError("Cannot set both `continue_final_message` and `add_generation_prompt` to True.", {
      param: "continue_final_message",
    });
  }
  refuseRequestTemplate(context.config, {
    chat_template: options.chatTemplate,
    chat_template_kwargs: options.chatTemplateKwargs,
  });
  if (context.engine.tokenizer === undefined) {
    throw new RequestError(
      "messages: chat needs a tokenizer, and this server has none; send token ids to /v1/completions",
      { param: "messages" },
    );
  }
}
