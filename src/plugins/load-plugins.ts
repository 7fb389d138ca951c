/** Loads the plugins that were named by `--plugin` or `new LLM({ plugins })`. */
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isClass } from "../models/registry.js";
import { ConfigError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import type { Plugin } from "./plugin-api.js";
import { createPluginApi } from "./plugin-api.js";

/** Modules that ran already in this process: a plugin is called once. */
const loaded = new Map<string, Promise<void>>();

/**
 * Imports each module and calls its default export. Paths and package names are seen from the working directory.
 * @throws ConfigError naming the plugin when it is not found, exports no function, or fails: a start with a broken plugin ends here
 */
export async function loadPlugins(names: readonly string[], log: (line: string) => void): Promise<void> {
  for (const name of names) {
    const url = locate(name);
    let running = loaded.get(url);
    if (!running) loaded.set(url, (running = runPlugin(name, url, log)));
    await running.catch((error: unknown) => {
      loaded.delete(url);
      throw error;
    });
  }
}

function locate(name: string): string {
  if (/^(file|data):/.test(name)) return name;
  if (isAbsolute(name) || name.startsWith(".")) return pathToFileURL(resolve(name)).href;
  try {
    return pathToFileURL(createRequire(join(process.cwd(), "package.json")).resolve(name)).href;
  } catch (cause) {
    throw new ConfigError(
      `plugin "${name}": no such package seen from ${process.cwd()}; install it there, or give a path such as ./plugin.js`,
      { cause },
    );
  }
}

async function runPlugin(name: string, url: string, log: (line: string) => void): Promise<void> {
  let plugin: unknown;
  try {
    plugin = ((await import(url)) as { default?: unknown }).default;
  } catch (cause) {
    throw new ConfigError(`plugin "${name}" could not be loaded: ${messageOf(cause)}${typeScriptHint(cause)}`, {
      cause,
    });
  }
  if (typeof plugin !== "function" || isClass(plugin))
    throw new ConfigError(
      `plugin "${name}": its default export must be a function (quire) => { quire.registerModel(…) }, ` +
        `got ${isClass(plugin) ? "a class" : typeof plugin}`,
    );
  try {
    await (plugin as Plugin)(createPluginApi(log));
  } catch (cause) {
    throw new ConfigError(`plugin "${name}" failed: ${messageOf(cause)}`, { cause });
  }
}

/** Node before 22.18 runs no TypeScript. */
function typeScriptHint(cause: unknown): string {
  const unknown = (cause as { code?: unknown }).code === "ERR_UNKNOWN_FILE_EXTENSION";
  return unknown ? "; compile it and name the .js file, or start node with --import tsx" : "";
}
