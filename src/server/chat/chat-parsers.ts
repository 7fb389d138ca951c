/** The parsers that a server was started with. */
import type { ServerConfig } from "../../config/server-config.js";
import {
  checkParserDefinition,
  registeredReasoningParsers,
  registeredToolParsers,
} from "../../request/output-parsers.js";
import type { Lazily, ReasoningParserDefinition, ToolParserDefinition } from "../../request/output-parsers.js";
import { closest } from "../../util/closest.js";
import { ConfigError } from "../../util/errors.js";
import { reasoningParsers } from "../reasoning/reasoning-parsers.js";
import { toolParsers } from "../tool-calls/tool-parsers.js";

export interface ChatParsers {
  readonly tool: ToolParserDefinition | undefined;
  readonly reasoning: ReasoningParserDefinition | undefined;
  /** Whether a request may leave it to the model to call. */
  readonly canBeAuto: boolean;
}

/**
 * @param loadPlugins  called when a name is none of Quire's own, to let plugins bring it
 * @throws ConfigError for an unknown name (with the known ones), and for --enable-auto-tool-choice without a parser
 */
export async function loadChatParsers(
  config: Pick<ServerConfig, "toolCallParser" | "reasoningParser" | "enableAutoToolChoice">,
  loadPlugins: () => Promise<unknown> = async () => {},
): Promise<ChatParsers> {
  const { toolCallParser, reasoningParser, enableAutoToolChoice } = config;
  if (enableAutoToolChoice && toolCallParser === undefined) {
    throw new ConfigError("--enable-auto-tool-choice requires --tool-call-parser");
  }
  const isKnown = (name: string | undefined, table: ReadonlyMap<string, unknown>) =>
    name === undefined || table.has(name);
  if (!isKnown(toolCallParser, toolParsers) || !isKnown(reasoningParser, reasoningParsers)) await loadPlugins();
  return {
    tool: await find("--tool-call-parser", toolCallParser, toolParsers, registeredToolParsers),
    reasoning: await find("--reasoning-parser", reasoningParser, reasoningParsers, registeredReasoningParsers),
    canBeAuto: enableAutoToolChoice,
  };
}

async function find<T extends ToolParserDefinition | ReasoningParserDefinition>(
  flag: string,
  name: string | undefined,
  own: ReadonlyMap<string, Lazily<T>>,
  registered: ReadonlyMap<string, Lazily<T>>,
): Promise<T | undefined> {
  if (name === undefined) return undefined;
  const found = own.get(name) ?? registered.get(name);
  if (found === undefined) {
    const names = [...own.keys(), ...registered.keys()];
    const near = closest(name, names)[0];
    throw new ConfigError(
      `${flag} ${name}: unknown${near === undefined ? "" : `; did you mean ${near}?`} Known are ${names.join(", ")}; a plugin can bring others`,
    );
  }
  const definition = typeof found === "function" ? await (found as () => Promise<T> | T)() : found;
  checkParserDefinition(definition, `${flag} ${name}`);
  return definition;
}
