/** The copies of Quire in this process. Two do not know each other's classes and tables, so a start with two of them is stopped. */
import { fileURLToPath } from "node:url";
import { ConfigError } from "./errors.js";

/** The one thing that copies share: a list of their folders, known by a name of the process. */
const key = Symbol.for("quirelm.copies");
const here = fileURLToPath(new URL("..", import.meta.url));

const folders = ((globalThis as { [key]?: Set<string> })[key] ??= new Set<string>());
// Every entry file imports this module, so a copy is on the list as soon as anything of it is loaded.
folders.add(here);

/** Folders of the compiled modules of each copy; this one's among them. */
export function copiesOfQuire(): readonly string[] {
  return [...folders];
}

/**
 * @param where what was loaded last, for the message: `plugin "x"`
 * @throws ConfigError with the folders of all copies, when there are two or more
 */
export function checkOneCopy(where: string, copies: readonly string[] = copiesOfQuire()): void {
  if (copies.length < 2) return;
  throw new ConfigError(
    `${where}: ${copies.length} copies of quirelm are in this process: ${copies.join(" and ")}; they do not know each other's models. ` +
      "A package that adds to Quire has it in peerDependencies, not in dependencies: change that, and install again; " +
      "or run the quire command that is installed beside the package",
  );
}
