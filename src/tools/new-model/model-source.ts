/** A built-in model's file as one that stands outside of Quire: public imports, and names of its own. */
import { ConfigError } from "../../util/errors.js";

/** Which entry file publishes what a model imports from a room. */
const entryOfRoom: Readonly<Record<string, string>> = {
  config: "quirelm/layers",
  layers: "quirelm/layers",
  ops: "quirelm/ops",
  tensor: "quirelm/ops",
  util: "quirelm",
};

const importPattern = /^import (type )?\{([^}]*)\} from "([^"]+)";\n/gm;
const maxWidth = 120;

/** The names of model classes that a file exports, in its order. */
export function modelClasses(source: string): string[] {
  return [...source.matchAll(/^export class (\w+(?:ForCausalLM|LMHeadModel))\b/gm)].map(([, name]) => name!);
}

/**
 * @param source       a file of src/models
 * @param architecture one of its classes; everything whose name begins like it (LlamaAttention) is renamed with it
 * @param own          the new name: MyModelForCausalLM makes MyModelAttention too
 * @throws ConfigError when the file imports something that is not public
 */
export function outsideSource(source: string, architecture: string, own: string): string {
  const imports = publicImports(source);
  const body = source.replace(importPattern, "");
  const firstEnd = body.indexOf("*/") + 2;
  const head = body.slice(0, firstEnd);
  const rest = renamed(body.slice(firstEnd).trimStart(), architecture, own, importedNames(source));
  return `${head}\n${imports}\n${rest}`;
}

/** The imports, gathered by entry file, types apart. */
function publicImports(source: string): string {
  const gathered = new Map<string, Set<string>>();
  for (const [, type, names, path] of source.matchAll(importPattern)) {
    const entry = path!.startsWith("../") ? entryOfRoom[path!.split("/")[1]!] : undefined;
    if (entry === undefined) throw new ConfigError(`new-model: ${path} is imported, and no entry file publishes it`);
    for (const name of names!.split(",").map((text) => text.trim())) {
      if (name === "") continue;
      const isType = type !== undefined || name.startsWith("type ");
      const key = `${entry} ${isType ? "type" : ""}`;
      const set = gathered.get(key) ?? new Set();
      gathered.set(key, set.add(name.replace(/^type /, "")));
    }
  }
  const lines = [...gathered]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, names]) => {
      const [entry, type] = key.split(" ");
      return importLine(entry!, type !== "", [...names]);
    });
  return lines.join("\n") + "\n";
}

function importLine(entry: string, isType: boolean, names: string[]): string {
  const sorted = names.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const word = isType ? "import type" : "import";
  const line = `${word} { ${sorted.join(", ")} } from "${entry}";`;
  return line.length <= maxWidth
    ? line
    : `${word} {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "${entry}";`;
}

function importedNames(source: string): Set<string> {
  const lists = [...source.matchAll(importPattern)].map(([, , names]) => names!.split(","));
  return new Set(lists.flat().map((name) => name.trim().replace(/^type /, "")));
}

/** Comments stay: they name classes of Transformers. So does what is imported. */
function renamed(code: string, architecture: string, made: string, imported: ReadonlySet<string>): string {
  const [old, stem] = [architecture, made].map((name) => name.replace(/(ForCausalLM|LMHeadModel)$/, "")) as [
    string,
    string,
  ];
  const pieces = code.split(/(\/\*[^]*?\*\/|\/\/.*)/);
  const names = new RegExp(`\\b${old}(?=[A-Z])\\w*`, "g");
  const own = (name: string): string =>
    name === architecture ? made : imported.has(name) ? name : stem + name.slice(old.length);
  return pieces.map((piece, i) => (i % 2 === 1 ? piece : piece.replace(names, own))).join("");
}
