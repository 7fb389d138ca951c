/** Compiler: one instance of the grammar engine with a vocabulary, and the grammars compiled for it. */
import type { CompiledGrammar, GrammarCompiler, GrammarMatcher, TokenizerInfo } from "@mlc-ai/web-xgrammar";
import { messageOf } from "../util/text.js";
import type { GrammarSpec } from "./grammar-spec.js";
import type { PackedVocabulary } from "./vocabulary.js";
import { loadXGrammar } from "./xgrammar.js";
import type { LoadedXGrammar } from "./xgrammar.js";

/** Lives in a grammar thread. After an error its instance must not be used again. */
export class Compiler {
  /** Masks have one bit more, behind the last token: whether the output may end. */
  readonly vocabSize: number;
  readonly numTokens: number;
  readonly #loaded: LoadedXGrammar;
  readonly #compiler: GrammarCompiler;
  readonly #grammars = new Map<number, CompiledGrammar>();

  private constructor(loaded: LoadedXGrammar, compiler: GrammarCompiler, vocabSize: number, numTokens: number) {
    this.#loaded = loaded;
    this.#compiler = compiler;
    this.vocabSize = vocabSize;
    this.numTokens = numTokens;
  }

  /** Takes 0.2 s for a large vocabulary. */
  static async create({ bytes, offsets, numTokens }: PackedVocabulary): Promise<Compiler> {
    const loaded = loadXGrammar();
    const vocabSize = offsets.length - 1;
    const tokens = Array.from({ length: vocabSize }, (_, id) => bytes.subarray(offsets[id], offsets[id + 1]));
    const { TokenizerInfo: Info, GrammarCompiler: Factory } = loaded.xgrammar;
    // Bytes go in as they are. One id more than there are stands for the end of the output. It is the only stop token: others
    // would get lost where most tokens are allowed, as the engine takes tokens without bytes for special.
    tokens.push(new Uint8Array(0));
    const info: TokenizerInfo = await Info.createTokenizerInfo(
      tokens as unknown as string[],
      "raw",
      false,
      vocabSize + 1,
      [vocabSize],
    );
    return new Compiler(loaded, await Factory.createGrammarCompiler(info, false), vocabSize, numTokens);
  }

  /** For a vocabulary of the single bytes: quick to make and to compile for. */
  static forChecks(): Promise<Compiler> {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    return Compiler.create({ numTokens: 256, bytes, offsets: Uint32Array.from({ length: 257 }, (_, id) => id) });
  }

  get memoryBytes(): number {
    return this.#loaded.memoryBytes();
  }

  /** @throws Error with the grammar engine's words */
  async compile(grammar: number, spec: GrammarSpec): Promise<void> {
    this.#grammars.set(grammar, await this.#compile(spec));
  }

  drop(grammar: number): void {
    this.#grammars.get(grammar)?.dispose();
    this.#grammars.delete(grammar);
  }

  /** @throws Error when the grammar cannot be compiled, is not wholly supported, or has no output at all */
  async check(spec: GrammarSpec): Promise<void> {
    const compiled = await this.#compile(spec);
    const matcher = await this.#loaded.xgrammar.GrammarMatcher.createGrammarMatcher(compiled);
    const mask = await matcher.getNextTokenBitmask();
    matcher.dispose();
    compiled.dispose();
    if (mask.every((word) => word === 0)) throw new Error("no output can ever have this form");
  }

  /** @throws Error if there is no such grammar */
  async matcher(grammar: number): Promise<GrammarMatcher> {
    const compiled = this.#grammars.get(grammar);
    if (compiled === undefined) throw new Error(`grammar ${grammar} is not compiled`);
    return this.#loaded.xgrammar.GrammarMatcher.createGrammarMatcher(compiled);
  }

  async #compile({ kind, text }: GrammarSpec): Promise<CompiledGrammar> {
    this.#loaded.takeLines();
    let compiled: CompiledGrammar;
    try {
      if (kind === "ebnf") compiled = await this.#compiler.compileGrammar(text);
      else compiled = await this.#compiler.compileStructuralTag(text);
    } catch (cause) {
      throw new Error(reason(this.#loaded.takeLines(), cause), { cause });
    }
    const warning = this.#loaded.takeLines().find((line) => line.includes("[WARNING]"));
    if (warning !== undefined) throw new Error(words(warning));
    return compiled;
  }
}

/** Of what was printed, the last that says something; else what was thrown. */
function reason(lines: readonly string[], cause: unknown): string {
  const fatal = lines.findLast((line) => line.includes("[FATAL]"));
  if (fatal !== undefined) return words(fatal);
  const message = typeof cause === "number" ? "it cannot be compiled" : messageOf(cause);
  const isDeep = /call stack|out of bounds|unreachable/.test(message);
  return isDeep
    ? "it is nested too deep, or too complex"
    : message.replace(/^Aborted\(\).*$/s, "it cannot be compiled");
}

/** "[FATAL] /path/x.cc:12: Check failed: (a) is false: Words" -> "Words" */
function words(line: string): string {
  const text = line
    .replace(/^.*?\.(cc|h):\d+: /s, "")
    .replace(/^Check failed: \(.*?\) is false: /s, "")
    .trim();
  return text.length > 500 ? `${text.slice(0, 497)}...` : text;
}
