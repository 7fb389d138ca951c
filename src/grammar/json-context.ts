/** JsonContext: what the grammar of an object needs of that of all values. */
import type { GrammarWriter } from "./grammar-writer.js";

/** Writes a schema, and gives its element; undefined where no value can be. */
export type Visit = (schema: unknown, path: string) => string | undefined;

/** The blanks that a text of JSON has between its parts. */
export interface Blanks {
  /** After "{", "[" and before "}", "]". */
  readonly inside: string;
  readonly comma: string;
  readonly colon: string;
}

export interface JsonContext {
  readonly writer: GrammarWriter;
  readonly visit: Visit;
  readonly blanks: Blanks;
  /** A string of any text. */
  string(): string;
}
