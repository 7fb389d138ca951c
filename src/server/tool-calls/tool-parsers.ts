/** The tool parsers by vLLM's names; the one file of the room that lists them. Each is loaded when a server starts with it. */
import type { Lazily, ToolParserDefinition } from "../../request/output-parsers.js";

const hermes = async () => (await import("./hermes.js")).hermes;

/** Names that stand for the same format share its parser. */
export const toolParsers: ReadonlyMap<string, Lazily<ToolParserDefinition>> = new Map([
  ["hermes", hermes],
  ["granite4", hermes],
]);
