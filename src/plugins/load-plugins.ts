/** Loads the plugins of a start: those named by `--plugin` or `new LLM({ plugins })`, and those of the application's dependencies. */
import { readEnvironment } from "../config/environment.js";
import { isClass } from "../models/registry.js";
import { checkOneCopy } from "../util/copies.js";
import { ConfigError } from "../util/errors.js";
import { packageRoot, packageVersion } from "../util/package-root.js";
import { messageOf } from "../util/text.js";
import type { FoundPlugin } from "./find-plugins.js";
import { findPlugins } from "./find-plugins.js";
import type { Plugin } from "./plugin-api.js";
import { createPluginApi } from "./plugin-api.js";
import type { ProgramPlace } from "./program-place.js";
import { programPlace } from "./program-place.js";

/** Modules that ran already in this process, with what they brought: a plugin is called once. */
const loaded = new Map<string, Promise<string>>();

/** What is left of loading for later messages. */
export interface LoadedPlugins {
  /** A sentence about plugins that QUIRE_PLUGINS kept out; empty when there were none. For errors about what they would have brought. */
  readonly note: string;
}

/** Where plugins are looked for; tests hand in their own. */
export interface PluginSurroundings {
  /** Folder of the application. */
  readonly application: string;
  readonly workingDirectory: string;
  /** Names that may be loaded; undefined: all. */
  readonly allowList: readonly string[] | undefined;
}

/** Of this process, or of the program whose engine this process runs. */
export function pluginSurroundings(program: ProgramPlace = programPlace()): PluginSurroundings {
  const { application } = program;
  return { application, workingDirectory: process.cwd(), allowList: readEnvironment().pluginAllowList };
}

/**
 * Imports each module and calls its default export. One line a plugin tells where it came from and what it brought.
 * @param names paths, seen from the working directory, and names of packages
 * @throws ConfigError naming the plugin when it is not found, exports no function, fails, or brings a second copy of
 *   Quire: a start with a broken plugin ends here
 */
export async function loadPlugins(
  names: readonly string[],
  log: (line: string) => void,
  surroundings: PluginSurroundings = pluginSurroundings(),
): Promise<LoadedPlugins> {
  checkOneCopy("plugins");
  const { application, workingDirectory, allowList } = surroundings;
  const skipped: string[] = [];
  for (const plugin of findPlugins(names, application, workingDirectory)) {
    if (allowList !== undefined && !isAllowed(plugin, allowList)) {
      log(`plugin ${plugin.name} is not loaded: QUIRE_PLUGINS allows ${allowList.join(", ") || "none"}`);
      skipped.push(plugin.name);
      continue;
    }
    let running = loaded.get(plugin.url);
    if (!running) loaded.set(plugin.url, (running = runPlugin(plugin, log)));
    try {
      log(`plugin ${title(plugin)} from ${plugin.url}, ${plugin.origin}: ${await running}`);
    } catch (error) {
      loaded.delete(plugin.url);
      throw error;
    }
  }
  const note = `QUIRE_PLUGINS kept out the plugins ${skipped.join(", ")}`;
  return { note: skipped.length > 0 ? note : "" };
}

function isAllowed({ name, manifest, url }: FoundPlugin, allowList: readonly string[]): boolean {
  return allowList.some((allowed) => [name, manifest?.name, url].includes(allowed));
}

/** Name and version of its package. */
function title({ name, manifest }: FoundPlugin): string {
  return manifest?.name === name && manifest.version !== "" ? `${name} ${manifest.version}` : name;
}

/** Returns what it brought, in words. */
async function runPlugin(found: FoundPlugin, log: (line: string) => void): Promise<string> {
  const { name, url } = found;
  const mismatch = await peerMismatch(found);
  if (mismatch !== undefined) log(`WARNING: plugin ${name} ${mismatch}`);
  const because = mismatch === undefined ? "" : ` (it ${mismatch})`;
  let plugin: unknown;
  try {
    plugin = ((await import(url)) as { default?: unknown }).default;
  } catch (cause) {
    checkOneCopy(`plugin "${name}"`);
    throw new ConfigError(
      `plugin "${name}" could not be loaded: ${messageOf(cause)}${typeScriptHint(cause)}${because}`,
      {
        cause,
      },
    );
  }
  checkOneCopy(`plugin "${name}"`);
  if (typeof plugin !== "function" || isClass(plugin))
    throw new ConfigError(
      `plugin "${name}": its default export must be a function (quire) => { quire.registerModel(…) }, ` +
        `got ${isClass(plugin) ? "a class" : typeof plugin}`,
    );
  const brought: string[] = [];
  try {
    await (plugin as Plugin)(createPluginApi(found, log, (what) => brought.push(what)));
  } catch (cause) {
    checkOneCopy(`plugin "${name}"`);
    throw new ConfigError(`plugin "${name}" failed: ${messageOf(cause)}${because}`, { cause });
  }
  return brought.join(", ") || "it brings nothing";
}

/** "wants quirelm ^2.0.0, …" when this version is another; undefined when all is well. */
async function peerMismatch({ manifest }: FoundPlugin): Promise<string | undefined> {
  if (manifest?.peerRange === undefined) return undefined;
  const version = packageVersion();
  const { default: semver } = await import("semver");
  // What is no range (`latest`, `file:…`, `workspace:*`) says nothing about this version. Loose, as npm compares.
  if (semver.validRange(manifest.peerRange, true) === null) return undefined;
  if (semver.satisfies(version, manifest.peerRange, true)) return undefined;
  return `wants quirelm ${manifest.peerRange}, this is ${version} in ${packageRoot}; install versions that go together`;
}

/** Node before 22.18 runs no TypeScript. */
function typeScriptHint(cause: unknown): string {
  const unknown = (cause as { code?: unknown }).code === "ERR_UNKNOWN_FILE_EXTENSION";
  return unknown ? "; compile it and name the .js file, or start node with --import tsx" : "";
}
