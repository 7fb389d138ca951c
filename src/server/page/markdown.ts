/** Markdown to elements. markdown-it parses; elements are made from its tokens one by one, from a list of harmless tags, so no text is ever read as HTML. */
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { codeBlock } from "./code-block.js";
import { el } from "./dom.js";
import { visibleCode, visibleText } from "./visible-text.js";

const parser = new MarkdownIt({ html: false, linkify: true, typographer: false, breaks: false, maxNesting: 40 });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

/** Elements that text can ask for. Headings become h3 and deeper: the page has its own first and second level. */
const PLAIN_TAGS: ReadonlySet<string> = new Set([
  ...["p", "ul", "ol", "li", "blockquote", "em", "strong", "s", "table", "thead", "tbody", "tr", "th", "td"],
]);
const HEADINGS: Readonly<Record<string, "h3" | "h4" | "h5" | "h6">> = {
  h1: "h3",
  h2: "h4",
  h3: "h5",
  h4: "h6",
  h5: "h6",
  h6: "h6",
};
const LINK_PROTOCOLS: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** markdown-it's tokens of a text; block tokens carry the lines that they come from. */
export function parseMarkdown(text: string): Token[] {
  return parser.parse(text, {});
}

/** Elements for tokens. */
export function markdownElements(tokens: readonly Token[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  addTokens(fragment, tokens);
  return fragment;
}

/** The address of a link, or undefined if it is not one that may be followed: only http, https and mailto. */
export function safeLink(href: string): string | undefined {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return undefined;
  }
  return LINK_PROTOCOLS.has(url.protocol) ? url.href : undefined;
}

function addTokens(root: Node, tokens: readonly Token[]): void {
  const open: Node[] = [root];
  for (const token of tokens) {
    const parent = open.at(-1)!;
    // The paragraphs of a tight list are not shown as such.
    if (token.nesting === 1) open.push(token.hidden ? parent : parent.appendChild(openElement(token)));
    else if (token.nesting === -1) open.pop();
    else addLeaf(parent, token);
  }
}

/** A tag that is not on the list, or a link that may not be followed, is a span. */
function openElement(token: Token): Node {
  const { tag } = token;
  if (tag === "a") return linkElement(attribute(token, "href"));
  if (tag === "table") return el("table", { dir: "auto" });
  if (tag === "ol") return el("ol", { start: token.attrGet("start") ?? undefined, dir: "auto" });
  if (tag in HEADINGS) return el(HEADINGS[tag]!, { dir: "auto" });
  if (!PLAIN_TAGS.has(tag)) return el("span");
  const align = /text-align:(left|center|right)/.exec(attribute(token, "style"))?.[1];
  const isBlock = tag === "p" || tag === "li" || tag === "ul" || tag === "blockquote";
  return el(tag as "p", { class: align && `align-${align}`, dir: isBlock ? "auto" : undefined });
}

function addLeaf(parent: Node, token: Token): void {
  switch (token.type) {
    case "inline":
      addTokens(parent, token.children ?? []);
      break;
    case "softbreak":
      parent.appendChild(document.createTextNode("\n"));
      break;
    case "hardbreak":
      parent.appendChild(el("br"));
      break;
    case "hr":
      parent.appendChild(el("hr"));
      break;
    case "code_inline":
      parent.appendChild(el("code", {}, visibleCode(token.content)));
      break;
    case "fence":
    case "code_block":
      parent.appendChild(codeBlock(token.content, token.info.trim().split(/\s+/)[0] ?? ""));
      break;
    case "image":
      addImage(parent, token);
      break;
    default:
      parent.appendChild(document.createTextNode(visibleText(token.content)));
  }
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? "");
}

/** A link that tells its true address, opens elsewhere, and tells the other side nothing. */
function linkElement(href: string): Node {
  const safe = safeLink(href);
  if (safe === undefined)
    return el("span", { class: "refused-link", title: "This link was not made: only web and mail addresses are" });
  return el("a", { href: safe, title: safe, target: "_blank", rel: "noopener noreferrer nofollow" });
}

/** Pictures are not fetched, because asking for one tells its server what was said: a link in their place. */
function addImage(parent: Node, token: Token): void {
  const link = linkElement(attribute(token, "src")) as HTMLElement;
  link.classList.add("image-link");
  link.append(`image: ${visibleText(token.content) || "without a description"}`);
  parent.appendChild(link);
}
