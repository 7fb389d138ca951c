/** Parsers of a chat model's output, reasoning and tool calls: what they are, and the table of those that plugins registered in this process. */
import { ConfigError } from "../util/errors.js";
import { showValue } from "../util/text.js";

/** Where a parser puts what it has read, in the order of the output. */
export interface OutputSink {
  /** Part of the model's thinking. */
  reasoning(text: string): void;
  /** Part of the answer. */
  text(text: string): void;
  /**
   * A tool call begins; its arguments follow.
   * @param id  the model's own id of the call, where its format has one
   */
  call(name: string, id?: string): void;
  /** The next piece of the arguments of the call that began last, JSON in the end. */
  arguments(json: string): void;
}

/**
 * Reads the text of one output, piece by piece. What it puts out must not depend on where the pieces end: the pieces of a
 * stream and the whole text give the same. What it cannot decide yet it holds back.
 */
export interface OutputParser {
  push(text: string, sink: OutputSink): void;
  /** The output is over: gives out what was held back. Nothing may be lost. */
  finish(sink: OutputSink): void;
}

/** A function that the model may call, as the request gave it. */
export interface ToolFunction {
  readonly name: string;
  readonly description?: string | null | undefined;
  /** JSON schema of the arguments. */
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
  readonly strict?: boolean | null | undefined;
}

/** What a parser may know of its request. */
export interface ParserRequest {
  /** Empty when the request has none, or forbids calls. */
  readonly tools: readonly ToolFunction[];
  /** The end of the rendered prompt, which may open the reasoning, or close it at once. */
  readonly promptEnd: string;
  readonly chatTemplateKwargs: Readonly<Record<string, unknown>>;
}

interface ParserFacts {
  /** One sentence, for the list of parsers. */
  readonly description: string;
  /** Texts that the parser looks for. Those that are special tokens of the model are then left in the output's text. */
  readonly markers: readonly string[];
  /** Of an output format that covers reasoning and calls alike: a tool parser with the reasoning parser's format reads all alone. */
  readonly format?: string;
  create(request: ParserRequest): OutputParser;
}

/** Finds tool calls in the answer; the rest is text. */
export interface ToolParserDefinition extends ParserFacts {
  /**
   * The structural tag (xgrammar's form, to be written as JSON) that holds calls to the schemas of strict functions.
   * @param isRequired  at least one call must come
   * @param isParallel  more than one may come
   */
  structuralTag?(tools: readonly ToolFunction[], isRequired: boolean, isParallel: boolean): object;
}

/** Divides the output into reasoning and answer. */
export interface ReasoningParserDefinition extends ParserFacts {
  /** Texts whose tokens open and close the reasoning, for counts of reasoning tokens and to let a grammar begin after it. */
  readonly bounds?: { readonly start: string; readonly end: string };
  /** Whether the output of this request begins outside the reasoning for good. Default: never. */
  isClosed?(request: ParserRequest): boolean;
}

/** Gives a definition, at once or from a module that is loaded when the server starts with it. */
export type Lazily<T> = T | (() => Promise<T> | T);

const tools = new Map<string, Lazily<ToolParserDefinition>>();
const reasoning = new Map<string, Lazily<ReasoningParserDefinition>>();

/** Tool parsers that plugins brought, by name. */
export const registeredToolParsers: ReadonlyMap<string, Lazily<ToolParserDefinition>> = tools;
/** Reasoning parsers that plugins brought, by name. */
export const registeredReasoningParsers: ReadonlyMap<string, Lazily<ReasoningParserDefinition>> = reasoning;

/**
 * Adds a tool parser to this process, for `--tool-call-parser name`.
 * @throws ConfigError for a name that is taken, or something else than a definition
 */
export function registerToolParser(name: string, definition: Lazily<ToolParserDefinition>): void {
  register(tools, "registerToolParser", name, definition);
}

/**
 * Adds a reasoning parser to this process, for `--reasoning-parser name`.
 * @throws ConfigError for a name that is taken, or something else than a definition
 */
export function registerReasoningParser(name: string, definition: Lazily<ReasoningParserDefinition>): void {
  register(reasoning, "registerReasoningParser", name, definition);
}

function register<T extends ParserFacts>(
  table: Map<string, Lazily<T>>,
  what: string,
  name: string,
  definition: Lazily<T>,
): void {
  const where = `${what}(${showValue(name)}, …)`;
  if (typeof name !== "string" || name === "") {
    throw new ConfigError(`${where}: the name must be a text that is not empty`);
  }
  if (table.has(name)) throw new ConfigError(`${where}: there is one of that name already; choose another`);
  if (typeof definition !== "function") checkParserDefinition(definition, where);
  table.set(name, definition);
}

/** @throws ConfigError unless it has what a parser's definition needs */
export function checkParserDefinition(definition: ParserFacts, where: string): void {
  const { create, markers, description } = (definition ?? {}) as Partial<ParserFacts>;
  if (typeof create === "function" && Array.isArray(markers) && typeof description === "string") return;
  throw new ConfigError(
    `${where}: expected { description: "…", markers: ["…"], create(request) { return { push(text, sink) { … }, finish(sink) { … } } } }`,
  );
}
