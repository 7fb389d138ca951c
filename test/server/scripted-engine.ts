/** An engine that says what the test wrote: pieces of text, each one step and one token. */
import type { RequestOutput } from "../../src/engine/request-output.js";
import type { SamplingParamsInput } from "../../src/request/sampling-params.js";
import { normalizeSamplingParams } from "../../src/request/sampling-params.js";
import type { ClientOptions, ClientPrompt } from "../../src/server/engine-client.js";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.js";
import { FakeEngine } from "./fake-engine.js";

export class ScriptedEngine extends FakeEngine {
  /** Pieces of each answer. */
  script: string[][] = [[]];
  finishReason: "stop" | "length" = "stop";
  /** Of the last piece. */
  stopReason: string | null = null;
  /** What the template writes at the end of the prompt. */
  promptEnd = "";
  /** Parameters of the last request, checked as the engine would. */
  params: ReturnType<typeof normalizeSamplingParams> | undefined;
  readonly #ids = new Map<string, number>();

  /** @param special  tokens that the tokenizer knows as special ones */
  constructor(special: readonly string[] = []) {
    super();
    this.tokenizer = {
      ...this.tokenizer!,
      tokenToId: (text: string) => (this.#ids.has(text) || special.includes(text) ? this.#id(text) : undefined),
      isSpecial: (id: number) => special.some((text) => this.#ids.get(text) === id),
    } as Tokenizer;
  }

  /** Each text is a token of its own. */
  #id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) this.#ids.set(text, (id = 1000 + this.#ids.size));
    return id;
  }

  /** Makes texts tokens that are not special. */
  addTokens(...texts: string[]): void {
    for (const text of texts) this.#id(text);
  }

  override async renderChat(...args: Parameters<FakeEngine["renderChat"]>) {
    const { text } = await super.renderChat(...args);
    return { text: text + this.promptEnd, tokenIds: [...Buffer.from(text)] };
  }

  override async *generate(
    prompt: ClientPrompt,
    input: SamplingParamsInput,
    options: ClientOptions,
  ): AsyncGenerator<RequestOutput, void, undefined> {
    this.params = normalizeSamplingParams(input);
    this.calls.push({ prompt, params: input, options, steps: 0, ended: "finished" });
    const base = { requestId: options.requestId!, promptTokenIds: [...prompt.tokenIds!], numCachedTokens: 0 };
    const numSteps = Math.max(...this.script.map((pieces) => pieces.length));
    const isDelta = options.outputKind === "delta";
    for (let step = isDelta ? 0 : numSteps - 1; step < numSteps; step++) {
      const outputs = this.script.flatMap((pieces, index) => {
        if (isDelta && step >= pieces.length) return [];
        const shown = isDelta ? [pieces[step]!] : pieces;
        const tokenIds = shown.map((piece) => this.#id(piece));
        const isLast = step >= pieces.length - 1;
        const logprobs = tokenIds.map((id, i) => new Map([[id, { logprob: -1, rank: 1, decodedToken: shown[i]! }]]));
        const finishReason = isLast ? this.finishReason : null;
        return [
          {
            index,
            text: shown.join(""),
            tokenIds,
            ...(this.params!.logprobs === null ? {} : { logprobs }),
            finishReason,
            stopReason: isLast ? this.stopReason : null,
          },
        ];
      });
      yield { ...base, outputs, finished: step === numSteps - 1 };
    }
  }
}
