/** Which plugins a start loads: those that were named, and those of the application's direct dependencies. */
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ConfigError } from "../util/errors.js";
import { packageRoot } from "../util/package-root.js";
import type { Manifest } from "./manifest.js";
import { installedManifest, nearestManifest } from "./manifest.js";

/** A plugin before it is loaded. */
export interface FoundPlugin {
  /** As it was named, or the name of its package. */
  readonly name: string;
  /** Of its module. */
  readonly url: string;
  /** How it came here, for the log: `named by --plugin or plugins`. */
  readonly origin: string;
  /** The package that its module is in; undefined for a module outside any. */
  readonly manifest: Manifest | undefined;
}

/**
 * The folder whose package.json is the application's: that of the main module, or the working directory where the main module
 * is a tool that runs something (the `quire` command, a test runner) or there is none.
 *
 * @param mainModule what node was told to run: process.argv[1]
 */
export function applicationFolder(mainModule: string | undefined, workingDirectory: string): string {
  if (mainModule === undefined || !existsSync(mainModule)) return workingDirectory;
  const folder = dirname(realpathSync(mainModule));
  const isTool = folder.split(sep).includes("node_modules") || folder.startsWith(packageRoot);
  return isTool ? workingDirectory : folder;
}

/**
 * Named ones first, in their order; then the application's own, then those of its direct dependencies that are installed, in
 * the order of package.json. A module comes once.
 *
 * @param names  paths (seen from the working directory) and names of packages (installed for the application, or there)
 * @param folder the application's
 * @throws ConfigError for a name that is not found, or a package.json that is not as it must be
 */
export function findPlugins(names: readonly string[], folder: string, workingDirectory: string): FoundPlugin[] {
  const found = new Map<string, FoundPlugin>();
  const add = (plugin: FoundPlugin): void => void (found.has(plugin.url) || found.set(plugin.url, plugin));
  for (const name of names) add(locate(name, folder, workingDirectory));
  const application = nearestManifest(folder);
  if (application === undefined) return [...found.values()];
  if (application.plugin !== undefined) add(discovered(application, `the application's own, ${application.path}`));
  for (const name of application.dependencies) {
    const manifest = installedManifest(name, application.folder);
    if (manifest?.plugin !== undefined) add(discovered(manifest, `dependency in ${application.path}`));
  }
  return [...found.values()];
}

function discovered(manifest: Manifest, origin: string): FoundPlugin {
  return { name: manifest.name, url: fileUrl(manifest.plugin!), origin, manifest };
}

/** The module's URL with links resolved, as node itself sees it: one plugin, one URL. */
function fileUrl(path: string): string {
  return pathToFileURL(existsSync(path) ? realpathSync(path) : path).href;
}

function locate(name: string, folder: string, workingDirectory: string): FoundPlugin {
  const origin = "named by --plugin or plugins";
  if (name.startsWith("data:")) return { name, url: name, origin, manifest: undefined };
  const isPath = isAbsolute(name) || name.startsWith(".") || name.startsWith("file:");
  if (isPath) {
    const path = name.startsWith("file:") ? fileURLToPath(name) : resolve(workingDirectory, name);
    return { name, url: fileUrl(path), origin, manifest: nearestManifest(dirname(path)) };
  }
  const packageName = name.split("/", name.startsWith("@") ? 2 : 1).join("/");
  for (const base of [folder, workingDirectory]) {
    const manifest = installedManifest(packageName, base);
    if (manifest === undefined) continue;
    const path = name === packageName ? (manifest.plugin ?? mainModule(name, base)) : mainModule(name, base);
    return { name, url: fileUrl(path), origin, manifest };
  }
  throw new ConfigError(
    `plugin "${name}": no such package seen from ${[...new Set([folder, workingDirectory])].join(" or ")}; ` +
      "install it there, or give a path such as ./plugin.js",
  );
}

/** Of a package without the field. */
function mainModule(name: string, base: string): string {
  try {
    return createRequire(join(base, "package.json")).resolve(name);
  } catch (cause) {
    throw new ConfigError(
      `plugin "${name}": its package names no plugin; add "quirelm": { "plugin": "./dist/plugin.js" } to its package.json, ` +
        "or give the path of the module",
      { cause },
    );
  }
}
