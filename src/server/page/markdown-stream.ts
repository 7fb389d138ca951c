/** Markdown that grows: finished blocks are made once, only the last one again, at most once per frame. */
import type { Token } from "markdown-it";
import { markdownElements, parseMarkdown } from "./markdown.js";

/** Of the time between two renderings, the part that a rendering may take: the page stays smooth however long the last block is. */
const MAX_SHARE = 0.25;

/**
 * Renders a text that is only ever appended to into an element. What stands there after `end` is the same, wherever the text was cut
 * into pieces, as if it had come at once.
 */
export class MarkdownStream {
  readonly #element: HTMLElement;
  #text = "";
  /** Blocks before this offset are final. */
  #finished = 0;
  /** Nodes of the last block, which is made again. */
  #open: ChildNode[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds on the page's clock before which nothing is rendered. */
  #notBefore = 0;
  #isEnded = true;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** The whole text so far. Rendered soon. */
  set(markdown: string): void {
    const text = markdown.replace(/\r\n?/g, "\n");
    if (text === this.#text) return;
    if (!text.startsWith(this.#text)) this.#restart();
    this.#text = text;
    this.#isEnded = false;
    if (this.#frame !== 0 || this.#timer !== undefined) return;
    const wait = this.#notBefore - performance.now();
    if (wait <= 0) this.#ask();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#ask();
      }, wait);
    }
  }

  /** Renders what is left now. More may come later all the same. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = undefined;
    // A definition of a link ("[1]: https://...") works for links before it.
    if (/^ {0,3}\[[^\]]+\]:/m.test(this.#text)) this.#restart();
    this.#render();
  }

  #ask(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #restart(): void {
    this.#element.replaceChildren();
    this.#finished = 0;
    this.#open = [];
  }

  #render(): void {
    const began = performance.now();
    const text = this.#text.slice(this.#finished);
    const tokens = parseMarkdown(text);
    const cut = lastBlock(tokens, text);
    for (const node of this.#open) node.remove();
    if (cut.token > 0) this.#element.append(markdownElements(tokens.slice(0, cut.token)));
    const last = markdownElements(tokens.slice(cut.token));
    this.#open = [...last.childNodes];
    this.#element.append(last);
    this.#finished += cut.offset;
    const ended = performance.now();
    this.#notBefore = ended + (ended - began) * (1 / MAX_SHARE - 1);
  }
}

/** Where the last block begins that may still change: its first token, and its offset in the text. All before it is final. */
function lastBlock(tokens: readonly Token[], text: string): { token: number; offset: number } {
  // A block may still become part of the one before it while its first line is not complete ("#" may become "#5 on the list").
  const lines = lineStarts(text);
  const numComplete = lines.length - 1;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const { level, nesting, map } = tokens[i]!;
    if (level !== 0 || nesting === -1 || map === null) continue;
    if (map[0] < numComplete) return { token: i, offset: lines[map[0]]! };
  }
  return { token: 0, offset: 0 };
}

/** Offset of each line; the last entry is that of the line that has not ended. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
