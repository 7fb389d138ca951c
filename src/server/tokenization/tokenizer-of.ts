/** The tokenizer of an engine that must have one. */
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import { RequestError } from "../../util/errors.js";
import type { EngineClient } from "../engine-client.js";

/** @throws RequestError naming `param` where the model is served by token ids alone */
export function tokenizerOf(engine: EngineClient, param: string): Tokenizer {
  if (engine.tokenizer !== undefined) return engine.tokenizer;
  throw new RequestError(`${param}: this server has no tokenizer (--skip-tokenizer-init, or the model has none)`, {
    param,
  });
}
