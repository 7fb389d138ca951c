/** Finds the end of a JSON value in text that comes in pieces. Looks at brackets and strings alone: what is inside is the model's affair. */
import { isBlank } from "../chat/markers.js";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/** For one value. */
export class JsonValueEnd {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isScalar = false;
  #begun = false;

  /**
   * Goes on from `from`, where the value begins or goes on (white space before it must be gone).
   * @returns the index after the value's last character; -1 if it goes on beyond `text`
   */
  find(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) {
          this.#isInString = false;
          if (this.#depth === 0) return at + 1;
        }
        continue;
      }
      if (this.#isScalar) {
        if (isBlank(code) || code === COMMA || isClosing(code)) return at;
        continue;
      }
      if (code === QUOTE) this.#isInString = true;
      else if (isOpening(code)) this.#depth++;
      else if (isClosing(code)) {
        if (this.#depth <= 1) return this.#depth === 0 ? at : at + 1;
        this.#depth--;
      } else if (!this.#begun) this.#isScalar = true;
      this.#begun = true;
    }
    return -1;
  }
}

function isOpening(code: number): boolean {
  return code === 123 || code === 91;
}

function isClosing(code: number): boolean {
  return code === 125 || code === 93;
}
