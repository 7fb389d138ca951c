/** Code as coloured spans: highlight.js's tree of scopes to elements, without HTML in between. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = { bash, cpp, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
hljs.registerAliases(["c", "h", "cuda"], { languageName: "cpp" });
hljs.registerAliases(["shell", "console"], { languageName: "bash" });

/** Code longer than this, in UTF-16 units, stays plain: colouring it would take too long. */
const MAX_LENGTH = 100_000;

/** A node of highlight.js's result: text, or children under a scope like "title.function". */
interface Scope {
  readonly scope?: string;
  readonly children: readonly (Scope | string)[];
}

/** The code as spans of class `hl-SCOPE`; plain text where the language is not known. */
export function highlight(code: string, language: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const tree = code.length > MAX_LENGTH ? undefined : scopes(code, language.toLowerCase());
  if (tree === undefined) fragment.append(code);
  else addScopes(fragment, tree);
  return fragment;
}

function scopes(code: string, language: string): Scope | undefined {
  if (hljs.getLanguage(language) === undefined) return undefined;
  const result = hljs.highlight(code, { language, ignoreIllegals: true });
  return (result._emitter as unknown as { readonly rootNode: Scope }).rootNode;
}

function addScopes(parent: Node, tree: Scope): void {
  for (const child of tree.children) {
    if (typeof child === "string") {
      parent.appendChild(document.createTextNode(child));
      continue;
    }
    const span = document.createElement("span");
    // "title.function" has the colour of "title"; a sub-language ("language:css") has none.
    span.className = `hl-${(child.scope ?? "").split(/[.:]/)[0]}`;
    addScopes(span, child);
    parent.appendChild(span);
  }
}
