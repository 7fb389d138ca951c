/** Regular expressions as grammars: of the text itself, or of a JSON string that holds the text. */
import type { CodePoints } from "./code-points.js";
import { classOf, complement, jsonClassOf, NEWLINE } from "./code-points.js";
import { FormError } from "./grammar-writer.js";
import type { GrammarWriter } from "./grammar-writer.js";
import { parseRegex } from "./regex.js";
import type { RegexNode } from "./regex.js";

const EMPTY: RegexNode = { kind: "sequence", parts: [] };

/**
 * The whole text must match, with anchors or without.
 *
 * @param inJson characters are written as in a JSON string
 * @returns      an element of EBNF
 * @throws FormError with the position of what is wrong
 */
export function regexGrammar(writer: GrammarWriter, text: string, inJson: boolean): string {
  return emit(writer, withoutAnchors(parseRegex(text), true, true), inJson ? jsonClassOf : classOf);
}

/**
 * The same for a schema's `pattern`, which need only be found somewhere: where it is anchored at one end, the other is open;
 * without an anchor it is taken as the whole.
 */
export function patternGrammar(writer: GrammarWriter, text: string): string {
  const node = parseRegex(text);
  const [isStart, isEnd] = [hasAnchor(node, true), hasAnchor(node, false)];
  const rest: RegexNode = { kind: "repeat", part: { kind: "set", set: complement(NEWLINE) }, min: 0, max: Infinity };
  const inner = withoutAnchors(node, true, true);
  const parts = isStart === isEnd ? [inner] : isStart ? [inner, rest] : [rest, inner];
  return emit(writer, { kind: "sequence", parts }, jsonClassOf);
}

/** Whether every way through the node begins (or ends) with an anchor. */
function hasAnchor(node: RegexNode, isStart: boolean): boolean {
  if (node.kind === "anchor") return node.isStart === isStart;
  if (node.kind === "choice") return node.parts.every((part) => hasAnchor(part, isStart));
  if (node.kind !== "sequence") return false;
  const first = isStart ? node.parts[0] : node.parts.at(-1);
  return first !== undefined && hasAnchor(first, isStart);
}

/** @throws FormError for anchors where text precedes or follows */
function withoutAnchors(node: RegexNode, atStart: boolean, atEnd: boolean): RegexNode {
  switch (node.kind) {
    case "set":
      return node;
    case "anchor":
      if (node.isStart ? atStart : atEnd) return EMPTY;
      throw new FormError(
        `Regex parsing error at position ${node.at + 1}: an anchor is supported at the start or the end of the expression only`,
      );
    case "choice":
      return { kind: "choice", parts: node.parts.map((part) => withoutAnchors(part, atStart, atEnd)) };
    case "repeat":
      return { ...node, part: withoutAnchors(node.part, false, false) };
    case "sequence": {
      const isAnchor = (part: RegexNode): boolean => part.kind === "anchor";
      const { parts } = node;
      const first = parts.findIndex((part) => !isAnchor(part));
      const last = parts.findLastIndex((part) => !isAnchor(part));
      const inner = parts.map((part, i) =>
        withoutAnchors(part, atStart && (first < 0 || i <= first), atEnd && (last < 0 || i >= last)),
      );
      return { kind: "sequence", parts: inner };
    }
  }
}

function emit(writer: GrammarWriter, node: RegexNode, character: (set: CodePoints) => string | undefined): string {
  switch (node.kind) {
    case "set": {
      const element = character(node.set);
      if (element === undefined) throw new FormError("a character class of the expression is empty");
      return element.startsWith("(") ? writer.rule(element) : element;
    }
    case "choice":
      return writer.rule(node.parts.map((part) => emit(writer, part, character)).join(" | "));
    case "repeat": {
      const part = emit(writer, node.part, character);
      const { min, max } = node;
      if (max === 0) return '""';
      if (max === Infinity) return writer.rule(min === 0 ? `${part}*` : min === 1 ? `${part}+` : `${part}{${min},}`);
      // A rule of its own: quantifiers do not stand in a row.
      return writer.rule(min === 0 && max === 1 ? `${part}?` : `${part}{${min},${max}}`);
    }
    case "sequence": {
      if (node.parts.length === 0) return '""';
      const parts = node.parts.map((part) => emit(writer, part, character)).filter((part) => part !== '""');
      return parts.length === 0 ? '""' : writer.rule(parts.join(" "));
    }
    case "anchor":
      return '""';
  }
}
